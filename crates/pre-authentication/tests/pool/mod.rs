//! A user pool in this process that knows one call, `AdminListGroupsForUser`, and one user's groups.

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
use pre_authentication::UserPool;
use serde_json::{Value, json};
use tokio::task::yield_now;

/// The calls that arrived.
pub(crate) type Calls = Arc<Mutex<Vec<Value>>>;

/// What the pool does when it is asked.
#[derive(Debug, Clone)]
pub(crate) enum Pool {
    /// Gives the groups, so many a page.
    Groups(Vec<String>, usize),
    /// Answers with this exception, whose text speaks of the user.
    Fails(&'static str),
}

/// A pool whose user is in these groups.
pub(crate) fn with_groups(groups: &[&str]) -> Pool {
    let groups = groups.iter().map(|group| (*group).to_owned()).collect();
    Pool::Groups(groups, 60)
}

impl Pool {
    /// The pool behind a client, and the calls that it gets.
    pub(crate) fn start(self) -> (UserPool, Calls) {
        let calls = Calls::default();
        let connector = SharedHttpConnector::new(InProcess {
            pool: self,
            calls: calls.clone(),
        });
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .credentials_provider(Credentials::new("test", "test", None, None, "test"))
            .http_client(http_client_fn(move |_, _| connector.clone()))
            .region(Region::from_static("eu-central-1"))
            .retry_config(RetryConfig::disabled())
            .build();
        (UserPool::new(Client::from_conf(config)), calls)
    }

    fn answer(&self, call: &Value) -> (u16, Value) {
        match self {
            Self::Fails(exception) => {
                let text = "no group for ines@example.org";
                (400, json!({"__type": exception, "message": text}))
            }
            Self::Groups(groups, a_page) => {
                let token = call["NextToken"].as_str().unwrap_or("0");
                let start: usize = token.parse().unwrap();
                let end = groups.len().min(start + a_page);
                let page = groups[start..end].iter();
                let page: Vec<_> = page.map(|name| json!({"GroupName": name})).collect();
                let mut answer = json!({"Groups": page});
                if end < groups.len() {
                    answer["NextToken"] = end.to_string().into();
                }
                (200, answer)
            }
        }
    }
}

#[derive(Debug)]
struct InProcess {
    pool: Pool,
    calls: Calls,
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap();
        assert_eq!(
            target,
            "AWSCognitoIdentityProviderService.AdminListGroupsForUser"
        );
        let call: Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        let (status, answer) = self.pool.answer(&call);
        self.calls.lock().unwrap().push(call);
        HttpConnectorFuture::new(async move {
            yield_now().await;
            let status = StatusCode::try_from(status).unwrap();
            let body = SdkBody::from(answer.to_string());
            Ok(HttpResponse::new(status, body))
        })
    }
}
