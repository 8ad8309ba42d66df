//! What the table keeps of users who are imported, who move, and whose memberships are carried on.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod arrival;
mod membership;

use embedded_dynamodb::{Tables, throttled_client, unreachable_client};
use function_tests::{create, items, put};
use legacy_users::{Departure, LegacyName, LegacyUsers, State};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

/// So many seconds after 2027-01-15, 08:00 UTC.
fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap() + Duration::seconds(seconds)
}

fn name(text: &str) -> LegacyName {
    LegacyName::normalised(text).unwrap()
}

/// Empty tables, and the one of legacy users.
fn tables() -> (Tables, LegacyUsers) {
    let tables = Tables::in_memory().unwrap();
    create(&tables, "legacy-users", &["user"]);
    create(&tables, "memberships", &["subject"]);
    let legacy_users = LegacyUsers::new(tables.client(), "legacy-users");
    (tables, legacy_users)
}

fn departure(name: &LegacyName) -> Departure<'_> {
    Departure {
        name,
        cohort: None,
        membership: None,
        keep_for: None,
    }
}

/// Whether the user is marked who was read so.
async fn moves(legacy_users: &LegacyUsers, name: &LegacyName, read: State, seconds: i64) -> bool {
    let departure = departure(name);
    let marked = legacy_users.mark_migrated(&departure, read, at(seconds));
    marked.await.unwrap()
}

#[tokio::test]
async fn a_tombstone_says_that_somebody_has_moved_with_or_without_a_row() {
    let (tables, legacy_users) = tables();
    let ines = name("ines");
    assert_eq!(
        legacy_users.find(&ines).await.unwrap().state,
        State::Waiting
    );
    assert!(moves(&legacy_users, &ines, State::Waiting, 0).await);
    assert!(
        !moves(&legacy_users, &ines, State::Waiting, 5).await,
        "once"
    );

    let awaited = State::Awaited(at(0));
    assert_eq!(legacy_users.find(&ines).await.unwrap().state, awaited);
    let names = [ines.clone()];
    legacy_users.note_arrival(&names).await.unwrap();
    let migrated = State::Migrated(at(0));
    assert_eq!(legacy_users.find(&ines).await.unwrap().state, migrated);
    let key = json!({"TableName": "legacy-users", "Key": {"user": {"S": "ines"}}});
    function_tests::request(&tables, "DeleteItem", &key);
    let standing = legacy_users.find(&ines).await.unwrap();
    assert_eq!((standing.row, standing.state), (None, migrated));

    put(&tables, "legacy-users", &user_item("ines"));
    let standing = legacy_users.find(&ines).await.unwrap();
    assert!(standing.row.is_some());
    assert_eq!(standing.state, migrated);
    for read in [State::Waiting, awaited, migrated] {
        assert!(!moves(&legacy_users, &ines, read, 10).await, "{read:?}");
    }
    assert_eq!(items(&tables, "legacy-users")[0], user_item("ines"));
}

fn user_item(text: &str) -> Value {
    json!({"user": {"S": text}, "state": {"S": "waiting"}})
}

#[tokio::test]
async fn who_must_not_move_is_not_marked() {
    let (tables, legacy_users) = tables();
    let deleted = json!({"user": {"S": "ines"}, "state": {"S": "deleted"}});
    put(&tables, "legacy-users", &deleted);
    let ines = name("ines");
    for read in [State::Waiting, State::Awaited(at(0))] {
        assert!(!moves(&legacy_users, &ines, read, 5).await, "{read:?}");
    }
    assert_eq!(items(&tables, "legacy-users"), [deleted]);
}

#[tokio::test]
async fn what_a_source_says_of_a_user_is_kept_beside_what_the_row_says() {
    let (tables, legacy_users) = tables();
    let row = json!({"user": {"S": "kim"}, "cohort": {"S": "own"}});
    put(&tables, "legacy-users", &row);
    let membership = [(
        "tenant".to_owned(),
        aws_sdk_dynamodb::types::AttributeValue::S("t-1".to_owned()),
    )];
    let membership = membership.into();
    for text in ["ines", "kim"] {
        let name = name(text);
        let departure = Departure {
            cohort: Some("source's"),
            membership: Some(&membership),
            keep_for: Some(Duration::days(1)),
            ..departure(&name)
        };
        let marked = legacy_users.mark_migrated(&departure, State::Waiting, at(0));
        assert!(marked.await.unwrap());
    }
    let row = |user: &str, cohort: &str| {
        json!({
            "user": {"S": user},
            "state": {"S": "migrated"},
            "cohort": {"S": cohort},
            "membership": {"M": {"tenant": {"S": "t-1"}}},
            "migratedAt": {"N": "1800000000"},
            "expiresAt": {"N": "1800086400"},
        })
    };
    let rows = items(&tables, "legacy-users");
    assert_eq!(rows[..2], [row("ines", "source's"), row("kim", "own")]);
}

#[tokio::test]
async fn a_table_that_is_gone_or_throttled_is_an_error() {
    for client in [unreachable_client(), throttled_client()] {
        let legacy_users = LegacyUsers::new(client, "legacy-users");
        let ines = name("ines");
        assert!(legacy_users.find(&ines).await.is_err());
        let departure = departure(&ines);
        let marked = legacy_users.mark_migrated(&departure, State::Waiting, at(0));
        assert!(marked.await.is_err());
        let names = [ines.clone()];
        assert!(legacy_users.note_arrival(&names).await.is_err());
        let carried = legacy_users.carry_membership(&names, "u-1", "memberships", at(0));
        assert!(carried.await.is_err());
    }
}
