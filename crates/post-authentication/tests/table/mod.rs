//! A table of profiles in this process.

use embedded_dynamodb::Tables;
use serde_json::{Value, json};

pub(crate) const PROFILES: &str = "profiles";

/// A table with these items, in DynamoDB's JSON.
pub(crate) fn profiles<const N: usize>(items: [Value; N]) -> Tables {
    let tables = Tables::in_memory().expect("memory is there");
    let table = json!({
        "TableName": PROFILES,
        "AttributeDefinitions": [
            {"AttributeName": "subject", "AttributeType": "S"},
            {"AttributeName": "record", "AttributeType": "S"},
        ],
        "KeySchema": [
            {"AttributeName": "subject", "KeyType": "HASH"},
            {"AttributeName": "record", "KeyType": "RANGE"},
        ],
        "BillingMode": "PAY_PER_REQUEST",
    });
    request(&tables, "CreateTable", &table);
    for item in items {
        let put = json!({"TableName": PROFILES, "Item": item});
        request(&tables, "PutItem", &put);
    }
    tables
}

/// All items of the table, by their keys.
pub(crate) fn items(tables: &Tables) -> Value {
    let mut items = request(tables, "Scan", &json!({"TableName": PROFILES}))["Items"].take();
    if let Some(items) = items.as_array_mut() {
        items.sort_by_key(|item| format!("{}{}", item["subject"], item["record"]));
    }
    items
}

#[track_caller]
fn request(tables: &Tables, operation: &str, body: &Value) -> Value {
    let answer = tables.answer(operation, body.to_string().as_bytes());
    let text = String::from_utf8_lossy(&answer.body);
    assert_eq!(answer.status, 200, "{operation}: {text}");
    serde_json::from_slice(&answer.body).expect("the tables answer JSON")
}
