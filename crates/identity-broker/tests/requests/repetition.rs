//! One answer to one proof, however often it comes: again, at the same time, or cut anywhere.

use std::sync::Arc;

use embedded_dynamodb::cut_at_every_await;
use function_tests::{HttpAnswer, items};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::stage::{IDENTITIES, PASSWORD, REPLAYS, Stage, identity_of, password};

async fn three_at_once(stage: &Arc<Stage>, proof: &Value) -> Vec<HttpAnswer> {
    let mut running = JoinSet::new();
    for _ in 0..3 {
        let (stage, proof) = (Arc::clone(stage), proof.clone());
        running.spawn(async move { stage.credentials(proof).await });
    }
    running.join_all().await
}

#[tokio::test]
async fn of_three_that_come_at_once_one_wins() {
    let stage = Arc::new(Stage::new().await);
    let proof = stage.backend_token(json!({}));
    let answers = three_at_once(&stage, &proof).await;
    let won = answers.iter().filter(|answer| answer.status == 200);
    assert_eq!(won.count(), 1, "{answers:?}");
    for lost in answers.iter().filter(|answer| answer.status != 200) {
        lost.is_problem(401, "not-proven");
    }
    assert_eq!(items(&stage.tables, REPLAYS).len(), 1);
}

#[tokio::test]
async fn a_first_sign_in_that_comes_three_times_at_once_makes_one_identity() {
    let stage = Arc::new(Stage::new().await);
    let answers = three_at_once(&stage, &stage.id_token(json!({}))).await;
    let first = identity_of(&answers[0]);
    assert!(answers.iter().all(|answer| identity_of(answer) == first));
    let items = items(&stage.tables, IDENTITIES);
    assert_eq!(items.len(), 1);
    assert_eq!(items[0]["identityId"]["S"], first);
}

/// What was cut after the proof was used up needs another one, and leaves what one run leaves.
#[tokio::test]
async fn a_sign_in_that_was_cut_anywhere_leaves_what_one_run_leaves() {
    let stage = Stage::with([("GRANTS_PER_SUBJECT", "1000")]).await;
    let id_token = stage.id_token(json!({}));
    // Once before, since what the provider answers comes over a socket.
    stage
        .credentials(stage.id_token(json!({"sub": "kim"})))
        .await;
    let (answer, cuts) = cut_at_every_await(|| stage.credentials(id_token.clone())).await;
    assert!(cuts >= 8, "only {cuts} cuts");
    let identity = identity_of(&answer).to_owned();
    let (answer, _) = cut_at_every_await(|| {
        let fresh = stage.backend_token(json!({}));
        let stage = &stage;
        async move { stage.credentials(fresh).await }
    })
    .await;
    assert_ne!(identity_of(&answer), identity);
    assert_eq!(items(&stage.tables, IDENTITIES).len(), 3);
    assert_eq!(stage.pool.users().len(), 3);
}

#[tokio::test]
async fn a_link_that_was_cut_anywhere_leaves_what_one_run_leaves() {
    let stage = Stage::with([("GRANTS_PER_SUBJECT", "1000"), ("TRIES_PER_USER", "1000")]).await;
    stage.credentials(stage.id_token(json!({}))).await;
    for path in ["/v1/link", "/v1/unlink"] {
        let body = json!({
            "account": stage.id_token(json!({})),
            "login": password("ines@example.org", PASSWORD),
        });
        let mut done = stage.post(path, body.clone()).await;
        for _ in 0..2 {
            assert_eq!(done.status, 204, "{done:?}");
            done = stage.post(path, body.clone()).await;
        }
    }
    let body = |stage: &Stage| {
        json!({
            "account": stage.id_token(json!({})),
            "login": stage.backend_token(json!({})),
        })
    };
    let (linked, cuts) = cut_at_every_await(|| stage.post("/v1/link", body(&stage))).await;
    assert_eq!(linked.status, 204);
    assert!(cuts >= 8, "only {cuts} cuts");
    let linked: Vec<_> = items(&stage.tables, IDENTITIES)
        .into_iter()
        .filter(|item| item.get("linkedTo").is_some())
        .collect();
    assert_eq!(linked.len(), 1, "{linked:?}");
}
