//! One enrolment, however often a request comes: again, at the same time, or cut anywhere.

use std::sync::Arc;

use embedded_dynamodb::cut_at_every_await;
use tokio::task::JoinSet;

use crate::stage::{NOW, Stage};

#[tokio::test]
async fn what_was_cut_anywhere_or_comes_three_times_at_once_is_enrolled_once() {
    let stage = Arc::new(Stage::new());
    let (started, cuts) = cut_at_every_await(|| stage.ask_for("start-totp")).await;
    assert_eq!(started.status, 200);
    assert!(cuts >= 6, "only {cuts} cuts");

    let mut running = JoinSet::new();
    for _ in 0..3 {
        let stage = Arc::clone(&stage);
        running.spawn(async move { stage.ask_for("start-totp").await });
    }
    for same in running.join_all().await {
        assert_eq!(same, started);
    }
    let app = stage.start().await;
    let code = app.generate(NOW).to_string();
    let (confirmed, _) = cut_at_every_await(|| stage.confirm(&code)).await;
    assert_eq!(confirmed.status, 204);

    let mut running = JoinSet::new();
    for _ in 0..3 {
        let stage = Arc::clone(&stage);
        running.spawn(async move { stage.ask_for("make-recovery-codes").await });
    }
    let made = running.join_all().await;
    assert_eq!(made.iter().filter(|answer| answer.status == 200).count(), 1);
    for other in made.iter().filter(|answer| answer.status != 200) {
        other.is_problem(409, "made-meanwhile");
    }
}
