//! A table of profiles in this process.

use embedded_dynamodb::Tables;
use function_tests::{create, put};
use serde_json::Value;

pub(crate) const PROFILES: &str = "profiles";

/// A table with these items, in DynamoDB's JSON.
pub(crate) fn profiles<const N: usize>(items: [Value; N]) -> Tables {
    let tables = Tables::in_memory().expect("memory is there");
    create(&tables, PROFILES, &["subject", "record"]);
    for item in items {
        put(&tables, PROFILES, &item);
    }
    tables
}
