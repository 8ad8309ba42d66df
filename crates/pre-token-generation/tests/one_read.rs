//! What the table is asked: one item for each token, as it is at this moment.

mod table;

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::interceptors::BeforeSerializationInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::operation::get_item::GetItemInput;
use cognito_events::pre_token_generation::Event;
use pre_token_generation::{Memberships, handle};
use serde_json::json;

/// The requests that reached the client.
#[derive(Debug, Default, Clone)]
struct Reads(Arc<Mutex<Vec<GetItemInput>>>);

impl Intercept for Reads {
    fn name(&self) -> &'static str {
        "Reads"
    }

    fn read_before_execution(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let input = context.input().downcast_ref::<GetItemInput>();
        let input = input.expect("this function reads single items");
        let mut reads = self.0.lock().expect("no test panics with it");
        reads.push(input.clone());
        Ok(())
    }
}

#[tokio::test]
async fn each_token_costs_one_consistent_read() {
    for (source, attributes, subject) in [
        (
            "TokenGeneration_RefreshTokens",
            json!({"sub": "u-1"}),
            Some("user#u-1"),
        ),
        ("TokenGeneration_RefreshTokens", json!({}), None),
        (
            "TokenGeneration_ClientCredentials",
            json!({}),
            Some("client#web"),
        ),
    ] {
        let config = table::config([("CLAIMS_IN", ""), ("GRANTABLE_GROUPS", "")]);
        let (tables, _) = table::memberships(&config, &[]);
        let reads = Reads::default();
        let watched = tables
            .client()
            .config()
            .to_builder()
            .interceptor(reads.clone());
        let memberships = Memberships::new(Client::from_conf(watched.build()), &config);
        let event: Event = serde_json::from_value(json!({
            "version": "3",
            "triggerSource": source,
            "callerContext": {"clientId": "web"},
            "request": {"userAttributes": attributes},
        }))
        .unwrap();
        let answer = handle(event, &config, &memberships).await;
        assert_eq!(answer.is_ok(), subject.is_some(), "{subject:?}");

        let reads = reads.0.lock().unwrap();
        assert_eq!(reads.len(), usize::from(subject.is_some()), "{subject:?}");
        for read in &*reads {
            let key = read.key().unwrap();
            assert_eq!(key["subject"].as_s().unwrap(), subject.unwrap());
            assert_eq!(read.consistent_read(), Some(true));
        }
    }
}
