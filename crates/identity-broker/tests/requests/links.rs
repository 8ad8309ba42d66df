//! Logins that stand for an account: both are proven in one request, or nothing changes.

use function_tests::{HttpAnswer, items};
use serde_json::{Value, json};

use crate::signers::DEVICE;
use crate::stage::{IDENTITIES, PASSWORD, Stage, identity_of, password};

async fn change(stage: &Stage, path: &str, account: Value, login: Value) -> HttpAnswer {
    let body = json!({"account": account, "login": login});
    stage.post(path, body).await
}

#[tokio::test]
async fn a_linked_login_has_the_accounts_identity_until_it_is_unlinked() {
    let stage = Stage::new().await;
    let ines = || stage.id_token(json!({}));
    let by_password = || password("ines@example.org", PASSWORD);
    let own = identity_of(&stage.credentials(ines()).await).to_owned();
    for _ in 0..2 {
        let linked = change(&stage, "/v1/link", ines(), by_password()).await;
        assert_eq!(linked.status, 204, "{linked:?}");
    }
    assert_eq!(identity_of(&stage.credentials(by_password()).await), own);
    assert_eq!(
        stage.pool.users().len(),
        1,
        "the pool knows one developer user"
    );
    for _ in 0..2 {
        let unlinked = change(&stage, "/v1/unlink", ines(), by_password()).await;
        assert_eq!(unlinked.status, 204);
    }
    assert_ne!(identity_of(&stage.credentials(by_password()).await), own);
}

/// Takeover by a link: one proof, a wrong one, or somebody else's account is not enough.
#[tokio::test]
async fn nothing_is_linked_or_unlinked_without_both_proofs() {
    let stage = Stage::new().await;
    let ines = || stage.id_token(json!({}));
    let wrong = || password("ines@example.org", "wrong");
    for path in ["/v1/link", "/v1/unlink"] {
        change(&stage, path, ines(), wrong())
            .await
            .is_problem(401, "not-proven");
        change(&stage, path, wrong(), ines())
            .await
            .is_problem(401, "not-proven");
        for body in [
            json!({"account": ines()}),
            json!({"login": ines()}),
            json!({"account": ines(), "login": "shop.p.customer-1"}),
            json!({"account": ines(), "login": ines(), "identityId": "us-east-1:1"}),
        ] {
            stage.post(path, body).await.is_problem(400, "malformed");
        }
    }
    assert!(items(&stage.tables, IDENTITIES).is_empty());
    assert!(
        stage.pool.calls().is_empty(),
        "the broker never asks the pool for that"
    );
}

#[tokio::test]
async fn a_login_with_an_account_of_its_own_is_linked_to_no_other() {
    let stage = Stage::new().await;
    let ines = || stage.id_token(json!({}));
    let customer = || stage.backend_token(json!({}));
    stage.credentials(ines()).await;
    stage.credentials(customer()).await;
    for (path, account, login) in [
        ("/v1/link", ines(), customer()),
        ("/v1/link", ines(), ines()),
        ("/v1/unlink", ines(), customer()),
        ("/v1/unlink", ines(), ines()),
    ] {
        let answer = change(&stage, path, account, login).await;
        answer.is_problem(409, "has-an-account");
    }
    let one_token_twice = customer();
    let answer = change(&stage, "/v1/link", one_token_twice.clone(), one_token_twice).await;
    answer.is_problem(401, "not-proven");
}

#[tokio::test]
async fn whom_the_rules_give_nothing_links_nothing() {
    let stage = Stage::new().await;
    let closed = stage.backend_token(json!({"tenant": "closed"}));
    let login = stage.device_key(&DEVICE, "/v1/link").await;
    let answer = change(&stage, "/v1/link", closed, login).await;
    answer.is_problem(403, "not-allowed");
    assert!(items(&stage.tables, IDENTITIES).is_empty());
}
