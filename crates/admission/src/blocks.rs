//! The table of blocks.
//!
//! The partition key is `subject`: `pool` (everybody), `client#<app client id>`, `domain#<domain>` (with its sub-domains),
//! `address#<e-mail address or telephone number>` or `user#<sub>`, each as [`Subject`] spells it. All else is optional: `until` (N, epoch
//! seconds, the table's TTL attribute; for good if absent), `exceptGroups` (SS, or L of S: members of these groups of the pool are let
//! through) and `note` (the operator's own).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemError;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use time::OffsetDateTime;

use crate::block::{Block, Item, Malformed};
use crate::subject::Subject;

/// How often what DynamoDB left out is asked for; together with the pauses well below the time that Cognito waits.
const MAX_REQUESTS: u32 = 4;

/// Before the second request; twice as long before each one after it.
const PAUSE: Duration = Duration::from_millis(50);

/// The table of blocks.
#[derive(Debug, Clone)]
pub struct Blocks {
    client: Client,
    table: String,
}

impl Blocks {
    /// The table of that name.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }

    /// The blocks that are in force for any of these subjects, in the subjects' own order.
    ///
    /// All are read at once and strongly consistent, so that a block counts from the very next look-up.
    ///
    /// # Errors
    ///
    /// [`BlocksError`], when there is no telling who is blocked.
    pub async fn look_up(
        &self,
        subjects: &BTreeSet<Subject>,
        now: OffsetDateTime,
    ) -> Result<Vec<Block>, BlocksError> {
        let mut items = self.read(subjects).await?;
        let mut blocks = Vec::new();
        for subject in subjects {
            if let Some(item) = items.remove(&subject.key()) {
                blocks.extend(Block::read(subject.clone(), item, now)?);
            }
        }
        Ok(blocks)
    }

    /// The items by their keys.
    async fn read(
        &self,
        subjects: &BTreeSet<Subject>,
    ) -> Result<BTreeMap<String, Item>, BlocksError> {
        let mut wanted = HashMap::from([(self.table.clone(), keys(subjects))]);
        let mut items = BTreeMap::new();
        for request in 0..MAX_REQUESTS {
            if request > 0 {
                tokio::time::sleep(PAUSE * 2_u32.pow(request - 1)).await;
            }
            let reading = self.client.batch_get_item();
            let reading = reading.set_request_items(Some(wanted)).send();
            // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
            let answer = Box::pin(reading).await.map_err(Box::new)?;
            let found = answer.responses.unwrap_or_default();
            for mut item in found.into_values().flatten() {
                if let Some(AttributeValue::S(key)) = item.remove("subject") {
                    items.insert(key, item);
                }
            }
            wanted = answer.unprocessed_keys.unwrap_or_default();
            if wanted.is_empty() {
                return Ok(items);
            }
        }
        Err(BlocksError::Unprocessed)
    }
}

/// What is read of each block: not the operator's `note`. By other names, since `until` is a reserved word of DynamoDB.
fn keys(subjects: &BTreeSet<Subject>) -> KeysAndAttributes {
    let keys = subjects
        .iter()
        .map(|subject| HashMap::from([("subject".to_owned(), AttributeValue::S(subject.key()))]));
    KeysAndAttributes::builder()
        .set_keys(Some(keys.collect()))
        .consistent_read(true)
        .projection_expression("#subject, #until, #exceptGroups")
        .expression_attribute_names("#subject", "subject")
        .expression_attribute_names("#until", "until")
        .expression_attribute_names("#exceptGroups", "exceptGroups")
        .build()
        .expect("the keys are set")
}

/// What to do when there is no telling who is blocked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnBlocksError {
    /// Nobody gets on, and everybody can try again. Secure default.
    #[default]
    Refuse,
    /// The other rules decide.
    Allow,
}

impl OnBlocksError {
    /// The words of a configuration.
    pub const WORDS: [(&str, Self); 2] = [("refuse", Self::Refuse), ("allow", Self::Allow)];
}

/// Why there is no telling who is blocked.
#[derive(Debug, thiserror::Error)]
pub enum BlocksError {
    /// The table did not answer, or answered with an error.
    #[error("failed to read the blocks")]
    Table(#[from] Box<SdkError<BatchGetItemError>>),
    /// The table left out a part of the answer each time that it was asked for it: it is throttled.
    #[error("failed to read the blocks: the table did not process all keys")]
    Unprocessed,
    /// An item is not a block.
    #[error("failed to understand a block")]
    Item(#[from] Malformed),
}
