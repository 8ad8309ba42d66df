//! The tables in this process.

use embedded_dynamodb::Tables;
use serde_json::{Value, json};

pub(crate) const PROFILES: &str = "profiles";
pub(crate) const DEFAULT_GROUPS: &str = "default-groups";
pub(crate) const INVITATIONS: &str = "invitations";

/// Tables with these items, in DynamoDB's JSON.
pub(crate) fn tables<const N: usize>(items: [(&str, Value); N]) -> Tables {
    let tables = Tables::in_memory().expect("memory is there");
    for (name, key) in [
        (PROFILES, &["subject", "record"][..]),
        (DEFAULT_GROUPS, &["rule"]),
        (INVITATIONS, &["code"]),
    ] {
        let attributes = key
            .iter()
            .map(|name| json!({"AttributeName": name, "AttributeType": "S"}));
        let parts = key
            .iter()
            .zip(["HASH", "RANGE"])
            .map(|(name, kind)| json!({"AttributeName": name, "KeyType": kind}));
        let table = json!({
            "TableName": name,
            "AttributeDefinitions": attributes.collect::<Value>(),
            "KeySchema": parts.collect::<Value>(),
            "BillingMode": "PAY_PER_REQUEST",
        });
        request(&tables, "CreateTable", &table);
    }
    for (name, item) in items {
        request(
            &tables,
            "PutItem",
            &json!({"TableName": name, "Item": item}),
        );
    }
    tables
}

/// All items of a table, by their keys.
pub(crate) fn items(tables: &Tables, name: &str) -> Value {
    let mut items = request(tables, "Scan", &json!({"TableName": name}))["Items"].take();
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
