//! Functions behind an HTTP API: the same edge, where every answer is a response.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use lambda_runtime::LambdaEvent;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::causes::with_causes;
use crate::decided::Decided;
use crate::decision_log::Lenient;
use crate::envelope::unreadable;
use crate::failure::Failure;
use crate::run::{check_runtime_api, guarded};

/// Asks Lambda for requests and answers them until Lambda ends the process. `unavailable` makes the answer to everything that goes wrong.
///
/// # Errors
///
/// When Lambda's runtime API is not there, or cannot be spoken to.
pub async fn run_http<Request, Response, Handle, Answering>(
    handle: Handle,
    unavailable: impl Fn() -> Response,
) -> Result<(), lambda_runtime::Error>
where
    Request: DeserializeOwned,
    Response: Serialize,
    Handle: Fn(Request) -> Answering,
    Answering: Future<Output = Result<Decided<Response>, Failure>>,
{
    check_runtime_api()?;
    let (handle, unavailable) = (&handle, &unavailable);
    lambda_runtime::run(lambda_runtime::service_fn(
        |call: LambdaEvent<Box<RawValue>>| async move {
            let started = Instant::now();
            let answer = decide(&call.payload, handle).await;
            log_request(&call, started.elapsed(), &answer);
            Ok::<_, Infallible>(response(answer, unavailable))
        },
    ))
    .await
}

/// Answers one request: what `handle` decides, or `unavailable` when the request cannot be read, and when `handle` fails, panics or takes
/// longer than the deadline.
pub async fn answer_http<Request, Response, Handle, Answering>(
    request: &RawValue,
    handle: Handle,
    unavailable: impl Fn() -> Response,
) -> Response
where
    Request: DeserializeOwned,
    Handle: FnOnce(Request) -> Answering,
    Answering: Future<Output = Result<Decided<Response>, Failure>>,
{
    response(decide(request, handle).await, unavailable)
}

async fn decide<Request, Response, Handle, Answering>(
    request: &RawValue,
    handle: Handle,
) -> Result<Decided<Response>, Failure>
where
    Request: DeserializeOwned,
    Handle: FnOnce(Request) -> Answering,
    Answering: Future<Output = Result<Decided<Response>, Failure>>,
{
    let request = serde_json::from_str(request.get()).map_err(unreadable)?;
    guarded(|| handle(request)).await
}

fn response<Response>(
    answer: Result<Decided<Response>, Failure>,
    unavailable: impl Fn() -> Response,
) -> Response {
    match answer {
        Ok(decided) => decided.response,
        Err(_) => unavailable(),
    }
}

/// One line for each request. What may stand in it: `docs/LOGGING.md`.
fn log_request<Response>(
    call: &LambdaEvent<Box<RawValue>>,
    took: Duration,
    answer: &Result<Decided<Response>, Failure>,
) {
    let request: Loggable = serde_json::from_str(call.payload.get()).unwrap_or_default();
    let request_id = &call.context.request_id;
    let route = request.route_key.as_route();
    let context = request.request_context.0.unwrap_or_default();
    let claims = context.authorizer.0.unwrap_or_default().jwt.0;
    let claims = claims.unwrap_or_default().claims.0.unwrap_or_default();
    let client_id = claims.client_id.as_identifier();
    let sub = claims.sub.as_sub();
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    match answer {
        Ok(Decided { reason, .. }) => tracing::info!(
            request_id,
            route,
            client_id,
            sub,
            duration_ms,
            decision = "answered",
            reason,
            "answered the request"
        ),
        Err(Failure::Refused { reason, .. }) => tracing::info!(
            request_id,
            route,
            client_id,
            sub,
            duration_ms,
            decision = "refused",
            reason,
            "answered the request"
        ),
        Err(Failure::Internal(cause)) => tracing::error!(
            request_id,
            route,
            client_id,
            sub,
            duration_ms,
            decision = "failed",
            cause = with_causes(&**cause),
            "failed to answer the request"
        ),
    }
}

