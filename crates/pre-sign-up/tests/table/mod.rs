//! An invitations table in this process.

use embedded_dynamodb::Tables;
use entrypoint::Env;
use function_tests::{create, put};
use invitations::Invitations;
use pre_sign_up::{Config, Outside};
use serde_json::Value;
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
    create(&tables, TABLE, &["code"]);
    for item in items {
        put(&tables, TABLE, item);
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
