//! The Lambda Runtime API. Each environment has its own below `/.rt/`, so that nothing but the path tells them apart.
//!
//! Source: AWS Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes", and its OpenAPI specification.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use tokio::sync::oneshot;

use super::environment::Said;
use super::{Functions, Invocation, failure};

const RUNTIME: &str = "/.rt/{environment}/2018-06-01/runtime";

pub(super) fn routes() -> Router<Functions> {
    Router::new()
        .route(&format!("{RUNTIME}/invocation/next"), get(next))
        .route(
            &format!("{RUNTIME}/invocation/{{request_id}}/response"),
            post(response),
        )
        .route(
            &format!("{RUNTIME}/invocation/{{request_id}}/error"),
            post(error),
        )
        .route(&format!("{RUNTIME}/init/error"), post(init_error))
}

/// Answers when there is an event, which may take for ever.
async fn next(State(functions): State<Functions>, Path(environment): Path<String>) -> Response {
    let (ask, delivered) = oneshot::channel();
    if !functions.hear(&environment, Said::Next(ask)).await {
        return unknown_environment();
    }
    let Ok(delivery) = delivered.await else {
        let text = "the last event is not answered, or the environment is ending";
        return refusal(StatusCode::FORBIDDEN, "InvalidStateTransition", text);
    };
    let headers = [
        (
            "lambda-runtime-trace-id",
            trace_id(&delivery.request_id, delivery.deadline_ms),
        ),
        ("lambda-runtime-aws-request-id", delivery.request_id),
        (
            "lambda-runtime-deadline-ms",
            delivery.deadline_ms.to_string(),
        ),
        ("lambda-runtime-invoked-function-arn", delivery.function_arn),
        (header::CONTENT_TYPE.as_str(), "application/json".to_owned()),
    ];
    (headers, delivery.payload).into_response()
}

async fn response(
    State(functions): State<Functions>,
    Path(event): Path<Event>,
    body: Body,
) -> Response {
    match read(body).await {
        Some(body) => answer(&functions, event, Invocation::Answered(body)).await,
        None => {
            let too_large = Invocation::FunctionError(failure::answer_too_large());
            let accepted = answer(&functions, event, too_large).await;
            if accepted.status() != StatusCode::ACCEPTED {
                return accepted;
            }
            let limit = failure::MAX_ANSWER_BYTES;
            let text = format!("Exceeded maximum allowed payload size ({limit} bytes).");
            refusal(
                StatusCode::PAYLOAD_TOO_LARGE,
                "RequestEntityTooLarge",
                &text,
            )
        }
    }
}

async fn error(
    State(functions): State<Functions>,
    Path(event): Path<Event>,
    body: Body,
) -> Response {
    let error = read(body).await.unwrap_or_else(failure::answer_too_large);
    answer(&functions, event, Invocation::FunctionError(error)).await
}

async fn init_error(
    State(functions): State<Functions>,
    Path(environment): Path<String>,
    body: Body,
) -> Response {
    let error = read(body).await.unwrap_or_else(failure::answer_too_large);
    if functions.hear(&environment, Said::InitError(error)).await {
        accepted()
    } else {
        unknown_environment()
    }
}

/// The environment and the request id in a path.
type Event = (String, String);

async fn answer(
    functions: &Functions,
    (environment, request_id): Event,
    invocation: Invocation,
) -> Response {
    let (accept, is_accepted) = oneshot::channel();
    let answer = Said::Answer {
        request_id,
        invocation,
        accepted: accept,
    };
    if !functions.hear(&environment, answer).await {
        return unknown_environment();
    }
    match is_accepted.await {
        Ok(true) => accepted(),
        Ok(false) | Err(_) => refusal(
            StatusCode::BAD_REQUEST,
            "InvalidRequestID",
            "Invalid request ID",
        ),
    }
}

impl Functions {
    /// Passes on what a process said; false when there is no such environment.
    async fn hear(&self, environment: &str, said: Said) -> bool {
        let environment = self.environments().get(environment).cloned();
        match environment {
            Some(environment) => environment.send(said).await.is_ok(),
            None => false,
        }
    }
}

/// The whole body, or `None` when it is too long. What is too long is still read to its end, so that the process gets an answer and
/// not a broken connection.
async fn read(body: Body) -> Option<Bytes> {
    let mut parts = body.into_data_stream();
    let mut whole = BytesMut::new();
    let mut length = 0;
    while let Some(Ok(part)) = parts.next().await {
        length += part.len();
        if length <= failure::MAX_ANSWER_BYTES {
            whole.extend_from_slice(&part);
        }
    }
    (length <= failure::MAX_ANSWER_BYTES).then(|| whole.freeze())
}

/// An X-Ray trace header of the right form, not sampled. Its parts only have to differ from event to event.
fn trace_id(request_id: &str, deadline_ms: u128) -> String {
    let seconds = deadline_ms / 1000;
    let hex = request_id.replace('-', "");
    format!(
        "Root=1-{seconds:08x}-{};Parent={};Sampled=0",
        &hex[..24],
        &hex[16..]
    )
}

fn accepted() -> Response {
    (StatusCode::ACCEPTED, "{\"status\":\"OK\"}\n").into_response()
}

/// A process of an earlier stand-in may still ask; it gives up when it is refused.
fn unknown_environment() -> Response {
    refusal(
        StatusCode::FORBIDDEN,
        "InvalidEnvironment",
        "there is no such environment",
    )
}

fn refusal(status: StatusCode, error_type: &str, error_message: &str) -> Response {
    let body = serde_json::json!({ "errorMessage": error_message, "errorType": error_type });
    (status, body.to_string()).into_response()
}
