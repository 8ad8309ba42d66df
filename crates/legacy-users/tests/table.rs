//! What the table keeps of users who are imported, who move, and whose memberships are carried on.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use embedded_dynamodb::{Tables, cut_at_every_await, throttled_client, unreachable_client};
use function_tests::{create, items, put};
use legacy_users::{Carried, Departure, LegacyName, LegacyUsers, State};
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

#[tokio::test]
async fn a_tombstone_says_that_somebody_has_moved_with_or_without_a_row() {
    let (tables, legacy_users) = tables();
    let ines = name("ines");
    assert_eq!(
        legacy_users.find(&ines).await.unwrap().state,
        State::Waiting
    );
    let moves = legacy_users.mark_migrated(&departure(&ines), at(0)).await;
    assert!(moves.unwrap());
    let again = legacy_users.mark_migrated(&departure(&ines), at(5)).await;
    assert!(!again.unwrap(), "once");

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
    let back = legacy_users.mark_migrated(&departure(&ines), at(10)).await;
    assert!(!back.unwrap());
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
    let moves = legacy_users.mark_migrated(&departure(&ines), at(0)).await;
    assert!(!moves.unwrap());
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
        assert!(legacy_users.mark_migrated(&departure, at(0)).await.unwrap());
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

/// A row whose membership waits since that second.
fn with_membership(tables: &Tables, user: &str, since: i64, more: Value) {
    let mut row = json!({
        "user": {"S": user},
        "state": {"S": "migrated"},
        "migratedAt": {"N": at(since).unix_timestamp().to_string()},
        "membership": {"M": {"tenant": {"S": "t-1"}, "subject": {"S": "user#somebody-else"}}},
    });
    row.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    put(tables, "legacy-users", &row);
}

async fn carry(legacy_users: &LegacyUsers, names: &[&str]) -> Carried {
    let names: Vec<_> = names.iter().map(|text| name(text)).collect();
    let carried = legacy_users.carry_membership(&names, "u-1", "memberships", at(0));
    carried.await.unwrap()
}

#[tokio::test]
async fn a_membership_is_carried_once_to_the_user_who_has_come() {
    let (tables, legacy_users) = tables();
    with_membership(&tables, "ines@example.org", -60, json!({}));
    let names = ["u-1", "ines@example.org"];
    let run = || carry(&legacy_users, &names);
    let (carried, cuts) = cut_at_every_await(run).await;
    assert!(cuts >= 4, "only {cuts} cuts");
    assert_eq!(
        carried,
        Carried::Nothing,
        "the last cut came after the effect"
    );
    let membership = json!({"subject": {"S": "user#u-1"}, "tenant": {"S": "t-1"}});
    assert_eq!(items(&tables, "memberships"), [membership]);

    let taken_away = json!({"TableName": "memberships", "Key": {"subject": {"S": "user#u-1"}}});
    function_tests::request(&tables, "DeleteItem", &taken_away);
    assert_eq!(run().await, Carried::Nothing);
    assert_eq!(items(&tables, "memberships"), [Value::Null; 0]);
}

#[tokio::test]
async fn three_sign_ins_at_once_carry_one_membership() {
    let (tables, legacy_users) = tables();
    with_membership(&tables, "ines", -60, json!({}));
    let run = || carry(&legacy_users, &["ines"]);
    let carried = <[Carried; 3]>::from(tokio::join!(run(), run(), run()));
    let moved = carried
        .iter()
        .filter(|carried| **carried == Carried::Membership);
    assert_eq!(moved.count(), 1, "{carried:?}");
    assert_eq!(items(&tables, "memberships").len(), 1);
}

/// Somebody has taken the membership away, and a sign-in that read it before writes after that.
#[tokio::test]
async fn a_sign_in_that_was_overtaken_brings_nothing_back() {
    let (tables, legacy_users) = tables();
    with_membership(&tables, "ines", -60, json!({}));
    let mut overtaken = pin!(carry(&legacy_users, &["ines"]));
    // Each request gives way before its effect and after it: the read is done, and the write is on its way.
    for _ in 0..3 {
        let polled = poll_fn(|context| Poll::Ready(overtaken.as_mut().poll(context)));
        assert_eq!(polled.await, Poll::Pending);
    }
    assert_eq!(carry(&legacy_users, &["ines"]).await, Carried::Membership);
    let taken_away = json!({"TableName": "memberships", "Key": {"subject": {"S": "user#u-1"}}});
    function_tests::request(&tables, "DeleteItem", &taken_away);

    assert_eq!(overtaken.await, Carried::Kept);
    assert_eq!(items(&tables, "memberships"), [Value::Null; 0]);
}

#[tokio::test]
async fn a_membership_that_is_there_stays_as_it_is() {
    let (tables, legacy_users) = tables();
    with_membership(&tables, "ines", -60, json!({}));
    let own = json!({"subject": {"S": "user#u-1"}, "tenant": {"S": "t-2"}});
    put(&tables, "memberships", &own);
    assert_eq!(carry(&legacy_users, &["ines"]).await, Carried::Kept);
    assert_eq!(items(&tables, "memberships"), [own]);
}

#[tokio::test]
async fn only_who_moved_within_the_week_gets_a_membership() {
    const WEEK: i64 = 7 * 86_400;
    for (case, since, more, expected) in [
        ("just now", 0, json!({}), Carried::Membership),
        ("this week", 1 - WEEK, json!({}), Carried::Membership),
        ("before", -WEEK, json!({}), Carried::Nothing),
        (
            "waiting",
            0,
            json!({"state": {"S": "waiting"}}),
            Carried::Nothing,
        ),
        (
            "deleted",
            0,
            json!({"state": {"S": "deleted"}}),
            Carried::Nothing,
        ),
        (
            "over, and not yet gone",
            0,
            json!({"expiresAt": {"N": "1800000000"}}),
            Carried::Nothing,
        ),
    ] {
        let (tables, legacy_users) = tables();
        with_membership(&tables, "ines", since, more);
        assert_eq!(carry(&legacy_users, &["ines"]).await, expected, "{case}");
        let count = usize::from(expected == Carried::Membership);
        assert_eq!(items(&tables, "memberships").len(), count, "{case}");
    }
}

#[tokio::test]
async fn a_table_that_is_gone_or_throttled_is_an_error() {
    for client in [unreachable_client(), throttled_client()] {
        let legacy_users = LegacyUsers::new(client, "legacy-users");
        let ines = name("ines");
        assert!(legacy_users.find(&ines).await.is_err());
        let departure = departure(&ines);
        assert!(legacy_users.mark_migrated(&departure, at(0)).await.is_err());
        let names = [ines.clone()];
        let carried = legacy_users.carry_membership(&names, "u-1", "memberships", at(0));
        assert!(carried.await.is_err());
    }
}
