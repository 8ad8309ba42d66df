use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aws_connection::CallError;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, KeysAndAttributes, ReturnValuesOnConditionCheckFailure,
};
use futures_util::future::try_join_all;
use legacy_users::{Item, LegacyUser, TOMBSTONE};
use tokio::time::sleep;

use crate::entries::Place;
use crate::record::Reject;

/// How many records are written together. `BatchGetItem` takes twice as many keys.
pub(crate) const CHUNK: usize = 50;

/// A row may be written where there is none, or where its user still waits and no other record of this run has written it.
///
/// `:here` says which record of which run; so a record that is written twice, by a repetition or after an interruption, is no duplicate of
/// itself.
const IMPORTABLE: &str = "attribute_not_exists(#user) \
    OR (attribute_not_exists(#state) OR #state = :waiting) \
    AND (attribute_not_exists(#import) OR NOT begins_with(#import, :run) OR #import = :here)";

/// How often a call is tried. The pauses between, of up to [`LONGEST_PAUSE`], make some minutes in which a table can grow.
const ATTEMPTS: u32 = 40;

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How often a table is tried that nobody has heard of yet: then it is the address that is wrong, rather than the network.
const FIRST_ATTEMPTS: u32 = 4;

/// Errors after which the same call can succeed.
///
/// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html>
const PASSING: [&str; 6] = [
    "InternalServerError",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "ThrottlingException",
    // The row is being marked as migrated just now.
    "TransactionConflictException",
];

/// The table, for one run.
#[derive(Debug, Clone)]
pub(crate) struct Destination {
    client: Client,
    table: String,
    run: String,
    has_answered: Arc<AtomicBool>,
}

/// What became of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    Written,
    /// Has moved, or must not move: the row stays as it is.
    Kept,
}

/// Why the table did not take a user. It quotes nothing.
#[derive(Debug, thiserror::Error)]
#[error("failed to {action}")]
pub(crate) struct WriteError {
    action: &'static str,
    source: CallError,
}

impl Destination {
    /// The table of that name, for the run of that id. The client makes no second attempts; those are made here.
    pub(crate) fn new(client: Client, table: &str, run: &str) -> Self {
        Self {
            client,
            table: table.to_owned(),
            run: run.to_owned(),
            has_answered: Arc::default(),
        }
    }

    /// Writes the users of [`CHUNK`] records at most; what became of each record, in their order.
    ///
    /// # Errors
    ///
    /// [`WriteError`], after which some may have been written.
    pub(crate) async fn write(
        &self,
        chunk: Vec<(Place, Result<LegacyUser, Reject>)>,
    ) -> Result<Vec<(Place, Result<Written, Reject>)>, WriteError> {
        let users = chunk.iter().filter_map(|(_, user)| user.as_ref().ok());
        let moved = self.moved(users).await?;
        let writes = chunk.into_iter().map(|(place, user)| {
            let moved = &moved;
            async move {
                let outcome = match user {
                    Ok(user) if moved.contains(user.name.as_str()) => Ok(Written::Kept),
                    Ok(user) => self.put(place.number, user).await?,
                    Err(reject) => Err(reject),
                };
                Ok((place, outcome))
            }
        });
        try_join_all(writes).await
    }

