use std::any::Any;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use futures_util::FutureExt;
use lambda_runtime::{Diagnostic, LambdaEvent};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::deadline::{DEADLINE, DeadlinePassed};
use crate::failure::{Chain, Failure};

/// Asks Lambda for events and answers them until Lambda ends the process.
///
/// # Errors
///
/// When Lambda's runtime API cannot be spoken to.
pub async fn run<View, Response, Handle, Answering>(
    handle: Handle,
) -> Result<(), lambda_runtime::Error>
where
    View: DeserializeOwned,
    Response: Serialize,
    Handle: Fn(View) -> Answering,
    Answering: Future<Output = Result<Response, Failure>>,
{
    let handle = &handle;
    lambda_runtime::run(lambda_runtime::service_fn(
        |call: LambdaEvent<Box<RawValue>>| async move {
            let started = Instant::now();
            let answer = answer(&call.payload, handle).await;
            log_decision(&call, started, &answer);
            answer.map_err(|failure| Diagnostic {
                error_type: match failure {
                    Failure::Refused { .. } => "Refused".to_owned(),
                    Failure::Internal(_) => "Internal".to_owned(),
                },
                error_message: failure.public_text().to_owned(),
            })
        },
    ))
    .await
}

/// Answers one event: the same JSON, with the decided fields laid over its `response`.
///
/// What Cognito sent goes back byte for byte, known to us or not. The answer is a failure when the event cannot be read, when `handle`
/// fails or panics, and when it takes longer than the deadline.
///
/// # Errors
///
/// [`Failure::Refused`] from `handle`; [`Failure::Internal`] for everything else.
pub async fn answer<View, Response, Handle, Answering>(
    event: &RawValue,
    handle: Handle,
) -> Result<Box<RawValue>, Failure>
where
    View: DeserializeOwned,
    Response: Serialize,
    Handle: FnOnce(View) -> Answering,
    Answering: Future<Output = Result<Response, Failure>>,
{
    // serde's own text can quote user data, so only the kind and place of the error go on.
    let view = serde_json::from_str(event.get()).map_err(Unreadable::from)?;
    let decided = AssertUnwindSafe(async { tokio::time::timeout(DEADLINE, handle(view)).await })
        .catch_unwind()
        .await
        .map_err(|_: Box<dyn Any + Send>| Panicked)?
        .map_err(|_| DeadlinePassed)??;
    Ok(lay_over_response(event, &decided)?)
}

fn lay_over_response(
    event: &RawValue,
    decided: &impl Serialize,
) -> Result<Box<RawValue>, serde_json::Error> {
    let mut fields: BTreeMap<&str, Box<RawValue>> = serde_json::from_str(event.get())?;
    let mut response: BTreeMap<String, Box<RawValue>> = match fields.get("response") {
        Some(response) => Option::deserialize(&**response)?.unwrap_or_default(),
        None => BTreeMap::new(),
    };
    let decided: BTreeMap<String, Box<RawValue>> =
        serde_json::from_str(&serde_json::to_string(decided)?)?;
    response.extend(decided);
    fields.insert("response", serde_json::value::to_raw_value(&response)?);
    serde_json::value::to_raw_value(&fields)
}

/// One line for each decision. What may stand in it: `docs/LOGGING.md`.
fn log_decision(
    call: &LambdaEvent<Box<RawValue>>,
    started: Instant,
    answer: &Result<Box<RawValue>, Failure>,
) {
    let event: Loggable = serde_json::from_str(call.payload.get()).unwrap_or_default();
    let request_id = &call.context.request_id;
    let trigger_source = event.trigger_source.unwrap_or_default();
    let user_pool_id = event.user_pool_id.unwrap_or_default();
    let caller = event.caller_context.unwrap_or_default();
    let client_id = caller.client_id.unwrap_or_default();
    let attributes = event
        .request
        .unwrap_or_default()
        .user_attributes
        .unwrap_or_default();
    let sub = attributes.sub.unwrap_or_default();
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    match answer {
        Ok(_) => tracing::info!(
            request_id,
            trigger_source,
            user_pool_id,
            client_id,
            sub,
            duration_ms,
            decision = "answered",
            "answered the event"
        ),
        Err(Failure::Refused { reason, .. }) => tracing::info!(
            request_id,
            trigger_source,
            user_pool_id,
            client_id,
            sub,
            duration_ms,
            decision = "refused",
            reason,
            "refused the event"
        ),
        Err(Failure::Internal(cause)) => tracing::error!(
            request_id,
            trigger_source,
            user_pool_id,
            client_id,
            sub,
            duration_ms,
            decision = "failed",
            cause = Chain(&**cause).to_string(),
            "failed to answer the event"
        ),
    }
}

/// The fields of an event that a log may show; `sub` is the only one about a person, and says nothing without the pool.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Loggable {
    trigger_source: Option<String>,
    user_pool_id: Option<String>,
    caller_context: Option<LoggableCaller>,
    request: Option<LoggableRequest>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct LoggableCaller {
    client_id: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct LoggableRequest {
    user_attributes: Option<LoggableAttributes>,
}

#[derive(Default, Deserialize)]
struct LoggableAttributes {
    sub: Option<String>,
}

/// The event is not what this trigger receives.
#[derive(Debug)]
struct Unreadable {
    category: serde_json::error::Category,
    line: usize,
    column: usize,
}

impl From<serde_json::Error> for Unreadable {
    fn from(error: serde_json::Error) -> Self {
        Self {
            category: error.classify(),
            line: error.line(),
            column: error.column(),
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            category,
            line,
            column,
        } = self;
        write!(
            formatter,
            "failed to read the event: {category:?} error at line {line}, column {column}"
        )
    }
}

impl Error for Unreadable {}

/// The decision panicked; the panic hook has logged where.
#[derive(Debug)]
struct Panicked;

impl fmt::Display for Panicked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the decision panicked")
    }
}

impl Error for Panicked {}
