//! Events of a user that are written at the same moment: DynamoDB cancels all transactions but one.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::{Client, Config};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use cognito_events::post_confirmation::Event;
use profiles::{Profiles, User};
use serde_json::json;
use time::OffsetDateTime;

/// Cancels so many transactions for this reason, and takes the next one.
#[derive(Debug, Clone)]
struct Cancelling {
    reason: &'static str,
    left: Arc<AtomicUsize>,
    asked: Arc<AtomicUsize>,
}

impl HttpConnector for Cancelling {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let cancels = |left: usize| left.checked_sub(1);
        let cancelled = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, cancels);
        let (status, body) = match cancelled {
            Ok(_) => {
                let error = json!({
                    "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
                    "CancellationReasons": [{"Code": self.reason}, {"Code": "None"}],
                });
                (400, error)
            }
            Err(_) => (200, json!({})),
        };
        let status = StatusCode::try_from(status).unwrap();
        let response = HttpResponse::new(status, SdkBody::from(body.to_string()));
        HttpConnectorFuture::ready(Ok(response))
    }
}

/// Whether a password reset is noted after so many cancellations, and how often the table was asked.
async fn note(reason: &'static str, cancellations: usize) -> (bool, usize) {
    let table = Cancelling {
        reason,
        left: Arc::new(AtomicUsize::new(cancellations)),
        asked: Arc::default(),
    };
    let connector = SharedHttpConnector::new(table.clone());
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(Credentials::new("local", "local", None, None, "in process"))
        .http_client(http_client_fn(move |_, _| connector.clone()))
        .region(Region::from_static("us-east-1"))
        .retry_config(RetryConfig::disabled())
        .build();
    let profiles = Profiles::new(Client::from_conf(config), "profiles");
    let event = json!({"request": {"userAttributes": {"sub": "u-1"}}});
    let event: Event = serde_json::from_value(event).unwrap();
    let user = User::of(&event, &event.request.user_attributes, &[]).unwrap();
    let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
    let noted = profiles.note_password_reset(&user, now).await;
    (noted.is_ok(), table.asked.load(Ordering::Relaxed))
}

#[tokio::test]
async fn a_conflict_is_tried_again_and_a_repetition_is_not() {
    for (reason, cancellations, expected) in [
        ("TransactionConflict", 0, (true, 1)),
        ("TransactionConflict", 1, (true, 2)),
        ("TransactionConflict", 2, (true, 3)),
        ("TransactionConflict", 3, (false, 3)),
        ("ConditionalCheckFailed", 1, (true, 1)),
        ("ThrottlingError", 1, (false, 1)),
    ] {
        let noted = note(reason, cancellations).await;
        assert_eq!(noted, expected, "{cancellations} times {reason}");
    }
}
