//! A record of every trigger call, with secrets masked, for the console and the tests.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde_json::Value;

/// How many calls are kept; older ones are dropped.
const KEPT: usize = 200;

/// Members whose values are never recorded, wherever they stand in an event or response.
const SECRET: [&str; 5] = [
    "password",
    "code",
    "challengeAnswer",
    "privateChallengeParameters",
    "tokenResponse",
];

/// The calls, oldest first.
#[derive(Clone, Default)]
pub(crate) struct Calls {
    calls: Arc<Mutex<VecDeque<Call>>>,
}

/// One trigger call.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Call {
    /// When, in seconds since the Unix epoch.
    pub(crate) time: i64,
    pub(crate) trigger_source: String,
    /// The function's logical id in the template.
    pub(crate) function: String,
    /// How often Cognito had to call.
    pub(crate) attempts: usize,
    pub(crate) duration_micros: u64,
    pub(crate) event: Value,
    pub(crate) outcome: Outcome,
}

/// What came of a call.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Outcome {
    /// The `response` that the function returned.
    Answered(Value),
    /// The function's error text.
    Failed(String),
}

impl Calls {
    pub(crate) fn record(&self, mut call: Call) {
        mask(&mut call.event);
        if let Outcome::Answered(response) = &mut call.outcome {
            mask(response);
        }
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if calls.len() == KEPT {
            calls.pop_front();
        }
        calls.push_back(call);
    }

    /// All calls kept, oldest first.
    pub(crate) fn all(&self) -> Vec<Call> {
        self.calls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }
}

fn mask(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if SECRET.contains(&name.as_str()) && !member.is_null() {
                    *member = Value::from("[masked]");
                } else {
                    mask(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_masked_at_any_depth() {
        let mut event = json!({"request": {"password": "Correct-Horse-19", "code": null, "list": [{"challengeAnswer": "1"}], "kept": "2"}});
        mask(&mut event);
        assert_eq!(
            event,
            json!({"request": {"password": "[masked]", "code": null, "list": [{"challengeAnswer": "[masked]"}], "kept": "2"}})
        );
    }
}
