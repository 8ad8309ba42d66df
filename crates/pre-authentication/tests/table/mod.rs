//! A table of blocks in this process.

use admission::Blocks;
use embedded_dynamodb::Tables;
use function_tests::{create, put};
use serde_json::Value;
use time::OffsetDateTime;

pub(crate) const TABLE: &str = "blocks";

/// A fixed time at which all tests take place: 2027-01-15, 08:00 UTC.
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
}

/// A table with these items, in DynamoDB's JSON.
pub(crate) fn blocks(items: &[Value]) -> (Tables, Blocks) {
    let tables = Tables::in_memory().unwrap();
    create(&tables, TABLE, &["subject"]);
    for item in items {
        put(&tables, TABLE, item);
    }
    let blocks = Blocks::new(tables.client(), TABLE);
    (tables, blocks)
}
