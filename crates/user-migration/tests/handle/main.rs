//! Who moves, what is left of it, and what it costs when nobody does.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod outages;
mod repetition;
mod stage;
mod tries;
mod work;

use cognito_events::user_migration::FinalUserStatus;
use function_tests::Log;
use serde_json::json;

use stage::{PASSWORD, Stage, at, event, forgot, ines, moved, row, sign_in};

#[tokio::test]
async fn a_right_password_moves_the_user_and_leaves_a_tombstone() {
    let stage = Stage::new(&[ines(json!({}))], []);
    let (reason, response) = stage
        .decided(sign_in("Ines@example.org", PASSWORD), at(0))
        .await
        .unwrap();
    assert_eq!(reason, "Migrated");
    assert_eq!(response.final_user_status, Some(FinalUserStatus::Confirmed));
    assert_eq!(stage.rows(), moved(0, json!({})));
}

#[tokio::test]
async fn nobody_else_moves_and_nothing_is_left() {
    let deleted = row("deleted@example.org", json!({"state": {"S": "deleted"}}));
    let unverified = row("new@example.org", json!({"verified": {"L": []}}));
    let without_hash = json!({"user": {"S": "lea@example.org"}, "attributes": {"M": {}}, "verified": {"SS": ["email"]}});
    let unusable = row(
        "md5@example.org",
        json!({"hash": {"S": "0cc175b9c0f1b6a831c399e269772661"}}),
    );
    let malformed = row("bad@example.org", json!({"verified": {"S": "yes"}}));
    let rows = [
        ines(json!({})),
        deleted,
        unverified,
        without_hash,
        unusable,
        malformed,
    ];
    let stage = Stage::new(&rows, []);
    let before = stage.rows();
    for (event, expected) in [
        (sign_in("ines@example.org", "wrong"), "NotThere"),
        (sign_in("ines@example.org", ""), "Implausible"),
        (sign_in("ines@example.org", &"x".repeat(257)), "Implausible"),
        (sign_in("unknown@example.org", PASSWORD), "NotThere"),
        (sign_in("deleted@example.org", PASSWORD), "MovedBefore"),
        (sign_in("deleted@example.org", "wrong"), "NotThere"),
        (sign_in("new@example.org", PASSWORD), "AddressNotVerified"),
        (sign_in("lea@example.org", PASSWORD), "NotThere"),
        (sign_in("md5@example.org", PASSWORD), "NotThere"),
        (sign_in("bad@example.org", PASSWORD), "NotThere"),
        (forgot("unknown@example.org"), "NotThere"),
        (forgot("deleted@example.org"), "MovedBefore"),
        (forgot("new@example.org"), "AddressNotVerified"),
        (
            event("UserMigration_Later", "ines@example.org", Some(PASSWORD)),
            "UnknownSource",
        ),
    ] {
        let case = format!("{expected} {:?}", event.trigger_source);
        assert_eq!(stage.answer(event, at(0)).await, expected, "{case}");
    }
    assert_eq!(stage.rows(), before);
}

#[tokio::test]
async fn who_has_forgotten_the_password_moves_and_sets_a_new_one() {
    let stage = Stage::new(&[ines(json!({}))], []);
    let (reason, response) = stage
        .decided(forgot("ines@example.org"), at(0))
        .await
        .unwrap();
    assert_eq!((reason, response.final_user_status), ("Migrated", None));
    assert_eq!(stage.rows(), moved(0, json!({})));
}

#[tokio::test]
async fn a_row_is_deleted_after_the_configured_days_and_its_tombstone_is_not() {
    let stage = Stage::new(&[ines(json!({}))], [("DELETE_AFTER_DAYS", "30")]);
    stage
        .answer(sign_in("ines@example.org", PASSWORD), at(0))
        .await;
    let expires_at = (1_800_000_000 + 30 * 86_400).to_string();
    assert_eq!(
        stage.rows(),
        moved(0, json!({"expiresAt": {"N": expires_at}}))
    );
}

