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
    assert_eq!(stage.answer(event(), at(900)).await, "MovedBefore");
    assert_eq!(
        stage.answer(forgot("ines@example.org"), at(900)).await,
        "MovedBefore"
    );
    assert_eq!(stage.rows(), moved(0, json!({})));
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
    put(&stage.tables, LEGACY_USERS, &ines(json!({})));
    assert_eq!(stage.answer(event(), at(10)).await, "Migrated");
    assert_eq!(stage.answer(event(), at(900)).await, "MovedBefore");
    assert_eq!(
        stage.answer(forgot("ines@example.org"), at(900)).await,
        "MovedBefore"
    );
}
