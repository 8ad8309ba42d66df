//! A user pool in this process: who was put into which of its groups.

use std::collections::BTreeSet;
use std::fmt;
use std::future::pending;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use aws_sdk_cognitoidentityprovider::config::retry::RetryConfig;
use aws_sdk_cognitoidentityprovider::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_cognitoidentityprovider::{Client, Config};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use serde_json::Value;
use tokio::task::yield_now;

#[derive(Clone, Default)]
pub(crate) struct UserPool {
    /// 500: every call fails; 0: none is ever answered; anything else: all is well.
    pub(crate) health: Arc<AtomicU16>,
    groups: BTreeSet<String>,
    done: Arc<Mutex<Vec<String>>>,
}

impl UserPool {
    pub(crate) fn with_groups<const N: usize>(groups: [&str; N]) -> Self {
        Self {
            health: Arc::new(AtomicU16::new(200)),
            groups: groups.map(str::to_owned).into(),
            done: Arc::default(),
        }
    }

    /// A client of it. A call gives way once before its effect and once after it, so that a dropped call can have had its effect or not.
    pub(crate) fn client(&self) -> Client {
        let connector = SharedHttpConnector::new(self.clone());
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .credentials_provider(Credentials::new("local", "local", None, None, "in process"))
            .http_client(http_client_fn(move |_, _| connector.clone()))
            .region(Region::from_static("us-east-1"))
            .retry_config(RetryConfig::disabled())
            .build();
        Client::from_conf(config)
    }

    /// What was done to whom, in the order of the calls.
    pub(crate) fn done(&self) -> Vec<String> {
        self.done.lock().expect("nobody panics with it").clone()
    }

    fn answer(&self, operation: &str, body: &Value) -> (u16, &'static str) {
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let user = format!("{}/{}", text("UserPoolId"), text("Username"));
        let effect = match operation {
            "AdminAddUserToGroup" if self.groups.contains(&text("GroupName")) => {
                format!("{user} joins {}", text("GroupName"))
            }
            "AdminAddUserToGroup" => {
                return (400, r#"{"__type":"ResourceNotFoundException"}"#);
            }
            _ => return (400, r#"{"__type":"InvalidParameterException"}"#),
        };
        self.done
            .lock()
            .expect("nobody panics with it")
            .push(effect);
        (200, "{}")
    }
}

impl HttpConnector for UserPool {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let pool = self.clone();
        HttpConnectorFuture::new(async move {
            yield_now().await;
            let target = request.headers().get("x-amz-target").unwrap_or_default();
            let operation = target.rsplit('.').next().unwrap_or_default();
            let body = request.body().bytes().unwrap_or_default();
            let body = serde_json::from_slice(body).unwrap_or_default();
            let (status, answer) = match pool.health.load(Ordering::Relaxed) {
                0 => pending().await,
                500 => (500, r#"{"__type":"InternalErrorException"}"#),
                _ => pool.answer(operation, &body),
            };
            yield_now().await;
            let status = StatusCode::try_from(status).expect("it is a status");
            Ok(HttpResponse::new(status, SdkBody::from(answer)))
        })
    }
}

impl fmt::Debug for UserPool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("UserPool")
    }
}
