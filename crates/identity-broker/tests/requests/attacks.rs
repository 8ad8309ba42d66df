//! Security row 24: a test for each attack on brokers of developer identities that has no file of its own. Those of guests, links, passwords,
//! ID tokens and signed requests are in `guests.rs`, `links.rs`, `passwords.rs`, `id_tokens.rs` and `requests_by_hmac.rs`.

use broker_identities::Identities;
use function_tests::{IdentityPool, items};
use serde_json::{Value, json};

use crate::signers::{BACKEND, POOL};
use crate::stage::{IDENTITIES, NOW, REPLAYS, Stage, identity_of, with};

/// The client names the user, an identity, a role, tags or other logins: what comes from it is refused, not ignored.
#[tokio::test]
async fn nothing_that_a_client_names_is_taken() {
    let stage = Stage::new().await;
    for smuggled in [
        json!({"userId": "victim"}),
        json!({"developerUserIdentifier": "shop.p.victim"}),
        json!({"identityId": "us-east-1:77aa0000-0000-4000-8000-000000000001"}),
        json!({"IdentityId": "us-east-1:77aa0000-0000-4000-8000-000000000001"}),
        json!({"logins": {"login.example": "shop.p.victim"}}),
        json!({"Logins": {"cognito-idp.us-east-1.amazonaws.com/us-east-1_AbC123": "token"}}),
        json!({"roleArn": "arn:aws:iam::123456789012:role/operators"}),
        json!({"tags": {"tenant": "t-2"}}),
        json!({"PrincipalTags": {"tenant": "t-2"}}),
        json!({"guest": {"identityId": "us-east-1:77aa0000-0000-4000-8000-000000000001"}}),
    ] {
        let body = with(json!({"proof": stage.backend_token(json!({}))}), smuggled);
        for path in ["/v1/credentials", "/v1/token"] {
            let answer = stage.post(path, body.clone()).await;
            answer.is_problem(400, "malformed");
        }
    }
    assert!(stage.pool.calls().is_empty());
}

/// An address proves nobody: the same one at two issuers is two persons, and nothing links them but both proofs.
#[tokio::test]
async fn the_same_address_elsewhere_is_somebody_else() {
    let stage = Stage::new().await;
    let address = json!({"email": "ines@example.org", "email_verified": true, "sub": "same"});
    let one = stage.credentials(stage.id_token(address.clone())).await;
    let another = stage.credentials(stage.backend_token(address)).await;
    assert_ne!(identity_of(&one), identity_of(&another));
}

/// A subject that is made to look like another's identifier is only itself.
#[tokio::test]
async fn no_subject_becomes_another_one() {
    let stage = Stage::new().await;
    let victim = stage.credentials(stage.backend_token(json!({}))).await;
    for subject in [
        "shop.p.customer-1",
        "customer-1\nx",
        "customer-1 ",
        "Customer-1",
        "customer-1,login.example",
        "login.example:us-east-1:5b0c3f6e-0c7a-4f5e-8a39-2b8f6f7a4c55:shop.p.customer-1",
    ] {
        let thief = stage.backend_token(json!({ "sub": subject }));
        let thief = stage.credentials(thief).await;
        assert_ne!(identity_of(&thief), identity_of(&victim), "{subject}");
    }
    for user in stage.pool.users().into_keys() {
        assert!(!user.contains([',', ':', '@', ' ', '\n']), "{user}");
    }
}

/// A confused deputy: tokens that are for somebody or something else, and an answer of the pool about somebody else.
#[tokio::test]
async fn a_token_for_another_purpose_is_none() {
    let stage = Stage::new().await;
    for claims in [
        json!({"aud": "another-client"}),
        json!({"token_use": "access"}),
        json!({"iss": "https://elsewhere.example.org"}),
    ] {
        stage
            .credentials(stage.id_token(claims))
            .await
            .is_problem(401, "not-proven");
    }
    for claims in [
        json!({"aud": "another-broker"}),
        json!({"aud": ["lifeguard", "another-broker"]}),
        json!({"iss": stage.provider.url()}),
    ] {
        let proof = stage.backend_token(claims);
        stage.credentials(proof).await.is_problem(401, "not-proven");
    }
    // Tokens that say what they are for, in their header.
    for typ in ["at+jwt", "logout+jwt", "dpop+jwt"] {
        let header = json!({"alg": "EdDSA", "kid": "shop-1", "typ": typ});
        let token = BACKEND.token_with(&header, &stage.backend_claims(json!({})));
        let proof = json!({"kind": "backend-jwt", "token": token});
        stage.credentials(proof).await.is_problem(401, "not-proven");
    }
    assert!(stage.pool.calls().is_empty());
    for forged in [
        json!({"sub": "us-east-1:somebody-else"}),
        json!({"aud": "us-east-1:another-pool"}),
        json!({"amr": ["unauthenticated"]}),
        json!({"amr": ["authenticated", "login.example",
            format!("login.example:{}:shop.p.victim", IdentityPool::ID)]}),
        json!({"exp": NOW}),
    ] {
        stage.pool.forge(forged);
        let answer = stage.credentials(stage.backend_token(json!({}))).await;
        answer.is_problem(503, "unavailable");
    }
    assert!(stage.roles.assumed().is_empty());
}

