//! The table of proofs that were used, so that none counts twice.
//!
//! The partition key is `proof`, a digest of what must not come again; `expiresAt` (N, epoch seconds) is the table's TTL attribute. DynamoDB
//! deletes late, which does no harm: by then the proof is too old.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

/// What must not come again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Once {
    pub(crate) kind: &'static str,
    /// Who said it.
    pub(crate) by: String,
    /// What was said only once.
    pub(crate) id: String,
    /// When it would be too old anyway.
    pub(crate) until: OffsetDateTime,
}

#[derive(Debug)]
pub(crate) struct Replays {
    client: Client,
    table: String,
}

impl Replays {
    pub(crate) fn new(client: Client, table: &str) -> Self {
        Self {
            client,
            table: table.to_owned(),
        }
    }

    /// Notes that the proof is used now; `false` if it was before. Of two who come at once one is first.
    pub(crate) async fn use_up(&self, once: &Once) -> Result<bool, ReplaysError> {
        let until = once.until.unix_timestamp().to_string();
        let request = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("proof", AttributeValue::S(key(once)))
            .item("expiresAt", AttributeValue::N(until))
            .condition_expression("attribute_not_exists(proof)");
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        match Box::pin(request.send()).await {
            Ok(_) => Ok(true),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(PutItemError::is_conditional_check_failed_exception) =>
            {
                Ok(false)
            }
            Err(error) => Err(Box::new(error).into()),
        }
    }
}

/// A digest, since what clients choose can be long. No part can run over into the next.
fn key(once: &Once) -> String {
    let digest = Sha256::new()
        .chain_update(once.kind)
        .chain_update([0])
        .chain_update(once.by.len().to_be_bytes())
        .chain_update(&once.by)
        .chain_update(&once.id)
        .finalize();
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}#{digest}", once.kind)
}

/// The table did not answer, so that nobody knows whether the proof was used.
#[derive(Debug, thiserror::Error)]
#[error("failed to note that a proof was used")]
pub(crate) struct ReplaysError(#[from] Box<SdkError<PutItemError>>);
