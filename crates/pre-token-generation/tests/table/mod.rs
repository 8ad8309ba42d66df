//! The tables in this process.

use embedded_dynamodb::Tables;
use entrypoint::Env;
use function_tests::create;
use pre_token_generation::{Config, Outside};
use time::OffsetDateTime;

pub(crate) const TABLE: &str = "memberships";

pub(crate) const BLOCKS: &str = "blocks";

/// A configuration with this table and these variables.
pub(crate) fn config<const N: usize>(variables: [(&str, &str); N]) -> Config {
    let mut pairs = [("", ""); 8];
    pairs[0] = ("MEMBERSHIPS_TABLE", TABLE);
    pairs[1..=N].copy_from_slice(&variables);
    Config::from_env(Env::of_pairs(pairs)).expect("tests set what can be set")
}

/// A fixed time at which all tests take place: 2027-01-15, 08:00 UTC.
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).expect("it is in range")
}

/// The tables in this process, with these memberships, in DynamoDB's JSON, and no blocks.
pub(crate) fn outside(config: &Config, items: &[&str]) -> (Tables, Outside) {
    let tables = Tables::in_memory().expect("memory is there");
    for table in [TABLE, BLOCKS] {
        create(&tables, table, &["subject"]);
    }
    for item in items {
        put(&tables, TABLE, item);
    }
    let outside = Outside::new(tables.client(), config);
    (tables, outside)
}

/// Writes one item, in DynamoDB's JSON.
pub(crate) fn put(tables: &Tables, table: &str, item: &str) {
    let item = serde_json::from_str(item).expect("it is JSON");
    function_tests::put(tables, table, &item);
}
