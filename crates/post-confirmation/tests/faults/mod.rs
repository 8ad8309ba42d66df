//! DynamoDB when it does not do as asked, and the log of it.

use std::future::pending;
use std::io;
use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::{Client, Config};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use tracing::subscriber::DefaultGuard;

/// A client whose every request is refused for want of capacity, at its only attempt.
pub(crate) fn throttled_client() -> Client {
    client(Fault::Throttled)
}

/// A client that never gets an answer.
pub(crate) fn hanging_client() -> Client {
    client(Fault::Hanging)
}

#[derive(Debug, Clone, Copy)]
enum Fault {
    Throttled,
    Hanging,
}

impl HttpConnector for Fault {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let fault = *self;
        HttpConnectorFuture::new(async move {
            match fault {
                Self::Hanging => pending().await,
                Self::Throttled => {
                    let error = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}"#;
                    let status = StatusCode::try_from(400).expect("it is a status");
                    Ok(HttpResponse::new(status, SdkBody::from(error)))
                }
            }
        })
    }
}

fn client(fault: Fault) -> Client {
    let connector = SharedHttpConnector::new(fault);
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(Credentials::new("local", "local", None, None, "in process"))
        .http_client(http_client_fn(move |_, _| connector.clone()))
        .region(Region::from_static("us-east-1"))
        .retry_config(RetryConfig::disabled())
        .build();
    Client::from_conf(config)
}

/// What is logged on this thread while it lives.
pub(crate) struct Log {
    written: Written,
    _logging: DefaultGuard,
}

impl Log {
    pub(crate) fn start() -> Self {
        let written = Written::default();
        let writer = written.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .without_time()
            .with_max_level(tracing::Level::WARN)
            .with_writer(move || writer.clone())
            .finish();
        Self {
            written,
            _logging: tracing::subscriber::set_default(subscriber),
        }
    }

    pub(crate) fn text(&self) -> String {
        let bytes = self.written.0.lock().expect("nobody panics with it");
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panics with it").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
