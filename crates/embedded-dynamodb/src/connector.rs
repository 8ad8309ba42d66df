//! An HTTP client for the AWS SDK that has no network behind it.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use tokio::task::yield_now;

use crate::tables::Tables;

impl Tables {
    /// An SDK client whose requests these tables answer, in this process.
    ///
    /// A request gives way once before its effect and once after it, so that a dropped request can have had its effect or not.
    pub fn client(&self) -> Client {
        client_over(InProcess {
            tables: self.clone(),
        })
    }
}

/// An SDK client whose every request fails to connect, at once and without a second attempt.
pub fn unreachable_client() -> Client {
    client_over(Fault::Unreachable)
}

/// An SDK client whose every request is refused for want of capacity, at once and without a second attempt.
pub fn throttled_client() -> Client {
    client_over(Fault::Throttled)
}

/// An SDK client whose requests are never answered, and which sets no limit to that.
pub fn hanging_client() -> Client {
    client_over(Fault::Hanging)
}

fn client_over(connector: impl HttpConnector + 'static) -> Client {
    let connector = SharedHttpConnector::new(connector);
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(Credentials::new("local", "local", None, None, "in process"))
        .http_client(http_client_fn(move |_, _| connector.clone()))
        .region(Region::from_static("us-east-1"))
        .retry_config(RetryConfig::disabled())
        .build();
    Client::from_conf(config)
}

struct InProcess {
    tables: Tables,
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let tables = self.tables.clone();
        HttpConnectorFuture::new(async move {
            yield_now().await;
            let response = answer(&tables, &request);
            yield_now().await;
            response
        })
    }
}

fn answer(tables: &Tables, request: &HttpRequest) -> Result<HttpResponse, ConnectorError> {
    let target = request.headers().get("x-amz-target").unwrap_or_default();
    let operation = target.rsplit('.').next().unwrap_or_default();
    let body = request
        .body()
        .bytes()
        .ok_or_else(|| ConnectorError::user("a streamed body is not DynamoDB's".into()))?;
    let answer = tables.answer(operation, body);
    let status = StatusCode::try_from(answer.status)
        .map_err(|error| ConnectorError::other(error.into(), None))?;
    Ok(HttpResponse::new(status, SdkBody::from(answer.body)))
}

impl std::fmt::Debug for InProcess {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("InProcess")
    }
}

#[derive(Debug)]
enum Fault {
    Unreachable,
    Throttled,
    Hanging,
}

impl HttpConnector for Fault {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        match self {
            Self::Unreachable => {
                let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
                let error = ConnectorError::io(refused.into()).never_connected();
                HttpConnectorFuture::ready(Err(error))
            }
            Self::Throttled => {
                let status = StatusCode::try_from(400).expect("400 is a status");
                HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from(THROTTLED))))
            }
            Self::Hanging => HttpConnectorFuture::new(std::future::pending()),
        }
    }
}

/// Source: DynamoDB's developer guide, "Error messages and codes".
const THROTTLED: &str = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"The level of configured provisioned throughput for the table was exceeded."}"#;
