//! The table of tries, so that the function is no oracle for passwords.
//!
//! The partition key is `window`: `user#`, a digest of the pool and the name, `#` and the number of the window; or `pool#`, the pool's id, `#`
//! and the number. `tries` (N) is how often was asked in it, and `expiresAt` (N, epoch seconds) the table's TTL attribute. A window begins at
//! a fixed time, so twice the limit can pass around its end.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use legacy_users::LegacyName;
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use crate::config::Limits;

/// Tries under one name are counted for so long; as long as a person may go on trying at one sitting.
const USERS_WINDOW: Duration = Duration::minutes(15);

/// Tries under all names are counted for so long.
const POOLS_WINDOW: Duration = Duration::minutes(1);

/// The table of tries.
#[derive(Debug, Clone)]
pub(crate) struct Tries {
    client: Client,
    table: String,
    limits: Limits,
}

impl Tries {
    pub(crate) fn new(client: Client, table: &str, limits: Limits) -> Self {
        Self {
            client,
            table: table.to_owned(),
            limits,
        }
    }

    /// Counts a try, if it is within the limits. Whoever goes on under one name uses up nothing of what there is for all.
    pub(crate) async fn admit(
        &self,
        user_pool_id: &str,
        name: &LegacyName,
        now: OffsetDateTime,
    ) -> Result<bool, TriesError> {
        let user = Sha256::digest(format!("{user_pool_id}|{}", name.as_str()));
        let user: String = user.iter().map(|byte| format!("{byte:02x}")).collect();
        let Limits {
            per_user,
            per_minute,
        } = self.limits;
        Ok(self
            .count(&format!("user#{user}"), USERS_WINDOW, per_user, now)
            .await?
            && self
                .count(
                    &format!("pool#{user_pool_id}"),
                    POOLS_WINDOW,
                    per_minute,
                    now,
                )
                .await?)
    }

    async fn count(
        &self,
        subject: &str,
        window: Duration,
        limit: u32,
        now: OffsetDateTime,
    ) -> Result<bool, TriesError> {
        let number = now.unix_timestamp() / window.whole_seconds();
        let end = (number + 1) * window.whole_seconds();
        let request = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("window", AttributeValue::S(format!("{subject}#{number}")))
            .update_expression("ADD tries :one SET expiresAt = :end")
            .condition_expression("attribute_not_exists(tries) OR tries < :limit")
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":limit", n(limit.into()))
            .expression_attribute_values(":end", n(end));
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        match Box::pin(request.send()).await {
            Ok(_) => Ok(true),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(false)
            }
            Err(error) => Err(Box::new(error).into()),
        }
    }
}

fn n(number: i64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// The table did not answer, so that nobody knows how many tries there were.
#[derive(Debug, thiserror::Error)]
#[error("failed to count the tries")]
pub(crate) struct TriesError(#[from] Box<SdkError<UpdateItemError>>);
