//! The memberships of users who have come.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use embedded_dynamodb::{Tables, cut_at_every_await};
use function_tests::{items, put};
use legacy_users::{Carried, LegacyUsers};
use serde_json::{Value, json};

use crate::{at, name, tables};

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