    /// The names among these that have a tombstone. Their rows may be gone, and would bring hashes back that nobody deletes any more.
    ///
    /// Whoever moves in between still has the row, which is then kept for its state.
    async fn moved(
        &self,
        users: impl Iterator<Item = &LegacyUser>,
    ) -> Result<HashSet<String>, WriteError> {
        let key = |user: &LegacyUser| {
            let tombstone = format!("{TOMBSTONE}{}", user.name.as_str());
            HashMap::from([("user".to_owned(), text(&tombstone))])
        };
        let mut asked: Vec<_> = users.map(key).collect();
        let mut moved = HashSet::new();
        let mut attempts = 0;
        while !asked.is_empty() {
            let keys = KeysAndAttributes::builder()
                .set_keys(Some(asked))
                .projection_expression("#user")
                .expression_attribute_names("#user", "user")
                .build()
                .expect("the keys are set");
            let request = self.client.batch_get_item();
            let request = request.request_items(&self.table, keys);
            let answer = self
                .patiently("read the tombstones", || async {
                    let answer = Box::pin(request.clone().send()).await;
                    answer.map_err(CallError::from)
                })
                .await?;
            let found = answer.responses.into_iter().flatten();
            for mut item in found.flat_map(|(_, items)| items) {
                let key = item.remove("user");
                let key = key.as_ref().and_then(|key| key.as_s().ok());
                moved.extend(key.and_then(|key| Some(key.strip_prefix(TOMBSTONE)?.to_owned())));
            }
            let left = answer.unprocessed_keys.unwrap_or_default();
            asked = left.into_values().flat_map(|left| left.keys).collect();
            if !asked.is_empty() {
                sleep(pause(attempts)).await;
                attempts += 1;
            }
        }
        Ok(moved)
    }

    async fn put(
        &self,
        number: u64,
        user: LegacyUser,
    ) -> Result<Result<Written, Reject>, WriteError> {
        let here = format!("{}#{number}", self.run);
        let user = LegacyUser {
            import: Some(here.clone()),
            ..user
        };
        let request = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(user.to_item()))
            .condition_expression(IMPORTABLE)
            .expression_attribute_names("#user", "user")
            .expression_attribute_names("#state", "state")
            .expression_attribute_names("#import", "import")
            .expression_attribute_values(":waiting", text("waiting"))
            .expression_attribute_values(":run", text(&format!("{}#", self.run)))
            .expression_attribute_values(":here", text(&here))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        self.patiently("write a user", || async {
            match Box::pin(request.clone().send()).await {
                Ok(_) => Ok(Ok(Written::Written)),
                Err(error) => match error.as_service_error() {
                    Some(PutItemError::ConditionalCheckFailedException(refused)) => {
                        Ok(refused_for(refused.item()))
                    }
                    // The keys are right, or the tombstones could not have been read.
                    Some(refused) if refused.code() == Some("ValidationException") => {
                        Ok(Err(Reject::NotTaken))
                    }
                    _ => Err(error.into()),
                },
            }
        })
        .await
    }

    /// Makes the call until it succeeds, or fails in a way that another attempt does not change.
    async fn patiently<T, F>(
        &self,
        action: &'static str,
        call: impl Fn() -> F,
    ) -> Result<T, WriteError>
    where
        F: Future<Output = Result<T, CallError>>,
    {
        let mut attempts = 0;
        loop {
            let source = match call().await {
                Ok(answer) => {
                    self.has_answered.store(true, Ordering::Relaxed);
                    return Ok(answer);
                }
                Err(error) => error,
            };
            attempts += 1;
            let most = if self.has_answered.load(Ordering::Relaxed) {
                ATTEMPTS
            } else {
                FIRST_ATTEMPTS
            };
            if attempts >= most || !passes(&source) {
                return Err(WriteError { action, source });
            }
            sleep(pause(attempts)).await;
        }
    }
}

/// Why the condition did not hold, by the row that is there.
fn refused_for(row: Option<&Item>) -> Result<Written, Reject> {
    let state = row.and_then(|row| row.get("state")?.as_s().ok());
    match state.map(String::as_str) {
        None | Some("waiting") => Err(Reject::Duplicate),
        Some(_) => Ok(Written::Kept),
    }
}

fn passes(error: &CallError) -> bool {
    match error {
        CallError::Exception(name) => PASSING.contains(&&**name),
        CallError::TooSlow | CallError::Unreachable(_) => true,
        CallError::NotInOrder => false,
    }
}

/// Doubles with each attempt, and is between half and all of that, so that not all come back at once.
fn pause(attempts: u32) -> Duration {
    let longest = FIRST_PAUSE
        .saturating_mul(1 << attempts.min(16))
        .min(LONGEST_PAUSE);
    let share = getrandom::u32().unwrap_or(u32::MAX) >> 16;
    longest / 2 + longest / 2 * share / 0xFFFF
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

#[cfg(test)]
mod tests;
