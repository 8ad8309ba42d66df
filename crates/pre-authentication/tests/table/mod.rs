//! A table of blocks in this process.

use admission::Blocks;
use embedded_dynamodb::Tables;
use serde_json::{Value, json};
use time::OffsetDateTime;

pub(crate) const TABLE: &str = "blocks";

/// A fixed time at which all tests take place: 2027-01-15, 08:00 UTC.
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
}

/// A table with these items, in DynamoDB's JSON.
pub(crate) fn blocks(items: &[Value]) -> (Tables, Blocks) {
    let tables = Tables::in_memory().unwrap();
    let table = json!({
        "TableName": TABLE,
        "AttributeDefinitions": [{"AttributeName": "subject", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "subject", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
    });
    request(&tables, "CreateTable", &table);
    for item in items {
        let item = json!({"TableName": TABLE, "Item": item});
        request(&tables, "PutItem", &item);
    }
    let blocks = Blocks::new(tables.client(), TABLE);
    (tables, blocks)
}

#[track_caller]
fn request(tables: &Tables, operation: &str, body: &Value) {
    let answer = tables.answer(operation, body.to_string().as_bytes());
    let text = String::from_utf8_lossy(&answer.body);
    assert_eq!(answer.status, 200, "{operation}: {text}");
}
