//! The AWS SDK as a caller: what it sends is understood, and it understands the answers.
#![expect(
    clippy::unwrap_used,
    reason = "a test may unwrap, and so may what its tests share"
)]

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType,
    ScalarAttributeType, TimeToLiveSpecification, TimeToLiveStatus,
};
use embedded_dynamodb::{Tables, cut_at_every_await, unreachable_client};

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

async fn create_invitations(client: &Client) {
    client
        .create_table()
        .table_name("invitations")
        .attribute_definitions(
            AttributeDefinition::builder()
                .attribute_name("code")
                .attribute_type(ScalarAttributeType::S)
                .build()
                .unwrap(),
        )
        .key_schema(
            KeySchemaElement::builder()
                .attribute_name("code")
                .key_type(KeyType::Hash)
                .build()
                .unwrap(),
        )
        .billing_mode(BillingMode::PayPerRequest)
        .send()
        .await
        .unwrap();
}

async fn invitations_in_memory() -> Client {
    let client = Tables::in_memory().unwrap().client();
    create_invitations(&client).await;
    client
}

async fn put(client: &Client, code: &str) {
    client
        .put_item()
        .table_name("invitations")
        .item("code", text(code))
        .item("uses", AttributeValue::N("0".to_owned()))
        .send()
        .await
        .unwrap();
}

async fn get(client: &Client, code: &str) -> Option<HashMap<String, AttributeValue>> {
    client
        .get_item()
        .table_name("invitations")
        .key("code", text(code))
        .send()
        .await
        .unwrap()
        .item
}

#[tokio::test]
async fn items_are_put_got_queried_and_deleted() {
    let client = invitations_in_memory().await;
    put(&client, "spring").await;

    let spring = get(&client, "spring").await.unwrap();
    assert_eq!(spring["uses"], AttributeValue::N("0".to_owned()));
    assert_eq!(get(&client, "autumn").await, None);

    let found = client
        .query()
        .table_name("invitations")
        .key_condition_expression("code = :code")
        .expression_attribute_values(":code", text("spring"))
        .send()
        .await
        .unwrap();
    assert_eq!(found.items, Some(vec![spring]));

    client
        .delete_item()
        .table_name("invitations")
        .key("code", text("spring"))
        .send()
        .await
        .unwrap();
    assert_eq!(get(&client, "spring").await, None);
}

#[tokio::test]
async fn a_condition_that_does_not_hold_is_the_sdks_own_exception() {
    let client = invitations_in_memory().await;
    put(&client, "spring").await;

    let refused = client
        .update_item()
        .table_name("invitations")
        .key("code", text("spring"))
        .update_expression("SET uses = uses + :one")
        .condition_expression("uses < :most")
        .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
        .expression_attribute_values(":most", AttributeValue::N("0".to_owned()))
        .send()
        .await
        .unwrap_err()
        .into_service_error();

    assert!(
        refused.is_conditional_check_failed_exception(),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_missing_table_is_the_sdks_own_exception() {
    let client = Tables::in_memory().unwrap().client();
    let missing = client
        .get_item()
        .table_name("nowhere")
        .key("code", text("spring"))
        .send()
        .await
        .unwrap_err()
        .into_service_error();
    assert!(missing.is_resource_not_found_exception(), "{missing:?}");
}

#[tokio::test]
async fn time_to_live_is_recorded_and_deletes_nothing_by_itself() {
    let client = invitations_in_memory().await;
    client
        .update_time_to_live()
        .table_name("invitations")
        .time_to_live_specification(
            TimeToLiveSpecification::builder()
                .attribute_name("expiresAt")
                .enabled(true)
                .build()
                .unwrap(),
        )
        .send()
        .await
        .unwrap();
    client
        .put_item()
        .table_name("invitations")
        .item("code", text("last year's"))
        .item("expiresAt", AttributeValue::N("1".to_owned()))
        .send()
        .await
        .unwrap();

    let described = client
        .describe_time_to_live()
        .table_name("invitations")
        .send()
        .await
        .unwrap()
        .time_to_live_description
        .unwrap();
    assert_eq!(
        described.time_to_live_status,
        Some(TimeToLiveStatus::Enabled)
    );
    assert!(get(&client, "last year's").await.is_some());
}

#[tokio::test]
async fn a_dropped_request_is_cut_before_and_after_its_effect() {
    let client = invitations_in_memory().await;
    put(&client, "spring").await;

    let (_, cuts) = cut_at_every_await(|| async {
        client
            .update_item()
            .table_name("invitations")
            .key("code", text("spring"))
            .update_expression("SET uses = uses + :one")
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .send()
            .await
            .unwrap();
    })
    .await;

    // Cut before the effect, cut after it, and the run that completed.
    assert_eq!(cuts, 2);
    let spring = get(&client, "spring").await.unwrap();
    assert_eq!(spring["uses"], AttributeValue::N("2".to_owned()));
}

#[tokio::test]
async fn a_file_keeps_what_was_put() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("tables.db");

    let client = Tables::in_file(&path).unwrap().client();
    create_invitations(&client).await;
    put(&client, "spring").await;
    drop(client);

    let client = Tables::in_file(&path).unwrap().client();
    assert!(get(&client, "spring").await.is_some());
}

#[test]
fn a_file_that_cannot_be_opened_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("missing").join("tables.db");
    let error = Tables::in_file(&path).err().unwrap();
    assert_eq!(
        error.to_string(),
        format!("failed to open the tables in {}", path.display())
    );
}

#[tokio::test]
async fn nobody_answers_an_unreachable_client() {
    let error = unreachable_client().list_tables().send().await.unwrap_err();
    assert!(
        error.as_service_error().is_none() && format!("{error:?}").contains("ConnectionRefused"),
        "{error:?}"
    );
}
