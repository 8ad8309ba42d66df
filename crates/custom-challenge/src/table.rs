//! The table of challenges. Every item is under `id`, and the table deletes it some time after `expiresAt`; each reader checks that itself.

use aws_connection::CallError;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;

use crate::challenge::Item;

/// The table of challenges, with the counters beside them.
#[derive(Debug, Clone)]
pub(crate) struct Challenges {
    pub(crate) client: Client,
    pub(crate) table: String,
}

impl Challenges {
    /// The table of that name.
    pub(crate) fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }

    pub(crate) async fn item(&self, id: String) -> Result<Option<Item>, ChallengesError> {
        let request = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("id", text(id))
            .consistent_read(true);
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        let found = Box::pin(request.send()).await;
        Ok(found
            .map_err(|error| ChallengesError::Read(error.into()))?
            .item)
    }

    /// A write that is still to get its expressions.
    pub(crate) fn update(&self, id: String) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .key("id", text(id))
    }

    pub(crate) async fn forget(&self, id: String) -> Result<(), ChallengesError> {
        let request = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key("id", text(id));
        let deleted = Box::pin(request.send()).await;
        deleted.map_err(|error| ChallengesError::Write(error.into()))?;
        Ok(())
    }
}

/// Writes; the item as it was asked for, or `None` when the condition does not hold.
pub(crate) async fn written(
    update: UpdateItemFluentBuilder,
) -> Result<Option<Item>, ChallengesError> {
    match Box::pin(update.send()).await {
        Ok(done) => Ok(Some(done.attributes.unwrap_or_default())),
        Err(SdkError::ServiceError(refused)) if is_condition(refused.err()) => Ok(None),
        Err(error) => Err(ChallengesError::Write(error.into())),
    }
}

fn is_condition(error: &UpdateItemError) -> bool {
    error.is_conditional_check_failed_exception()
}

/// Why there is no telling what was asked and answered. No variant quotes a value.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ChallengesError {
    /// The table did not answer a read, or answered with an error.
    #[error("failed to read from the table of challenges")]
    Read(#[source] CallError),
    /// The same of a write.
    #[error("failed to write to the table of challenges")]
    Write(#[source] CallError),
    /// An item is not what it should be.
    #[error("failed to understand {0} in the table of challenges")]
    Malformed(&'static str),
    /// Others were quicker, again and again.
    #[error("failed to write to the table of challenges: others write the same all the time")]
    Contended,
    /// The operating system gave no random bytes.
    #[error("failed to draw random bytes")]
    Random(#[from] getrandom::Error),
}

pub(crate) fn text(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

pub(crate) fn number(number: i64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

pub(crate) fn text_of<'a>(item: &'a Item, attribute: &str) -> Option<&'a str> {
    item.get(attribute)?.as_s().ok().map(String::as_str)
}

pub(crate) fn number_of(item: &Item, attribute: &str) -> Option<i64> {
    item.get(attribute)?.as_n().ok()?.parse().ok()
}

pub(crate) fn flag(item: &Item, attribute: &str) -> Option<bool> {
    item.get(attribute)?.as_bool().ok().copied()
}

pub(crate) fn binary(item: &Item, attribute: &str) -> Option<Vec<u8>> {
    let blob = item.get(attribute)?.as_b().ok()?;
    Some(blob.as_ref().to_vec())
}

pub(crate) fn texts_of(item: &Item, attribute: &str) -> Option<Vec<String>> {
    item.get(attribute)?.as_ss().ok().cloned()
}
