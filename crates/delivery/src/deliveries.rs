//! The table of deliveries: which messages are being sent, and which are done with.
//!
//! The partition key is `message` (S), a message's id. `leasedUntil` (N, epoch seconds): somebody is sending it, or was cut off while
//! doing so. `outcome` (S): `sent`, or `rejected` where its recipient is no good; there is none as long as it may still be sent.
//! `expiresAt` (N, epoch seconds): the table's TTL attribute. Nothing says what was sent, or to whom.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use time::{Duration, OffsetDateTime};

/// Longer than a function runs (6 s, `template.yaml`), so that whoever let a lease lapse is gone; and shorter than the minute after which
/// Lambda tries an asynchronous invocation again.
const LEASE: Duration = Duration::seconds(10);

/// Longer than anybody repeats a message: Lambda keeps an asynchronous event for six hours at most.
const REMEMBERED: Duration = Duration::days(1);

/// The table of deliveries.
#[derive(Debug, Clone)]
pub(crate) struct Deliveries {
    client: Client,
    table: String,
}

/// What has become of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It is for the caller to send.
    Now,
    /// Somebody else is sending it.
    ByAnother,
    /// It was sent, or could not be.
    Before,
}

impl Deliveries {
    pub(crate) fn new(client: Client, table: &str) -> Self {
        Self {
            client,
            table: table.to_owned(),
        }
    }

    /// Takes the message, if nobody else has it and it is not done with.
    pub(crate) async fn take(
        &self,
        id: &str,
        now: OffsetDateTime,
    ) -> Result<Taken, DeliveriesError> {
        let request = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("message", AttributeValue::S(id.to_owned()))
            .update_expression("SET leasedUntil = :until, expiresAt = :forgotten")
            .condition_expression(
                "attribute_not_exists(message) OR (attribute_not_exists(outcome) AND leasedUntil <= :now)",
            )
            .expression_attribute_values(":now", seconds(now))
            .expression_attribute_values(":until", seconds(now + LEASE))
            .expression_attribute_values(":forgotten", seconds(now + REMEMBERED))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        let error = match Box::pin(request.send()).await {
            Ok(_) => return Ok(Taken::Now),
            Err(error) => error,
        };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                let is_done = refused
                    .item()
                    .is_some_and(|item| item.contains_key("outcome"));
                Ok(if is_done {
                    Taken::Before
                } else {
                    Taken::ByAnother
                })
            }
            _ => Err(DeliveriesError(Box::new(error))),
        }
    }

    /// Notes that nothing is left to be done about the message.
    pub(crate) async fn settle(
        &self,
        id: &str,
        outcome: &'static str,
    ) -> Result<(), DeliveriesError> {
        let outcome = AttributeValue::S(outcome.to_owned());
        self.update(id, "SET outcome = :value REMOVE leasedUntil", outcome)
            .await
    }

    /// Gives the message back, so that the next attempt need not wait for the lease to lapse.
    pub(crate) async fn give_back(&self, id: &str) -> Result<(), DeliveriesError> {
        let lapsed = AttributeValue::N("0".to_owned());
        self.update(id, "SET leasedUntil = :value", lapsed).await
    }

    async fn update(
        &self,
        id: &str,
        change: &str,
        value: AttributeValue,
    ) -> Result<(), DeliveriesError> {
        let request = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("message", AttributeValue::S(id.to_owned()))
            .update_expression(change)
            // Whoever had a message for longer than the lease finds that another has settled it, and leaves it so.
            .condition_expression("attribute_not_exists(outcome)")
            .expression_attribute_values(":value", value);
        match Box::pin(request.send()).await {
            Err(error) if !is_settled(&error) => Err(DeliveriesError(Box::new(error))),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

fn is_settled(error: &SdkError<UpdateItemError>) -> bool {
    error
        .as_service_error()
        .is_some_and(UpdateItemError::is_conditional_check_failed_exception)
}

fn seconds(time: OffsetDateTime) -> AttributeValue {
    AttributeValue::N(time.unix_timestamp().to_string())
}

/// The table did not answer, or answered with an error. Quotes no value.
#[derive(Debug, thiserror::Error)]
#[error("failed to write the delivery")]
pub struct DeliveriesError(#[source] Box<SdkError<UpdateItemError>>);
