//! What the tables are asked: one item and the blocks for each token, as they are at this moment.

mod table;

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::interceptors::BeforeSerializationInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemInput;
use aws_sdk_dynamodb::operation::get_item::GetItemInput;
use cognito_events::pre_token_generation::Event;
use pre_token_generation::{Outside, handle};
use serde_json::json;

/// The requests that reached the client.
#[derive(Debug, Default, Clone)]
struct Reads {
    items: Arc<Mutex<Vec<GetItemInput>>>,
    batches: Arc<Mutex<Vec<BatchGetItemInput>>>,
}

impl Intercept for Reads {
    fn name(&self) -> &'static str {
        "Reads"
    }

    fn read_before_execution(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let input = context.input();
        if let Some(batch) = input.downcast_ref::<BatchGetItemInput>() {
            let mut batches = self.batches.lock().expect("no test panics with it");
            batches.push(batch.clone());
            return Ok(());
        }
        let item = input.downcast_ref::<GetItemInput>();
        let item = item.expect("this function reads one item, and blocks");
        let mut items = self.items.lock().expect("no test panics with it");
        items.push(item.clone());
        Ok(())
    }
}

#[tokio::test]
async fn each_token_costs_one_consistent_read_of_each_table() {
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
        let config = table::config([("BLOCKS_TABLE", table::BLOCKS)]);
        let (tables, _) = table::outside(&config, &[]);
        let reads = Reads::default();
        let watched = tables
            .client()
            .config()
            .to_builder()
            .interceptor(reads.clone());
        let client = Client::from_conf(watched.build());
        let outside = Outside::new(client, &config);
        let event: Event = serde_json::from_value(json!({
            "version": "3",
            "triggerSource": source,
            "callerContext": {"clientId": "web"},
            "request": {"userAttributes": attributes},
        }))
        .unwrap();
        let answer = handle(event, &config, &outside, table::now()).await;
        assert_eq!(answer.is_ok(), subject.is_some(), "{subject:?}");

        let expected = usize::from(subject.is_some());
        let items = reads.items.lock().unwrap();
        assert_eq!(items.len(), expected, "{subject:?}");
        for read in &*items {
            let key = read.key().unwrap();
            assert_eq!(key["subject"].as_s().unwrap(), subject.unwrap());
            assert_eq!(read.consistent_read(), Some(true));
        }
        let batches = reads.batches.lock().unwrap();
        assert_eq!(batches.len(), expected, "{subject:?}");
        for read in &*batches {
            let asked = &read.request_items().unwrap()[table::BLOCKS];
            assert_eq!(asked.consistent_read(), Some(true));
            let keys = asked
                .keys()
                .iter()
                .map(|key| key["subject"].as_s().unwrap());
            let keys: Vec<_> = keys.collect();
            assert!(keys.contains(&&"pool".to_owned()), "{keys:?}");
            assert!(keys.contains(&&subject.unwrap().to_owned()), "{keys:?}");
        }
    }
}
