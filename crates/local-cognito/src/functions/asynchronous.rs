//! Events that nobody waits for: Lambda takes them at once, tries again after a failure, and puts aside what failed for good.
//!
//! Source: AWS Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation".

use std::sync::Arc;

use bytes::Bytes;

use super::dead_letters::{Condition, Failed};
use super::failure::payload;
use super::{Functions, Invocation, InvokeError, Serving};
use crate::ids;

/// How long Lambda waits before the second attempt, and before the third.
const PAUSES_SECONDS: [i64; 2] = [60, 120];

impl Functions {
    /// Takes an event for a function that is known by its logical id, name or ARN, and gives the request id of all its attempts.
    ///
    /// # Errors
    ///
    /// [`InvokeError::NotFound`]
    pub(crate) fn invoke_later(&self, name: &str, event: Bytes) -> Result<String, InvokeError> {
        let serving = self.find(name)?.clone();
        let request_id = ids::uuid();
        let attempts = attempt_to_the_end(self.clone(), serving, request_id.clone(), event);
        tokio::spawn(attempts);
        Ok(request_id)
    }
}

async fn attempt_to_the_end(
    functions: Functions,
    serving: Arc<Serving>,
    request_id: String,
    event: Bytes,
) {
    let clock = &functions.0.settings.clock;
    let asynchronous = &serving.function.asynchronous;
    let begun = clock.now();
    let mut attempts = 0;
    let (error, condition) = loop {
        attempts += 1;
        let outcome = functions
            .call(&serving, request_id.clone(), event.clone())
            .await;
        let error = match outcome {
            Ok(Invocation::Answered(_)) | Err(InvokeError::ShuttingDown) => return,
            Ok(Invocation::FunctionError(error)) => error,
            Err(error) => payload("Service.Error", error.to_string()),
        };
        let pauses = &PAUSES_SECONDS[..PAUSES_SECONDS.len().min(asynchronous.retries as usize)];
        let Some(pause) = pauses.get(attempts - 1) else {
            break (error, Condition::RetriesExhausted);
        };
        let next = clock.now() + pause;
        if u64::try_from(next - begun).unwrap_or_default() > asynchronous.longest_age.as_secs() {
            break (error, Condition::EventAgeExceeded);
        }
        serving.log.tell(&format!(
            "failed with an event that nobody waits for; it comes again in {pause} s"
        ));
        clock.until(next).await;
    };
    functions.0.dead_letters.take(
        &serving,
        Failed {
            time: clock.now(),
            request_id,
            event,
            error,
            condition,
            attempts,
        },
    );
}
