//! Writes to DynamoDB that happen together or not at all.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::TransactWriteItem;

/// An attempt ends at once where another call is writing the same items; that takes a few milliseconds, as an attempt does.
const ATTEMPTS: usize = 3;

/// Why nothing was written.
pub type NotWritten = SdkError<TransactWriteItemsError>;

/// Writes all or nothing, and again where another call was writing.
///
/// # Errors
///
/// When a condition does not hold ([`a_condition_failed`]), the table does not answer, or others write again and again.
pub async fn write(client: &Client, writes: Vec<TransactWriteItem>) -> Result<(), NotWritten> {
    for _ in 1..ATTEMPTS {
        match try_to_write(client, writes.clone()).await {
            Err(error) if cancelled_for(&error, "TransactionConflict") => {}
            written => return written,
        }
    }
    try_to_write(client, writes).await
}

/// Whether the condition of one of the writes did not hold.
pub fn a_condition_failed(error: &NotWritten) -> bool {
    cancelled_for(error, "ConditionalCheckFailed")
}

async fn try_to_write(client: &Client, writes: Vec<TransactWriteItem>) -> Result<(), NotWritten> {
    let request = client
        .transact_write_items()
        .set_transact_items(Some(writes));
    // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
    Box::pin(request.send()).await.map(drop)
}

/// Whether the table names this reason for one of the writes.
fn cancelled_for(error: &NotWritten, code: &str) -> bool {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => cancelled
            .cancellation_reasons()
            .iter()
            .any(|reason| reason.code() == Some(code)),
        _ => false,
    }
}
