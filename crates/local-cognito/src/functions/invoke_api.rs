//! Lambda's `Invoke`.
//!
//! Source: AWS Lambda API Reference, "Invoke".

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::de::IgnoredAny;

use super::refusal::Refusal;
use super::{Functions, Invocation, InvokeError, Serving};
use crate::ids;

/// The most that Lambda takes as an event: 6 MB.
const MAX_EVENT_BYTES: usize = 6 * 1024 * 1024;

/// The most that Lambda takes as an event that nobody waits for: 1 MB, since October 2025 (256 KB before).
const MAX_UNAWAITED_EVENT_BYTES: usize = 1024 * 1024;

/// The most that is read of an event, to tell how far it is above the limit.
const MAX_READ_BYTES: usize = 8 * MAX_EVENT_BYTES;

/// How much of the log goes back with an answer: its last 4 KB.
const TAIL_BYTES: usize = 4 * 1024;

/// What a function has printed takes another way than its answer, so a moment is left for it to arrive.
const TAIL_ARRIVES: Duration = Duration::from_millis(20);

pub(super) fn routes() -> Router<Functions> {
    Router::new().route("/2015-03-31/functions/{name}/invocations", post(invoke))
}

async fn invoke(
    State(functions): State<Functions>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let serving = functions.find(&name)?;
    let kind = header(&headers, "x-amz-invocation-type").unwrap_or("RequestResponse");
    let limit = match kind {
        "Event" => MAX_UNAWAITED_EVENT_BYTES,
        _ => MAX_EVENT_BYTES,
    };
    let payload = to_bytes(body, MAX_READ_BYTES)
        .await
        .map_or(Err(MAX_READ_BYTES + 1), |payload| {
            if payload.len() > limit {
                Err(payload.len())
            } else {
                Ok(payload)
            }
        });
    let payload = payload.map_err(|bytes| Refusal::too_large(bytes, kind, limit))?;
    let payload = checked(payload)?;
    let mut request_id = ids::uuid();
    let mut response = match kind {
        "RequestResponse" => {
            let tail = header(&headers, "x-amz-log-type") == Some("Tail");
            answer(&functions, serving, &request_id, payload, tail).await?
        }
        "Event" => {
            request_id = functions.invoke_later(&name, payload)?;
            StatusCode::ACCEPTED.into_response()
        }
        "DryRun" => StatusCode::NO_CONTENT.into_response(),
        other => return Err(Refusal::unknown_kind(other)),
    };
    insert(&mut response, "x-amzn-requestid", &request_id);
    Ok(response)
}

async fn answer(
    functions: &Functions,
    serving: &Arc<Serving>,
    request_id: &str,
    payload: Bytes,
    tail: bool,
) -> Result<Response, InvokeError> {
    let before = serving.log.mark();
    let invocation = functions
        .call(serving, request_id.to_owned(), payload)
        .await?;
    let (payload, failed) = match invocation {
        Invocation::Answered(payload) => (payload, false),
        Invocation::FunctionError(payload) => (payload, true),
    };
    let mut response = payload.into_response();
    insert(
        &mut response,
        header::CONTENT_TYPE.as_str(),
        "application/json",
    );
    insert(&mut response, "x-amz-executed-version", "$LATEST");
    if failed {
        insert(&mut response, "x-amz-function-error", "Unhandled");
    }
    if tail {
        tokio::time::sleep(TAIL_ARRIVES).await;
        let log = serving.log.since(before);
        let last = &log.as_bytes()[log.len().saturating_sub(TAIL_BYTES)..];
        insert(&mut response, "x-amz-log-result", &STANDARD.encode(last));
    }
    Ok(response)
}

/// The event, which must be JSON; without one the function gets an empty object.
fn checked(payload: Bytes) -> Result<Bytes, Refusal> {
    if payload.is_empty() {
        return Ok(Bytes::from_static(b"{}"));
    }
    match serde_json::from_slice::<IgnoredAny>(&payload) {
        Ok(_) => Ok(payload),
        Err(error) => Err(Refusal::not_json(&error)),
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn insert(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), value);
    }
}

impl Refusal {
    fn not_json(error: &serde_json::Error) -> Self {
        // serde's text for a syntax error quotes nothing. The end of Lambda's own is that of its JSON parser.
        let message = format!(
            "Could not parse request body into json: Could not parse payload into json: {error}"
        );
        Self::of_user(
            StatusCode::BAD_REQUEST,
            "InvalidRequestContentException",
            message,
        )
    }

    fn too_large(bytes: usize, kind: &str, limit: usize) -> Self {
        let message = format!(
            "{bytes} byte payload is too large for the {kind} invocation type (limit {limit} bytes)"
        );
        Self::of_user(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestTooLargeException",
            message,
        )
    }

    fn unknown_kind(kind: &str) -> Self {
        let message = format!(
            "1 validation error detected: Value '{kind}' at 'invocationType' failed to satisfy constraint: \
             Member must satisfy enum value set: [Event, RequestResponse, DryRun]"
        );
        Self::of_user(
            StatusCode::BAD_REQUEST,
            "InvalidParameterValueException",
            message,
        )
    }
}