/// The fields of a request that a log may show.
///
/// Source: API Gateway Developer Guide, "Working with AWS Lambda proxy integrations for HTTP APIs", payload format 2.0.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Loggable {
    route_key: Lenient<String>,
    request_context: Lenient<LoggableContext>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LoggableContext {
    authorizer: Lenient<LoggableAuthorizer>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LoggableAuthorizer {
    jwt: Lenient<LoggableJwt>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LoggableJwt {
    claims: Lenient<LoggableClaims>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LoggableClaims {
    client_id: Lenient<String>,
    sub: Lenient<String>,
}

impl Lenient<String> {
    /// The text, if it is made as the template makes routes, such as `GET /v1/things/{thing}`; what the client asked for is elsewhere.
    fn as_route(&self) -> Option<&str> {
        let text = self.0.as_deref()?;
        let is_of_route = |byte: u8| byte.is_ascii_alphanumeric() || b" /-_.~{}+$".contains(&byte);
        let valid = text.len() <= 256 && text.bytes().all(is_of_route);
        Some(if valid { text } else { "invalid" })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::log::captured;

    #[derive(Deserialize)]
    struct Request {
        body: String,
    }

    async fn answer<Answering>(request: Value, handle: impl FnOnce(Request) -> Answering) -> String
    where
        Answering: Future<Output = Said>,
    {
        let request = serde_json::value::to_raw_value(&request).unwrap();
        answer_http(&request, handle, || "unavailable".to_owned()).await
    }

    type Said = Result<Decided<String>, Failure>;

    #[tokio::test]
    async fn a_decision_is_the_answer() {
        let said = answer(json!({"body": "hello"}), async |request| {
            Ok(Decided::by("Echo", request.body))
        });
        assert_eq!(said.await, "hello");
    }

    #[tokio::test(start_paused = true)]
    async fn whatever_goes_wrong_is_the_same_answer() {
        let hello = || json!({"body": "hello"});
        let failed = answer(hello(), async |_| {
            Err(std::io::Error::other("no table").into())
        });
        assert_eq!(failed.await, "unavailable");
        let panicked = answer(hello(), async |request| panic!("{}", request.body));
        assert_eq!(panicked.await, "unavailable");
        let hung = answer(hello(), async |_| std::future::pending().await);
        assert_eq!(hung.await, "unavailable");
        let unread = answer(json!({"body": 1}), async |request| {
            Ok(Decided::by("Echo", request.body))
        });
        assert_eq!(unread.await, "unavailable");
    }

    #[track_caller]
    fn line(request: &Value, answer: Said) -> (String, Value) {
        let payload = serde_json::value::to_raw_value(request).unwrap();
        let mut context = lambda_runtime::Context::default();
        context.request_id = "request-1".to_owned();
        let call = LambdaEvent::new(payload, context);
        let took = Duration::from_micros(12_345);
        let (text, mut lines) = captured(|| log_request(&call, took, &answer));
        assert_eq!(lines.len(), 1, "{text}");
        let mut line = lines.remove(0);
        assert!(line.as_object_mut().unwrap().remove("timestamp").is_some());
        (text, line)
    }

    fn request() -> Value {
        json!({
            "version": "2.0",
            "routeKey": "POST /v1/totp/{id}",
            "rawPath": "/v1/totp/secret-7",
            "rawQueryString": "code=123456",
            "headers": {"authorization": "Bearer eyJhbGciOi"},
            "requestContext": {
                "authorizer": {"jwt": {"claims": {
                    "client_id": "1example23456789",
                    "sub": "7f6a1c1e-0d6b-4f0e-9c3a-2f1d3c4b5a69",
                    "username": "ana@example.org",
                }}},
                "http": {"sourceIp": "192.0.2.7"},
            },
            "body": "{\"code\": \"123456\"}",
        })
    }

    #[test]
    fn an_answer_is_an_info_line_with_these_fields_and_no_others() {
        let (_, line) = line(&request(), Ok(Decided::by("Echo", "secret".to_owned())));
        assert_eq!(
            line,
            json!({
                "level": "INFO",
                "message": "answered the request",
                "request_id": "request-1",
                "route": "POST /v1/totp/{id}",
                "client_id": "1example23456789",
                "sub": "7f6a1c1e-0d6b-4f0e-9c3a-2f1d3c4b5a69",
                "duration_ms": 12,
                "decision": "answered",
                "reason": "Echo",
            })
        );
    }

    #[test]
    fn a_failure_is_an_error_line_with_its_causes() {
        let cause = std::io::Error::other("connection refused");
        let (_, line) = line(&request(), Err(cause.into()));
        assert_eq!(
            (&line["level"], &line["decision"]),
            (&json!("ERROR"), &json!("failed"))
        );
        assert_eq!(line["cause"], "connection refused");
    }

    #[test]
    fn what_is_no_id_and_no_route_is_not_logged() {
        let hostile = "ana@example.org\n";
        let request = json!({
            "routeKey": hostile,
            "requestContext": {"authorizer": {"jwt": {"claims": {"client_id": hostile, "sub": hostile}}}},
        });
        let (text, _) = line(&request, Ok(Decided::by("Echo", String::new())));
        assert!(!text.contains("ana"), "{text}");
        for odd in [
            json!(null),
            json!([]),
            json!({"requestContext": {"authorizer": 1}}),
        ] {
            let (_, line) = line(&odd, Ok(Decided::by("Echo", String::new())));
            assert_eq!(line["request_id"], "request-1");
        }
    }
}
