//! What is answered while something that the broker needs does not answer.

use embedded_dynamodb::{Tables, throttled_client, unreachable_client};
use function_tests::{SILENT, UNREACHABLE};
use serde_json::json;

use crate::stage::{NOW, Stage, request};

/// Security row 19: nobody gets anything while something does not answer, and the texts say nothing.
#[tokio::test]
async fn an_outage_is_the_same_answer_everywhere() {
    for client in [unreachable_client(), throttled_client()] {
        let stage = Stage::over(client, Tables::in_memory().unwrap(), []).await;
        for proof in [
            stage.id_token(json!({})),
            stage.backend_token(json!({})),
            crate::stage::password("ines@example.org", "wrong"),
        ] {
            stage
                .credentials(proof)
                .await
                .is_problem(503, "unavailable");
        }
        assert!(stage.pool.calls().is_empty());
    }
    let stage = Stage::new().await;
    stage.keys.fail(Some("ThrottlingException"));
    let challenge = request("/v1/challenge", json!(null), NOW);
    stage.ask(challenge).await.is_problem(503, "unavailable");
    let proof = stage.backend_token(json!({}));
    stage
        .credentials(proof.clone())
        .await
        .is_problem(503, "unavailable");
    // Nothing was used up, and the same proof is good afterwards.
    stage.keys.fail(None);
    assert_eq!(stage.credentials(proof).await.status, 200);
}

#[tokio::test]
async fn neither_the_pool_nor_sts_is_gone_around() {
    for exception in [
        "TooManyRequestsException",
        "NotAuthorizedException",
        "ResourceConflictException",
        UNREACHABLE,
    ] {
        let stage = Stage::new().await;
        stage.pool.fail(Some(exception));
        let answer = stage.credentials(stage.id_token(json!({}))).await;
        answer.is_problem(503, "unavailable");
        assert!(stage.roles.assumed().is_empty());
    }
    for exception in ["AccessDenied", UNREACHABLE] {
        let stage = Stage::new().await;
        stage.roles.fail(Some(exception));
        let answer = stage.credentials(stage.id_token(json!({}))).await;
        answer.is_problem(503, "unavailable");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_silent_is_given_up() {
    let stage = Stage::new().await;
    stage.pool.fail(Some(SILENT));
    let proof = stage.backend_token(json!({}));
    stage
        .credentials(proof)
        .await
        .is_problem(503, "unavailable");
}
