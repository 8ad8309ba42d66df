//! The same event again, cut half-way, and three times at once, as Cognito may send it.

use cognito_events::user_migration::FinalUserStatus;
use embedded_dynamodb::cut_at_every_await;
use function_tests::put;
use serde_json::json;

use crate::stage::{LEGACY_USERS, PASSWORD, Stage, at, forgot, ines, moved, sign_in};

#[tokio::test]
async fn a_repeated_event_is_answered_alike_for_a_quarter_of_an_hour() {
    let stage = Stage::new(&[ines(json!({}))], []);
    let event = || sign_in("ines@example.org", PASSWORD);
    let first = stage.decided(event(), at(0)).await.unwrap();
    assert_eq!(first.0, "Migrated");
    for seconds in [0, 899] {
        assert_eq!(stage.decided(event(), at(seconds)).await.unwrap(), first);
    }
    let wrong = sign_in("ines@example.org", "wrong");
    assert_eq!(stage.answer(wrong, at(10)).await, "NotThere");
    assert_eq!(stage.rows(), moved(0, json!({})));
    // Another sign-in may have been on its way when the first one had come.
    stage.arrives("ines@example.org").await;
    assert_eq!(stage.decided(event(), at(899)).await.unwrap(), first);
    assert_eq!(stage.answer(event(), at(900)).await, "MovedBefore");
    assert_eq!(
        stage.answer(forgot("ines@example.org"), at(900)).await,
        "MovedBefore"
    );
}

/// Cognito has refused them, for an attribute that the pool does not have, say.
#[tokio::test]
async fn who_has_never_come_moves_again_as_one_who_waits() {
    let stage = Stage::new(&[ines(json!({}))], [("DELETE_AFTER_DAYS", "30")]);
    let event = || sign_in("ines@example.org", PASSWORD);
    let first = stage.decided(event(), at(0)).await.unwrap();
    let wrong = sign_in("ines@example.org", "wrong");
    assert_eq!(stage.answer(wrong, at(5_000)).await, "NotThere");
    assert_eq!(stage.decided(event(), at(5_000)).await.unwrap(), first);
    let expires_at = (at(5_000).unix_timestamp() + 30 * 86_400).to_string();
    let left = moved(5_000, json!({"expiresAt": {"N": expires_at}}));
    assert_eq!(stage.rows(), left);
    let forgot = forgot("ines@example.org");
    assert_eq!(stage.answer(forgot, at(5_800)).await, "Migrated");
    assert_eq!(stage.rows(), left, "within a quarter of an hour");
    stage.arrives("ines@example.org").await;
    assert_eq!(stage.answer(event(), at(5_900)).await, "MovedBefore");
}

#[tokio::test]
async fn a_second_move_that_was_cut_anywhere_or_comes_three_times_at_once_is_one() {
    let stage = Stage::new(&[ines(json!({}))], [("TRIES_PER_USER", "1000")]);
    let run = |seconds| stage.decided(sign_in("ines@example.org", PASSWORD), at(seconds));
    let first = run(0).await.unwrap();
    let (answer, cuts) = cut_at_every_await(|| run(5_000)).await;
    assert!(cuts >= 8, "only {cuts} cuts");
    assert_eq!(answer.unwrap(), first);
    assert_eq!(stage.rows(), moved(5_000, json!({})));
    let (one, two, three) = tokio::join!(run(9_000), run(9_000), run(9_000));
    for answer in [one, two, three] {
        assert_eq!(answer.unwrap(), first);
    }
    assert_eq!(stage.rows(), moved(9_000, json!({})));
}

#[tokio::test]
async fn an_event_that_was_cut_anywhere_leaves_what_one_run_leaves() {
    let stage = Stage::new(&[ines(json!({}))], [("TRIES_PER_USER", "1000")]);
    let run = || stage.decided(sign_in("ines@example.org", PASSWORD), at(0));
    let (answer, cuts) = cut_at_every_await(run).await;
    assert!(cuts >= 8, "only {cuts} cuts");
    let (reason, response) = answer.unwrap();
    assert_eq!(reason, "Migrated");
    assert_eq!(response.final_user_status, Some(FinalUserStatus::Confirmed));
    assert_eq!(stage.rows(), moved(0, json!({})));
}

#[tokio::test]
async fn an_event_that_comes_three_times_at_once_leaves_what_one_leaves() {
    let stage = Stage::new(&[ines(json!({}))], []);
    let run = || stage.decided(sign_in("ines@example.org", PASSWORD), at(0));
    let (one, two, three) = tokio::join!(run(), run(), run());
    let first = one.unwrap();
    assert_eq!(first.0, "Migrated");
    assert_eq!((two.unwrap(), three.unwrap()), (first.clone(), first));
    assert_eq!(stage.rows(), moved(0, json!({})));
}

/// Whether DynamoDB has deleted the row or somebody has, and even when it is imported again.
#[tokio::test]
async fn a_row_that_is_imported_again_brings_nobody_back() {
    let stage = Stage::new(&[ines(json!({}))], []);
    let event = || sign_in("ines@example.org", PASSWORD);
    stage.answer(event(), at(0)).await;
    stage.arrives("ines@example.org").await;
    put(&stage.tables, LEGACY_USERS, &ines(json!({})));
    assert_eq!(stage.answer(event(), at(10)).await, "Migrated");
    assert_eq!(stage.answer(event(), at(900)).await, "MovedBefore");
    assert_eq!(
        stage.answer(forgot("ines@example.org"), at(900)).await,
        "MovedBefore"
    );
}
