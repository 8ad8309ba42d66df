//! A service of AWS in this process: an HTTP client for the SDK's clients, with a function behind it.

use std::fmt;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};
use tokio::task::yield_now;

/// What a service answers an operation: its output, or the name of its exception.
pub(crate) type Answer = Result<Value, &'static str>;

/// The exception that stands for a service that cannot be reached.
pub(crate) const UNREACHABLE: &str = "Unreachable";

/// A client whose requests this function answers, given the operation and its input.
///
/// A request gives way once before its effect and once after it, so that a dropped request can have had its effect or not.
pub(crate) fn service(
    answer: impl Fn(&str, Value) -> Answer + Send + Sync + 'static,
) -> SharedHttpClient {
    let connector = SharedHttpConnector::new(Service {
        answer: Arc::new(answer),
    });
    http_client_fn(move |_, _| connector.clone())
}

struct Service {
    answer: Arc<Answering>,
}

type Answering = dyn Fn(&str, Value) -> Answer + Send + Sync;

impl HttpConnector for Service {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = Arc::clone(&self.answer);
        HttpConnectorFuture::new(async move {
            yield_now().await;
            let target = request.headers().get("x-amz-target").unwrap();
            let operation = target.rsplit('.').next().unwrap();
            let input = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
            let answer = answer(operation, input);
            yield_now().await;
            let (status, body) = match answer {
                Ok(output) => (200, output),
                Err(UNREACHABLE) => {
                    let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
                    return Err(ConnectorError::io(refused.into()).never_connected());
                }
                Err(exception) => (400, json!({"__type": exception, "message": "private"})),
            };
            let status = StatusCode::try_from(status).unwrap();
            Ok(HttpResponse::new(status, SdkBody::from(body.to_string())))
        })
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Service")
    }
}
