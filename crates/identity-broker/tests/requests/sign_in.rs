//! What somebody gets who has proven who they are.

use std::collections::BTreeMap;

use function_tests::{Log, events, items};
use serde_json::{Value, json};

use crate::signers::{BACKEND_P256, DEVICE};
use crate::stage::{IDENTITIES, PASSWORD, Stage, event, identity_of, password, with};

#[tokio::test]
async fn credentials_of_the_role_that_the_rules_choose() {
    let stage = Stage::new().await;
    let answer = stage.credentials(stage.id_token(json!({}))).await;
    let identity = "us-east-1:77aa0000-0000-4000-8000-000000000001";
    let expected = json!({
        "identityId": identity,
        "credentials": {
            "accessKeyId": "ASIAEXAMPLE",
            "secretAccessKey": "secret-of-the-role",
            "sessionToken": "session-of-the-role",
        },
        "expiration": "2027-01-15T09:00:00Z",
        "serverTime": "2027-01-15T08:00:00Z",
    });
    assert_eq!((answer.status, answer.body), (200, expected));
    let [(operation, asked)] = stage.pool.calls().try_into().unwrap();
    assert_eq!(operation, "GetOpenIdTokenForDeveloperIdentity");
    assert_eq!(asked["PrincipalTags"], json!({"tenant": "t-1"}));
    assert_eq!(asked["TokenDuration"], 60);
    assert_eq!(asked.get("IdentityId"), None);
    let [assumed] = stage.roles.assumed().try_into().unwrap();
    assert_eq!(assumed["RoleArn"], "arn:aws:iam::123456789012:role/tenants");
    assert_eq!(assumed["DurationSeconds"], "3600");
    assert_eq!(
        assumed["RoleSessionName"],
        "us-east-1.77aa0000-0000-4000-8000-000000000001"
    );
    assert_eq!(assumed.get("Policy"), None);
}

#[tokio::test]
async fn a_rule_says_how_long_and_how_much_at_most() {
    let stage = Stage::new().await;
    let operator = json!({"groups": ["staff", "operators"]});
    assert_eq!(
        stage.credentials(stage.id_token(operator)).await.status,
        200
    );
    let [assumed] = stage.roles.assumed().try_into().unwrap();
    assert_eq!(
        assumed["RoleArn"],
        "arn:aws:iam::123456789012:role/operators"
    );
    assert_eq!(assumed["DurationSeconds"], "900");
    let policy: Value = serde_json::from_str(assumed["Policy"].as_str().unwrap()).unwrap();
    assert_eq!(policy, json!({"Version": "2012-10-17", "Statement": []}));
}

#[tokio::test]
async fn a_token_for_fifteen_minutes_where_tokens_are_handed_out() {
    let stage = Stage::new().await;
    let body = json!({"proof": stage.backend_token(json!({}))});
    let answer = stage.post("/v1/token", body).await;
    assert_eq!(answer.body["expiresIn"], 900);
    assert_eq!(answer.body["expiresAt"], "2027-01-15T08:15:00Z");
    assert!(answer.body["token"].is_string());
    let users = stage.pool.users();
    assert_eq!(users["shop.p.customer-1"], identity_of(&answer));
    assert!(stage.roles.assumed().is_empty());

    let stage = Stage::with([("TOKENS", "off")]).await;
    let body = json!({"proof": stage.backend_token(json!({}))});
    let answer = stage.post("/v1/token", body).await;
    answer.is_problem(403, "tokens-are-off");
    assert!(stage.pool.calls().is_empty());
}

#[tokio::test]
async fn whoever_comes_again_has_the_same_identity_and_others_have_others() {
    let stage = Stage::new().await;
    let mut identities = BTreeMap::new();
    for _ in 0..2 {
        for (who, proof) in [
            ("ines at acme", stage.id_token(json!({}))),
            ("kim at acme", stage.id_token(json!({"sub": "kim"}))),
            ("customer 1", stage.backend_token(json!({}))),
            ("ines' password", password("Ines@example.org", PASSWORD)),
        ] {
            let answer = stage.credentials(proof).await;
            let identity = identity_of(&answer).to_owned();
            let before = identities.insert(who, identity.clone());
            assert!(before.is_none_or(|before| before == identity), "{who}");
        }
    }
    let distinct: std::collections::BTreeSet<_> = identities.values().collect();
    assert_eq!(distinct.len(), 4);
    assert_eq!(items(&stage.tables, IDENTITIES).len(), 4);
}

