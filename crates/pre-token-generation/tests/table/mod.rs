//! A memberships table in this process.

use embedded_dynamodb::Tables;
use entrypoint::Env;
use pre_token_generation::{Config, Memberships};

const TABLE: &str = "memberships";

/// A configuration with this table and these two variables.
pub(crate) fn config(variables: [(&str, &str); 2]) -> Config {
    let [first, second] = variables;
    Config::from_env(Env::of_pairs([("MEMBERSHIPS_TABLE", TABLE), first, second]))
        .expect("tests set what can be set")
}

/// A table with these items, in DynamoDB's JSON.
pub(crate) fn memberships(config: &Config, items: &[&str]) -> (Tables, Memberships) {
    let tables = Tables::in_memory().expect("memory is there");
    let schema = r#""AttributeDefinitions":[{"AttributeName":"subject","AttributeType":"S"}],
        "KeySchema":[{"AttributeName":"subject","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST""#;
    request(&tables, "CreateTable", schema);
    for item in items {
        put(&tables, item);
    }
    let memberships = Memberships::new(tables.client(), config);
    (tables, memberships)
}

/// Writes one item, in DynamoDB's JSON.
pub(crate) fn put(tables: &Tables, item: &str) {
    request(tables, "PutItem", &format!(r#""Item":{item}"#));
}

#[track_caller]
fn request(tables: &Tables, operation: &str, members: &str) {
    let body = format!(r#"{{"TableName":"{TABLE}",{members}}}"#);
    let answer = tables.answer(operation, body.as_bytes());
    let text = String::from_utf8_lossy(&answer.body);
    assert_eq!(answer.status, 200, "{operation}: {text}");
}
