//! The table of tries, so that no function is an oracle for passwords, or wears out what it calls.
//!
//! The partition key is `window`: what is counted, `#`, and the number of the window. `tries` (N) is how often it was done in it, and
//! `expiresAt` (N, epoch seconds) the table's TTL attribute. A window begins at a fixed time, so twice the limit can pass around its end.
//!
//! What is counted is named by whoever counts, who keeps names of persons out of it.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use time::{Duration, OffsetDateTime};

/// The table of tries.
#[derive(Debug, Clone)]
pub struct Tries {
    client: Client,
    table: String,
}

/// How often something may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// So often.
    pub tries: u32,
    /// In so long, whole seconds.
    pub window: Duration,
}

impl Tries {
    /// The table of that name.
    pub fn new(client: Client, table: &str) -> Self {
        Self {
            client,
            table: table.to_owned(),
        }
    }

    /// Counts a try, if it is within the limit; `false` if it is not, whereupon nothing is counted.
    ///
    /// # Errors
    ///
    /// [`TriesError`]
    pub async fn admit(
        &self,
        subject: &str,
        limit: Limit,
        now: OffsetDateTime,
    ) -> Result<bool, TriesError> {
        let number = now.unix_timestamp() / limit.window.whole_seconds();
        let end = (number + 1) * limit.window.whole_seconds();
        let request = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("window", AttributeValue::S(format!("{subject}#{number}")))
            .update_expression("ADD tries :one SET expiresAt = :end")
            .condition_expression("attribute_not_exists(tries) OR tries < :limit")
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":limit", n(limit.tries.into()))
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
pub struct TriesError(#[from] Box<SdkError<UpdateItemError>>);

#[cfg(test)]
mod tests {
    use embedded_dynamodb::Tables;
    use function_tests::create;

    use super::*;

    #[tokio::test]
    async fn a_window_has_so_many_tries_for_each_subject() {
        let tables = Tables::in_memory().unwrap();
        create(&tables, "tries", &["window"]);
        let tries = Tries::new(tables.client(), "tries");
        let limit = Limit {
            tries: 2,
            window: Duration::minutes(1),
        };
        // A window begins with the minute.
        let at =
            |seconds: i64| OffsetDateTime::from_unix_timestamp(1_800_000_000 + seconds).unwrap();
        for (subject, seconds, expected) in [
            ("a", 0, true),
            ("a", 59, true),
            ("a", 59, false),
            ("b", 59, true),
            ("a", 60, true),
        ] {
            let admitted = tries.admit(subject, limit, at(seconds)).await;
            assert_eq!(admitted.unwrap(), expected, "{subject} at {seconds} s");
        }
    }
}