#[tokio::test]
async fn a_backend_signs_with_either_of_its_keys() {
    let stage = Stage::new().await;
    let token = BACKEND_P256.token(&stage.backend_claims(json!({})));
    let proof = json!({"kind": "backend-jwt", "token": token});
    assert_eq!(stage.credentials(proof).await.status, 200);
}

#[tokio::test]
async fn what_is_no_request_is_refused_with_its_reason() {
    let stage = Stage::new().await;
    let mut elsewhere = event("token");
    elsewhere["routeKey"] = "POST /v1/secrets".into();
    stage.ask(elsewhere).await.is_problem(404, "not-found");
    for body in [
        json!({}),
        json!({"proof": {"kind": "astrology"}}),
        json!({"proof": "token"}),
        json!({"proof": with(stage.id_token(json!({})), json!({"userId": "victim"}))}),
    ] {
        let answer = stage.post("/v1/credentials", body).await;
        answer.is_problem(400, "malformed");
    }
    let mut long = event("credentials");
    long["body"] = "x".repeat(41 * 1_024).into();
    stage.ask(long).await.is_problem(413, "too-large");
    let mut encoded = event("credentials");
    encoded["isBase64Encoded"] = true.into();
    stage.ask(encoded).await.is_problem(400, "malformed");
    assert!(stage.pool.calls().is_empty());
}

/// Security row 29: neither the log nor a refusal holds a proof, a token, credentials or who it is.
#[tokio::test]
async fn one_line_says_what_was_answered_and_nothing_secret() {
    let stage = Stage::new().await;
    let log = Log::start();
    let ines = stage.id_token(json!({"email": "ines@example.org"}));
    stage.credentials(ines.clone()).await;
    stage
        .credentials(password("ines@example.org", "wrong"))
        .await;
    let closed = stage.backend_token(json!({"tenant": "closed"}));
    stage.credentials(closed.clone()).await;
    let device = stage.device_key(&DEVICE, "/v1/credentials").await;
    stage.credentials(device.clone()).await;
    stage.roles.fail(Some("AccessDenied"));
    stage.credentials(ines.clone()).await;
    let lines: Vec<_> = log
        .fields()
        .into_iter()
        .filter(|line| line["message"] == "answered a proof")
        .collect();
    let outcomes: Vec<_> = lines.iter().map(|line| line["outcome"].clone()).collect();
    let expected = [
        "granted",
        "Password",
        "NotAllowed",
        "granted",
        "NotLinked",
        "failed",
    ];
    assert_eq!(outcomes, expected);
    let first = &lines[0];
    assert_eq!(first["proofs"], "oidc-id-token");
    assert_eq!(first["sources"], "acme");
    assert_eq!(first["rule"], "tenants");
    assert_eq!(first["subject"].as_str().unwrap().len(), 16);
    assert_eq!(first["subject"], lines[5]["subject"]);
    assert_eq!(lines[2]["rule"], "closed");
    let secrets = [&ines["token"], &closed["token"], &device["signature"]];
    let secrets = secrets.map(|secret| secret.as_str().unwrap());
    for secret in secrets.into_iter().chain([
        "ines@",
        "customer-1",
        "wrong",
        "secret-of",
        "session-of",
        "c2lnbmF0dXJl",
        "192.0.2",
    ]) {
        assert!(!log.text().contains(secret), "{secret}: {}", log.text());
    }
}

/// Every event of the folder is answered, by a backend whose key is that of RFC 8037, appendix A.
#[tokio::test]
async fn every_event_is_answered() {
    let backends = json!([{
        "name": "shop", "issuer": "https://shop.example.org", "audience": "lifeguard", "opaque": true,
        "keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "2027-01", "alg": "EdDSA",
                  "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}],
    }]);
    let stage = Stage::with([("BACKENDS", &*backends.to_string())]).await;
    let guest = stage.pool.guest();
    for (name, _) in events("identity-broker") {
        let answer = stage.ask(event(&name)).await;
        let expected = if name.ends_with("link") { 204 } else { 200 };
        assert_eq!(answer.status, expected, "{name}: {answer:?}");
        if name == "guest-credentials" {
            assert_eq!(identity_of(&answer), guest);
        }
    }
    let users = stage.pool.users();
    assert!(users.contains_key("shop.p.customer-1"));
    assert!(!users.contains_key("shop.p.customer-1-old"));
}
