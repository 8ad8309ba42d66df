//! The tables in this process.

use embedded_dynamodb::Tables;
use function_tests::{create, put};
use serde_json::Value;

pub(crate) const PROFILES: &str = "profiles";
pub(crate) const DEFAULT_GROUPS: &str = "default-groups";
pub(crate) const INVITATIONS: &str = "invitations";

/// Tables with these items, in DynamoDB's JSON.
pub(crate) fn tables<const N: usize>(items: [(&str, Value); N]) -> Tables {
    let tables = Tables::in_memory().expect("memory is there");
    create(&tables, PROFILES, &["subject", "record"]);
    create(&tables, DEFAULT_GROUPS, &["rule"]);
    create(&tables, INVITATIONS, &["code"]);
    for (table, item) in items {
        put(&tables, table, &item);
    }
    tables
}
