//! A DynamoDB that says what a test tells it to, for answers that a healthy table does not give.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use serde_json::Value;

/// The requests that arrived.
pub(crate) type Requests = Arc<Mutex<Vec<Value>>>;

/// A client that gets these answers, one after the other.
pub(crate) fn client(answers: Vec<Value>) -> (Client, Requests) {
    let requests = Requests::default();
    let connector = SharedHttpConnector::new(Answers {
        answers,
        requests: requests.clone(),
    });
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .http_client(http_client_fn(move |_, _| connector.clone()))
        .region(Region::from_static("us-east-1"))
        .retry_config(RetryConfig::disabled())
        .build();
    (Client::from_conf(config), requests)
}

#[derive(Debug)]
struct Answers {
    answers: Vec<Value>,
    requests: Requests,
}

impl HttpConnector for Answers {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = request.body().bytes().unwrap();
        let mut requests = self.requests.lock().unwrap();
        let answer = self.answers[requests.len()].to_string();
        requests.push(serde_json::from_slice(body).unwrap());
        let ok = StatusCode::try_from(200).unwrap();
        HttpConnectorFuture::ready(Ok(HttpResponse::new(ok, SdkBody::from(answer))))
    }
}
