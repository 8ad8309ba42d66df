use embedded_dynamodb::Tables;
use serde_json::{Value, json};

/// Makes a table whose keys, one or two, are texts.
#[track_caller]
pub fn create(tables: &Tables, table: &str, keys: &[&str]) {
    let attributes = keys
        .iter()
        .map(|key| json!({"AttributeName": key, "AttributeType": "S"}));
    let schema = keys
        .iter()
        .zip(["HASH", "RANGE"])
        .map(|(key, kind)| json!({"AttributeName": key, "KeyType": kind}));
    let body = json!({
        "TableName": table,
        "AttributeDefinitions": attributes.collect::<Vec<_>>(),
        "KeySchema": schema.collect::<Vec<_>>(),
        "BillingMode": "PAY_PER_REQUEST",
    });
    request(tables, "CreateTable", &body);
}

/// Writes an item, in DynamoDB's JSON.
#[track_caller]
pub fn put(tables: &Tables, table: &str, item: &Value) {
    let body = json!({"TableName": table, "Item": item});
    request(tables, "PutItem", &body);
}

/// All items of the table, by their keys.
#[track_caller]
pub fn items(tables: &Tables, table: &str) -> Vec<Value> {
    let mut answer = request(tables, "Scan", &json!({"TableName": table}));
    let mut items = answer["Items"].as_array_mut().map(std::mem::take).unwrap();
    let keys = [
        "code",
        "rule",
        "subject",
        "record",
        "authenticator",
        "user",
        "identifier",
        "proof",
        "window",
    ];
    items.sort_by_cached_key(|item| keys.map(|key| item[key].to_string()));
    items
}

/// What DynamoDB answers an operation, which has to succeed.
#[track_caller]
pub fn request(tables: &Tables, operation: &str, body: &Value) -> Value {
    let answer = tables.answer(operation, body.to_string().as_bytes());
    let text = String::from_utf8_lossy(&answer.body);
    assert_eq!(answer.status, 200, "{operation}: {text}");
    serde_json::from_slice(&answer.body).unwrap()
}
