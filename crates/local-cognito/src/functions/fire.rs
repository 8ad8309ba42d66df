//! How Cognito calls a trigger: 5 s for an attempt, and up to three attempts when there is no answer in time.
//!
//! Source: Developer Guide, "Customizing user pool workflows with Lambda triggers"; the number of attempts as field reports have it. An
//! error of the function is an answer: it is not tried again.

use bytes::Bytes;
use serde::Deserialize;

use super::{Functions, Invocation};

const MAX_ATTEMPTS: usize = 3;

/// A trigger's call.
#[cfg_attr(test, derive(Debug, PartialEq, Eq))]
pub(crate) struct Fired {
    /// How many attempts it took; all but the last timed out.
    pub(crate) attempts: usize,
    /// What came of the last attempt.
    pub(crate) outcome: Outcome,
}

/// What came of one attempt. An answer holds user data, so only tests may print it.
#[cfg_attr(test, derive(Debug))]
#[derive(PartialEq, Eq)]
pub(crate) enum Outcome {
    Answered(Bytes),
    /// The function failed; its `errorMessage`, which Cognito shows to the end user.
    FunctionError {
        error_message: String,
    },
    /// No answer in time. The attempt goes on, and its answer will be dropped.
    TimedOut,
    /// No process of the function saw the event; the text is for the operator.
    CouldNotStart(String),
}

impl Functions {
    /// Fires a trigger's function in Cognito's manner.
    pub(crate) async fn fire(&self, logical_id: &str, event: Bytes) -> Fired {
        let mut attempts = 0;
        loop {
            let outcome = self.attempt(logical_id, event.clone()).await;
            attempts += 1;
            if outcome != Outcome::TimedOut || attempts == MAX_ATTEMPTS {
                return Fired { attempts, outcome };
            }
        }
    }

    async fn attempt(&self, logical_id: &str, event: Bytes) -> Outcome {
        let limit = self.0.settings.attempt_limit;
        // An invocation goes on when nobody waits for it any more.
        match tokio::time::timeout(limit, self.invoke(logical_id, event)).await {
            Err(_) => Outcome::TimedOut,
            Ok(Ok(Invocation::Answered(payload))) => Outcome::Answered(payload),
            Ok(Ok(Invocation::FunctionError(payload))) => Outcome::FunctionError {
                error_message: error_message(&payload),
            },
            Ok(Err(error)) => Outcome::CouldNotStart(error.to_string()),
        }
    }
}

/// The `errorMessage` of a failure's payload; empty when there is none.
fn error_message(payload: &[u8]) -> String {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Failure {
        error_message: String,
    }
    serde_json::from_slice(payload)
        .map_or_else(|_| String::new(), |failure: Failure| failure.error_message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_an_error_is_found_or_empty() {
        check(
            "an error",
            r#"{"errorType":"Refused","errorMessage":"no"}"#,
            "no",
        );
        check("no text", r#"{"errorType":"Refused"}"#, "");
        check("a text of another type", r#"{"errorMessage":5}"#, "");
        check("no object", "null", "");
        check("nothing", "", "");
    }

    #[track_caller]
    fn check(case: &str, payload: &str, expected: &str) {
        assert_eq!(error_message(payload.as_bytes()), expected, "{case}");
    }
}
