//! What becomes of an event that failed for good: it goes to the function's dead-letter queue, and a record of it to its destination.
//!
//! Neither a queue nor a topic is played; what would have gone there is told at `/dead-letters`.
//!
//! Source: AWS Lambda Developer Guide, "Adding a dead-letter queue" and "Capturing records of Lambda asynchronous invocations".

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Functions, Serving};

/// How many are kept; older ones are dropped.
const KEPT: usize = 1_000;

/// How much of an error's text goes with the event: its first 1 KB.
const LONGEST_TEXT_BYTES: usize = 1_024;

/// What the queues and topics have got, oldest first.
#[derive(Default)]
pub(super) struct DeadLetters(Mutex<VecDeque<DeadLetter>>);

/// A message in a queue or topic.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct DeadLetter {
    /// When, in seconds since the Unix epoch.
    time: i64,
    /// The ARN of the queue or topic.
    target: String,
    /// The function's logical id.
    function: String,
    body: String,
    attributes: BTreeMap<&'static str, String>,
}

/// An event that failed for good.
pub(super) struct Failed {
    pub(super) time: i64,
    pub(super) request_id: String,
    pub(super) event: Bytes,
    /// The payload of the last failure.
    pub(super) error: Bytes,
    pub(super) condition: Condition,
    pub(super) attempts: usize,
}

/// Why Lambda gave up.
#[derive(Debug, Clone, Copy)]
pub(super) enum Condition {
    RetriesExhausted,
    EventAgeExceeded,
}

pub(super) fn routes() -> Router<Functions> {
    Router::new().route("/dead-letters", get(all))
}

async fn all(State(functions): State<Functions>) -> impl IntoResponse {
    let letters = json!(*functions.0.dead_letters.letters());
    (
        [(header::CONTENT_TYPE, "application/json")],
        letters.to_string(),
    )
}

impl DeadLetters {
    pub(super) fn take(&self, serving: &Serving, failed: Failed) {
        let asynchronous = &serving.function.asynchronous;
        let queued = asynchronous.dead_letter_queue.iter();
        let queued = queued.map(|queue| (queue, text(&failed.event), failed.attributes()));
        let recorded = asynchronous.on_failure.iter();
        let recorded = recorded.map(|target| (target, failed.record(serving), BTreeMap::new()));
        let letters = queued.chain(recorded);
        let letters = letters.map(|(target, body, attributes)| DeadLetter {
            time: failed.time,
            target: target.clone(),
            function: serving.function.logical_id.clone(),
            body,
            attributes,
        });
        let letters: Vec<_> = letters.collect();
        let targets: Vec<_> = letters.iter().map(|letter| &*letter.target).collect();
        let where_to = match targets.as_slice() {
            [] => "is lost, since there is no dead-letter queue".to_owned(),
            targets => format!("is in {}", targets.join(" and ")),
        };
        {
            let mut kept = self.letters();
            kept.extend(letters);
            while kept.len() > KEPT {
                kept.pop_front();
            }
        }
        serving.log.tell(&format!(
            "failed for good with an event that nobody waits for, which {where_to}"
        ));
    }

    fn letters(&self) -> MutexGuard<'_, VecDeque<DeadLetter>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Failed {
    /// What a dead-letter queue gets besides the event.
    fn attributes(&self) -> BTreeMap<&'static str, String> {
        let error: Value = serde_json::from_slice(&self.error).unwrap_or_default();
        let mut message = error["errorMessage"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        message.truncate(message.floor_char_boundary(LONGEST_TEXT_BYTES));
        BTreeMap::from([
            ("RequestID", self.request_id.clone()),
            // That of the invocation, which a function's error leaves as it is.
            ("ErrorCode", "200".to_owned()),
            ("ErrorMessage", message),
        ])
    }

    /// What a destination gets.
    fn record(&self, serving: &Serving) -> String {
        let timestamp = OffsetDateTime::from_unix_timestamp(self.time).ok();
        let timestamp = timestamp.and_then(|time| time.format(&Rfc3339).ok());
        let json = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap_or_default();
        let record = json!({
            "version": "1.0",
            "timestamp": timestamp,
            "requestContext": {
                "requestId": self.request_id,
                "functionArn": format!("{}:$LATEST", serving.function.arn),
                "condition": format!("{:?}", self.condition),
                "approximateInvokeCount": self.attempts,
            },
            "requestPayload": json(&self.event),
            "responseContext": { "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled" },
            "responsePayload": json(&self.error),
        });
        record.to_string()
    }
}

fn text(event: &Bytes) -> String {
    String::from_utf8_lossy(event).into_owned()
}
