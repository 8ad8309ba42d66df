//! Guests who become somebody: only the guest's own proof says whose identity it is.

use function_tests::{IdentityPool, items};
use serde_json::{Value, json};

use crate::signers::{POOL, PROVIDER};
use crate::stage::{IDENTITIES, NOW, Stage, identity_of, request, with};

/// The token of a guest, as `GetOpenIdToken` gives it.
fn token(identity: &str, more: Value) -> Value {
    let claims = json!({
        "sub": identity, "aud": IdentityPool::ID, "amr": ["unauthenticated"],
        "iss": "https://cognito-identity.amazonaws.com", "iat": NOW, "exp": NOW + 600,
    });
    let header = json!({"alg": "RS512", "kid": "us-east-11", "typ": "JWS"});
    json!({"token": POOL.token_with(&header, &with(claims, more))})
}

/// A request that the credentials of that identity signed.
fn signed_by(identity: &str, amr: &[&str], pool: &str, body: Value) -> Value {
    let mut request = request("/v1/guest/credentials", body, NOW);
    let iam = &mut request["requestContext"]["authorizer"]["iam"];
    iam["cognitoIdentity"] = json!({"amr": amr, "identityId": identity, "identityPoolId": pool});
    request
}

#[tokio::test]
async fn a_guest_who_proves_to_be_one_keeps_the_identity() {
    let stage = Stage::new().await;
    let guest = stage.pool.guest();
    let body = json!({"proof": stage.id_token(json!({})), "guest": token(&guest, json!({}))});
    for _ in 0..2 {
        let answer = stage.post("/v1/credentials", body.clone()).await;
        assert_eq!(identity_of(&answer), guest);
    }
    let other = stage.pool.guest();
    let body = json!({"proof": stage.id_token(json!({"sub": "kim"}))});
    let signed = signed_by(&other, &["unauthenticated"], IdentityPool::ID, body);
    assert_eq!(identity_of(&stage.ask(signed).await), other);
}

/// Fixation and hijacking: an identity that anybody else has planted or stolen is not taken.
#[tokio::test]
async fn an_identity_that_was_not_proven_is_nobodys() {
    let stage = Stage::new().await;
    let guest = stage.pool.guest();
    let proof = || stage.id_token(json!({}));
    let by_stranger = {
        let claims = json!({
            "sub": guest, "aud": IdentityPool::ID, "amr": ["unauthenticated"],
            "iss": "https://cognito-identity.amazonaws.com", "iat": NOW, "exp": NOW + 600,
        });
        let header = json!({"alg": "RS512", "kid": "us-east-11"});
        json!({"token": PROVIDER.token_with(&header, &claims)})
    };
    let mut forged = vec![by_stranger];
    for more in [
        json!({"aud": "us-east-1:another-pool"}),
        json!({"amr": ["authenticated"]}),
        json!({"amr": ["unauthenticated", "authenticated"]}),
        json!({"amr": null}),
        json!({"iss": "https://evil.example.org"}),
        json!({"exp": NOW}),
        json!({"iat": NOW - 601}),
    ] {
        forged.push(token(&guest, more));
    }
    for guest in forged {
        let body = json!({"proof": proof(), "guest": guest});
        stage
            .post("/v1/credentials", body)
            .await
            .is_problem(401, "not-proven");
    }
    for (amr, pool) in [
        (&["authenticated", "login.example"][..], IdentityPool::ID),
        (&["unauthenticated"][..], "us-east-1:another-pool"),
        (&[][..], IdentityPool::ID),
    ] {
        let signed = signed_by(&guest, amr, pool, json!({"proof": proof()}));
        stage.ask(signed).await.is_problem(401, "not-proven");
    }
    let mut unsigned = request("/v1/guest/credentials", json!({"proof": proof()}), NOW);
    unsigned["requestContext"]["authorizer"] = json!({});
    stage.ask(unsigned).await.is_problem(401, "not-proven");
    let both = json!({"proof": proof(), "guest": token(&guest, json!({}))});
    let both = signed_by(&guest, &["unauthenticated"], IdentityPool::ID, both);
    stage.ask(both).await.is_problem(401, "not-proven");
    assert!(stage.pool.calls().is_empty());
}

/// Whoever has an identity keeps it, and a guest's is not added to it.
#[tokio::test]
async fn a_guest_does_not_become_somebody_who_is_there() {
    let stage = Stage::new().await;
    let mine = stage.credentials(stage.id_token(json!({}))).await;
    let guest = stage.pool.guest();
    let upgrade = |proof: Value| json!({"proof": proof, "guest": token(&guest, json!({}))});
    let answer = stage
        .post("/v1/credentials", upgrade(stage.id_token(json!({}))))
        .await;
    answer.is_problem(409, "has-an-identity");
    // The table has forgotten, the pool has not.
    for item in items(&stage.tables, IDENTITIES) {
        let key = json!({"identifier": item["identifier"]});
        let delete = json!({"TableName": IDENTITIES, "Key": key});
        function_tests::request(&stage.tables, "DeleteItem", &delete);
    }
    let answer = stage
        .post("/v1/credentials", upgrade(stage.id_token(json!({}))))
        .await;
    answer.is_problem(409, "has-an-identity");
    // A guest who has become somebody is no guest any more.
    let kim = stage.id_token(json!({"sub": "kim"}));
    let kim = stage.post("/v1/credentials", upgrade(kim)).await;
    assert_eq!(identity_of(&kim), guest);
    let another = stage.id_token(json!({"sub": "another"}));
    let answer = stage.post("/v1/credentials", upgrade(another)).await;
    answer.is_problem(409, "has-an-identity");
    assert_ne!(identity_of(&mine), guest);
}
