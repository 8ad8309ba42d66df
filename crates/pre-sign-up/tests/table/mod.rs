//! An invitations table in this process.

use embedded_dynamodb::Tables;
use entrypoint::Env;
use invitations::Invitations;
use pre_sign_up::{Config, Outside};
use serde_json::{Value, json};
use time::OffsetDateTime;

pub(crate) const TABLE: &str = "invitations";

/// A configuration with this table: invitations are required, and may confirm.
pub(crate) fn config() -> Config {
    Config::from_env(Env::of_pairs([
        ("DENIED_DOMAINS", "denied.example"),
        ("INVITATIONS", "required"),
        ("INVITATIONS_TABLE", TABLE),
        ("INVITATION_CONFIRMS", "true"),
        ("FEDERATED_SIGN_UP", "domain-rules"),
    ]))
    .unwrap()
}

/// A fixed time at which all tests take place: 2027-01-15, 08:00 UTC.
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
}

/// A table with these items, in DynamoDB's JSON.
pub(crate) fn invitations(items: &[Value]) -> (Tables, Invitations) {
    let tables = Tables::in_memory().unwrap();
    let table = json!({
        "TableName": TABLE,
        "AttributeDefinitions": [{"AttributeName": "code", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "code", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
    });
    request(&tables, "CreateTable", &table);
    for item in items {
        put(&tables, item);
    }
    let invitations = Invitations::new(tables.client(), TABLE);
    (tables, invitations)
}

/// This table, and nothing else.
pub(crate) fn outside(invitations: &Invitations) -> Outside {
    Outside {
        invitations: Some(invitations.clone()),
        ..Outside::default()
    }
}

/// Writes one item, in DynamoDB's JSON.
pub(crate) fn put(tables: &Tables, item: &Value) {
    request(
        tables,
        "PutItem",
        &json!({"TableName": TABLE, "Item": item}),
    );
}

#[track_caller]
pub(crate) fn request(tables: &Tables, operation: &str, body: &Value) -> Value {
    let answer = tables.answer(operation, body.to_string().as_bytes());
    let text = String::from_utf8_lossy(&answer.body);
    assert_eq!(answer.status, 200, "{operation}: {text}");
    serde_json::from_slice(&answer.body).unwrap()
}