/// Tags and roles come from what was proven: a claim that is not listed is no tag, and one that could be no tag lets nobody through.
#[tokio::test]
async fn no_tag_is_injected() {
    let stage = Stage::new().await;
    let claims = json!({"admin": "true", "https://aws.amazon.com/tags": {"principal_tags": {"tenant": ["t-9"]}}});
    let answer = stage.credentials(stage.id_token(claims)).await;
    assert_eq!(answer.status, 200);
    let [(_, asked)] = stage.pool.calls().try_into().unwrap();
    assert_eq!(asked["PrincipalTags"], json!({"tenant": "t-1"}));
    for tenant in [json!("t-1,admin=true"), json!("t-*"), json!("t-1\u{0}")] {
        let answer = stage
            .credentials(stage.id_token(json!({ "tenant": tenant })))
            .await;
        answer.is_problem(403, "not-allowed");
    }
}

/// Whoever is disabled gets nothing more, by any proof, and hears what a stranger hears.
#[tokio::test]
async fn whoever_is_blocked_gets_nothing() {
    let stage = Stage::new().await;
    assert_eq!(
        stage
            .credentials(stage.backend_token(json!({})))
            .await
            .status,
        200
    );
    let identities = Identities::new(stage.tables.client(), IDENTITIES);
    let customer = "shop.p.customer-1".parse().unwrap();
    identities.set_blocked(&customer, true).await.unwrap();
    stage.pool.calls();
    for path in ["/v1/credentials", "/v1/token"] {
        let body = json!({"proof": stage.backend_token(json!({}))});
        stage.post(path, body).await.is_problem(401, "not-proven");
    }
    let closed = stage.backend_token(json!({"sub": "other", "tenant": "closed"}));
    stage
        .credentials(closed)
        .await
        .is_problem(403, "not-allowed");
    assert!(stage.pool.calls().is_empty());
    identities.set_blocked(&customer, false).await.unwrap();
    assert_eq!(
        stage
            .credentials(stage.backend_token(json!({})))
            .await
            .status,
        200
    );
}

/// A flood: one person, and all together, get so much in a while; whoever is refused for that uses up nothing of others.
#[tokio::test]
async fn one_and_all_are_limited() {
    let limits = [("GRANTS_PER_SUBJECT", "2"), ("GRANTS_PER_MINUTE", "3")];
    let stage = Stage::with(limits).await;
    let ask = async |subject: &str| {
        let proof = stage.backend_token(json!({ "sub": subject }));
        stage.credentials(proof).await
    };
    for expected in [200, 200, 429, 429] {
        assert_eq!(ask("greedy").await.status, expected);
    }
    assert_eq!(ask("modest").await.status, 200);
    ask("late").await.is_problem(429, "too-many-requests");
    assert_eq!(stage.pool.users().len(), 2);
}

/// A proof that counts once is not used up by a request that is refused for something else.
#[tokio::test]
async fn what_is_refused_uses_nothing_up() {
    let stage = Stage::new().await;
    let closed = stage.backend_token(json!({"tenant": "closed"}));
    for _ in 0..2 {
        let answer = stage.credentials(closed.clone()).await;
        answer.is_problem(403, "not-allowed");
    }
    assert!(items(&stage.tables, REPLAYS).is_empty());
    let good = stage.backend_token(json!({}));
    assert_eq!(stage.credentials(good.clone()).await.status, 200);
    stage.credentials(good).await.is_problem(401, "not-proven");
}

/// A backend's token is one of five minutes, with a name of its own; the pool's own tokens are no proof of a user.
#[tokio::test]
async fn a_backends_token_counts_once_and_not_for_long() {
    let stage = Stage::new().await;
    for claims in [
        json!({"exp": NOW}),
        json!({"exp": NOW + 3_600}),
        json!({"iat": NOW - 301}),
        json!({"iat": NOW + 61}),
        json!({"nbf": NOW + 61}),
        json!({"jti": ""}),
        json!({"jti": null}),
        json!({"jti": "x".repeat(129)}),
        json!({"sub": ""}),
        json!({"sub": "ß"}),
        json!({"sub": "x".repeat(256)}),
        json!({"exp": "soon"}),
        json!({"exp": -1}),
        json!({"exp": 1e300}),
    ] {
        let proof = stage.backend_token(claims.clone());
        let answer = stage.credentials(proof).await;
        assert_eq!(answer.status, 401, "{claims}");
    }
    let claims = json!({"iss": "https://cognito-identity.amazonaws.com", "aud": IdentityPool::ID});
    let token = POOL.token(&stage.backend_claims(claims));
    for kind in ["oidc-id-token", "backend-jwt"] {
        let proof: Value = json!({"kind": kind, "token": token});
        stage.credentials(proof).await.is_problem(401, "not-proven");
    }
    assert!(stage.pool.calls().is_empty());
}