#[tokio::test]
async fn sources_are_asked_in_their_order_until_one_knows() {
    let pool_first = [("SOURCES", "user-pool,imported-table")];
    let pool_last = [("SOURCES", "imported-table,user-pool")];
    for (sources, name, expected, asked) in [
        (
            pool_first,
            "kim",
            "Migrated",
            &["InitiateAuth", "GetUser"][..],
        ),
        (
            pool_first,
            "ines@example.org",
            "Migrated",
            &["InitiateAuth"],
        ),
        (pool_last, "kim", "Migrated", &["InitiateAuth", "GetUser"]),
        (pool_last, "ines@example.org", "Migrated", &[]),
        (pool_last, "unknown", "NotThere", &["InitiateAuth"]),
    ] {
        let stage = Stage::new(&[ines(json!({}))], sources);
        assert_eq!(stage.answer(sign_in(name, PASSWORD), at(0)).await, expected);
        assert_eq!(stage.asked(), asked, "{name} {sources:?}");
    }
}

/// From whatever source: the table keeps who has moved.
#[tokio::test]
async fn who_came_from_another_pool_does_not_come_back_either() {
    let stage = Stage::new(&[], [("SOURCES", "user-pool")]);
    assert_eq!(
        stage.answer(sign_in("kim", PASSWORD), at(0)).await,
        "Migrated"
    );
    let at_0 = json!({"N": "1800000000"});
    let left = [
        json!({"user": {"S": "kim"}, "state": {"S": "migrated"}, "migratedAt": at_0}),
        json!({"user": {"S": "tombstone#kim"}, "migratedAt": at_0, "awaited": {"BOOL": true}}),
    ];
    assert_eq!(stage.rows(), left);
    stage.arrives("kim").await;
    assert_eq!(
        stage.answer(sign_in("kim", PASSWORD), at(900)).await,
        "MovedBefore"
    );
}

/// The line that a metric counts, once for each user, and no other that says who it was.
#[tokio::test]
async fn a_move_is_logged_by_its_cohort_alone() {
    let rows = [
        ines(json!({"cohort": {"S": "spring"}})),
        row("kim@example.org", json!({})),
    ];
    let stage = Stage::new(&rows, []);
    let log = Log::start();
    for _ in 0..2 {
        stage
            .answer(sign_in("ines@example.org", PASSWORD), at(0))
            .await;
        stage
            .answer(sign_in("ines@example.org", "wrong"), at(0))
            .await;
        stage
            .answer(sign_in("unknown@example.org", "wrong"), at(0))
            .await;
    }
    stage
        .answer(sign_in("kim@example.org", PASSWORD), at(0))
        .await;
    let lines = [
        json!({"message": "a user has moved", "cohort": "spring"}),
        json!({"message": "a user has moved", "cohort": "none"}),
    ];
    assert_eq!(log.fields(), lines);
}

/// What somebody has to correct, without a word about whom it concerns.
#[tokio::test]
async fn a_row_or_hash_that_cannot_be_used_is_an_error_in_the_log() {
    let unusable = ines(json!({"hash": {"S": "0cc175b9c0f1b6a831c399e269772661"}}));
    let malformed = row("bad@example.org", json!({"attributes": {"S": "yes"}}));
    let stage = Stage::new(&[unusable, malformed], []);
    let log = Log::start();
    stage
        .answer(sign_in("ines@example.org", PASSWORD), at(0))
        .await;
    stage
        .answer(sign_in("bad@example.org", PASSWORD), at(0))
        .await;
    let lines = [
        json!({"message": "a legacy user's hash cannot be used", "cause": "several formats look like this hash, so its format has to be configured"}),
        json!({"message": "a legacy user cannot be read", "cause": "`attributes` is not a map"}),
    ];
    assert_eq!(log.fields(), lines);
}
