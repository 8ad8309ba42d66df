//! Who has moved and not come may move again, and whoever has come never does.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use embedded_dynamodb::{Tables, cut_at_every_await};
use function_tests::{items, put};
use legacy_users::{LegacyUsers, State};
use serde_json::{Value, json};

use crate::{at, moves, name, tables};

fn row(seconds: i64) -> Value {
    let at = at(seconds).unix_timestamp().to_string();
    json!({"user": {"S": "ines"}, "state": {"S": "migrated"}, "migratedAt": {"N": at}})
}

fn tombstone(seconds: i64, is_awaited: bool) -> Value {
    let at = at(seconds).unix_timestamp().to_string();
    let mut tombstone = json!({"user": {"S": "tombstone#ines"}, "migratedAt": {"N": at}});
    if is_awaited {
        tombstone["awaited"] = json!({"BOOL": true});
    }
    tombstone
}

/// Ines, who has moved at the beginning.
async fn moved() -> (Tables, LegacyUsers) {
    let (tables, legacy_users) = tables();
    assert!(moves(&legacy_users, &name("ines"), State::Waiting, 0).await);
    assert_eq!(items(&tables, "legacy-users"), [row(0), tombstone(0, true)]);
    (tables, legacy_users)
}

async fn arrives(legacy_users: &LegacyUsers, names: &[&str]) {
    let names: Vec<_> = names.iter().map(|text| name(text)).collect();
    legacy_users.note_arrival(&names).await.unwrap();
}

#[tokio::test]
async fn whom_the_pool_has_not_had_moves_again_and_once_at_a_time() {
    let (tables, legacy_users) = moved().await;
    let ines = name("ines");
    let run = |seconds| moves(&legacy_users, &ines, State::Awaited(at(0)), seconds);
    let moved = <[bool; 3]>::from(tokio::join!(run(5_000), run(5_000), run(5_000)));
    let count = moved.iter().filter(|moved| **moved).count();
    assert_eq!(count, 1, "{moved:?}");
    let left = [row(5_000), tombstone(5_000, true)];
    assert_eq!(items(&tables, "legacy-users"), left);
    assert!(!run(9_000).await, "it was read before the second move");
    assert_eq!(items(&tables, "legacy-users"), left);
}

#[tokio::test]
async fn whoever_has_come_never_moves_again() {
    let (tables, legacy_users) = moved().await;
    arrives(&legacy_users, &["u-1", "ines"]).await;
    let left = [row(0), tombstone(0, false)];
    assert_eq!(items(&tables, "legacy-users"), left);
    let ines = name("ines");
    let standing = legacy_users.find(&ines).await.unwrap();
    assert_eq!(standing.state, State::Migrated(at(0)));
    for read in [State::Awaited(at(0)), State::Waiting] {
        assert!(!moves(&legacy_users, &ines, read, 5_000).await, "{read:?}");
    }
    assert_eq!(items(&tables, "legacy-users"), left);
}

#[tokio::test]
async fn an_arrival_that_was_cut_anywhere_or_comes_again_is_noted() {
    let (tables, legacy_users) = moved().await;
    let run = || arrives(&legacy_users, &["ines"]);
    let ((), cuts) = cut_at_every_await(run).await;
    assert!(cuts >= 4, "only {cuts} cuts");
    assert_eq!(
        items(&tables, "legacy-users"),
        [row(0), tombstone(0, false)]
    );
    let (tables, legacy_users) = moved().await;
    let run = || arrives(&legacy_users, &["ines"]);
    tokio::join!(run(), run(), run());
    assert_eq!(
        items(&tables, "legacy-users"),
        [row(0), tombstone(0, false)]
    );
}

/// Of a name that nobody has moved by, of a tombstone that somebody takes away in between, and of one that was made without the mark.
#[tokio::test]
async fn an_arrival_leaves_nothing_that_was_not_there() {
    let (tables, legacy_users) = moved().await;
    arrives(&legacy_users, &["jan", "u-1"]).await;
    assert_eq!(items(&tables, "legacy-users"), [row(0), tombstone(0, true)]);

    let mut overtaken = pin!(arrives(&legacy_users, &["ines"]));
    // Each request gives way before its effect and after it: the read is done, and the write is on its way.
    for _ in 0..3 {
        let polled = poll_fn(|context| Poll::Ready(overtaken.as_mut().poll(context)));
        assert_eq!(polled.await, Poll::Pending);
    }
    let key = json!({"TableName": "legacy-users", "Key": {"user": {"S": "tombstone#ines"}}});
    function_tests::request(&tables, "DeleteItem", &key);
    overtaken.await;
    assert_eq!(items(&tables, "legacy-users"), [row(0)]);

    put(&tables, "legacy-users", &tombstone(0, false));
    arrives(&legacy_users, &["ines"]).await;
    let standing = legacy_users.find(&name("ines")).await.unwrap();
    assert_eq!(standing.state, State::Migrated(at(0)));
}
