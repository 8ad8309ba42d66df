use std::fmt;
use std::future::pending;
use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;
use serde_json::{Value, json};
use tokio::task::yield_now;

/// What a service answers an operation: its output, or the name of its exception.
pub type Answer = Result<Value, &'static str>;

/// The exception that stands for a service that cannot be reached.
pub const UNREACHABLE: &str = "Unreachable";

/// The exception that stands for a service that never answers.
pub const SILENT: &str = "Silent";

/// A service of AWS in this process: a connection for an SDK client, whose requests this function answers, given the operation and its input.
///
/// A request gives way once before its effect and once after it, so that a dropped request can have had its effect or not. None is tried a
/// second time. The text of an exception is `private`, and speaks of a user, as Cognito's can.
pub fn service(answer: impl Fn(&str, Value) -> Answer + Send + Sync + 'static) -> SdkConfig {
    connection(move |request| {
        let target = request.headers().get("x-amz-target").unwrap();
        let operation = target.rsplit('.').next().unwrap();
        let input = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        let answer = answer(operation, input)?;
        Ok(response(200, answer.to_string()))
    })
}

/// The same for a service that is spoken to in another way: the function answers requests as they come.
pub(crate) fn connection(
    answer: impl Fn(&HttpRequest) -> Result<HttpResponse, &'static str> + Send + Sync + 'static,
) -> SdkConfig {
    let connector = SharedHttpConnector::new(Service(Arc::new(answer)));
    let credentials = Credentials::new("local", "local", None, None, "in process");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http_client_fn(move |_, _| connector.clone()))
        .region(Region::from_static("us-east-1"))
        .retry_config(RetryConfig::disabled())
        .build()
}

struct Service(Arc<Answering>);

type Answering = dyn Fn(&HttpRequest) -> Result<HttpResponse, &'static str> + Send + Sync;

pub(crate) fn response(status: u16, body: impl Into<SdkBody>) -> HttpResponse {
    HttpResponse::new(StatusCode::try_from(status).unwrap(), body.into())
}

impl HttpConnector for Service {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = Arc::clone(&self.0);
        HttpConnectorFuture::new(async move {
            yield_now().await;
            let answer = answer(&request);
            yield_now().await;
            match answer {
                Ok(response) => Ok(response),
                Err(SILENT) => pending().await,
                Err(UNREACHABLE) => {
                    let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
                    Err(ConnectorError::io(refused.into()).never_connected())
                }
                Err(exception) => {
                    let text = "private: no ines@example.org";
                    let body = json!({"__type": exception, "message": text});
                    Ok(response(400, body.to_string()))
                }
            }
        })
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Service")
    }
}
