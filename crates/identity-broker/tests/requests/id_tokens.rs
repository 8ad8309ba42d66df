//! ID tokens: each check of OpenID Connect Core 1.0, section 3.1.3.7, and the keys that they are checked with.

use serde_json::{Value, json};

use crate::signers::{BACKEND, PROVIDER, STRANGER, encode};
use crate::stage::{NOW, Stage, request, with};

async fn is_taken(stage: &Stage, proof: Value) -> bool {
    let answer = stage.credentials(proof).await;
    if answer.status != 200 {
        answer.is_problem(401, "not-proven");
    }
    answer.status == 200
}

#[tokio::test]
async fn each_claim_is_checked() {
    let stage = Stage::new().await;
    for (claims, expected) in [
        (json!({}), true),
        // 2.
        (json!({"iss": format!("{}/", stage.provider.url())}), false),
        // 3.
        (json!({"aud": ["client-1"]}), true),
        (json!({"aud": "client-3"}), false),
        (
            json!({"aud": ["client-1", "client-3"], "azp": "client-1"}),
            false,
        ),
        (json!({"aud": []}), false),
        (json!({"aud": null}), false),
        // 4. and 5.
        (json!({"aud": ["client-1", "client-2"]}), false),
        (
            json!({"aud": ["client-1", "client-2"], "azp": "client-2"}),
            true,
        ),
        (json!({"azp": "client-3"}), false),
        // 9.
        (json!({"exp": NOW}), false),
        (json!({"exp": NOW + 1}), true),
        (json!({"exp": NOW as f64 + 1.5}), true),
        (json!({"exp": null}), false),
        // 10.
        (json!({"iat": NOW + 61}), false),
        (json!({"iat": NOW + 60}), true),
        (json!({"iat": NOW - 3_601}), false),
        (json!({"iat": null}), false),
        (json!({"nbf": NOW + 61}), false),
        (json!({"nbf": NOW}), true),
        // 11.
        (json!({"nonce": "sent"}), false),
        (json!({"token_use": "id"}), true),
        (json!({"sub": null}), false),
    ] {
        let proof = stage.id_token(claims.clone());
        assert_eq!(is_taken(&stage, proof).await, expected, "{claims}");
    }
}

#[tokio::test]
async fn the_nonce_is_what_the_client_sent() {
    let stage = Stage::new().await;
    for (in_token, sent, expected) in [
        (json!({"nonce": "n-1"}), json!({"nonce": "n-1"}), true),
        (json!({"nonce": "n-1"}), json!({"nonce": "n-2"}), false),
        (json!({"nonce": "n-1"}), json!({}), false),
        (json!({}), json!({"nonce": "n-1"}), false),
    ] {
        let proof = with(stage.id_token(in_token.clone()), sent);
        assert_eq!(is_taken(&stage, proof).await, expected, "{in_token}");
    }
}

/// An issuer whose tokens have to bear a challenge of ours: each counts once, and a stolen one is worth nothing.
#[tokio::test]
async fn a_challenge_as_the_nonce_binds_a_token_to_whoever_asked() {
    let stage = Stage::new().await;
    let bound = |nonce: Value| {
        let claims = json!({"iss": "https://bound.example.org", "nonce": nonce});
        stage.id_token(claims)
    };
    let challenge = stage.challenge().await;
    let proof = bound(challenge.clone().into());
    assert!(is_taken(&stage, proof.clone()).await);
    assert!(!is_taken(&stage, proof).await, "it was used");
    for nonce in [json!(null), json!("own"), json!(format!("{challenge}A"))] {
        assert!(!is_taken(&stage, bound(nonce)).await);
    }
    let later = request(
        "/v1/credentials",
        json!({"proof": bound(stage.challenge().await.into())}),
        NOW + 200,
    );
    stage.pool.set_time(NOW + 200);
    assert_eq!(stage.ask(later).await.status, 200);
}

/// Confusion of algorithms and keys: what a token says of how to check it is never followed.
#[tokio::test]
async fn the_algorithm_and_the_key_are_the_issuers() {
    let stage = Stage::new().await;
    let claims = stage.id_claims(json!({}));
    let header = json!({"alg": "RS256", "kid": "acme-1", "typ": "JWT"});
    let proof = |token: String| json!({"kind": "oidc-id-token", "token": token});
    assert!(is_taken(&stage, proof(PROVIDER.token_with(&header, &claims))).await);
    for more in [
        json!({"alg": "none"}),
        json!({"alg": "None"}),
        json!({"alg": "HS256"}),
        json!({"alg": "ES256"}),
        json!({"alg": "EdDSA"}),
        json!({"alg": "RS512"}),
        json!({"alg": "PS256"}),
        json!({"alg": null}),
        json!({"kid": "acme-2"}),
        json!({"kid": null}),
        json!({"kid": "../acme-1"}),
        json!({"jwk": STRANGER.public_key()}),
        json!({"jku": "https://evil.example/keys"}),
        json!({"x5u": "https://evil.example/chain"}),
        json!({"x5c": ["MIIB"]}),
        json!({"crit": ["exp"]}),
        json!({"b64": false}),
        json!({"zip": "DEF"}),
        json!({"typ": "at+jwt"}),
    ] {
        let token = PROVIDER.token_with(&with(header.clone(), more.clone()), &claims);
        assert!(!is_taken(&stage, proof(token)).await, "{more}");
    }
    // A stranger's key under the same name, another issuer's key, and the public key as a secret.
    let of_stranger = stage.id_token_by(&STRANGER, json!({}));
    assert!(!is_taken(&stage, of_stranger).await);
    let of_backend = stage.id_token_by(&BACKEND, json!({}));
    assert!(!is_taken(&stage, of_backend).await);
    let parts = [json!({"alg": "HS256", "kid": "acme-1"}), claims.clone()];
    let signed = parts.map(|part| encode(part.to_string())).join(".");
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &PROVIDER.der());
    let mac = aws_lc_rs::hmac::sign(&key, signed.as_bytes());
    assert!(!is_taken(&stage, proof(format!("{signed}.{}", encode(mac)))).await);
    // Without a signature, and in other forms than the compact one.
    let token = PROVIDER.token(&claims);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    for token in [
        format!("{signed}."),
        signed.to_owned(),
        format!("{signed}.{signature}="),
        format!("{signed}.{signature}.{signature}"),
        format!(" {token}"),
        format!("{token}\n"),
        "x".repeat(17_000),
        String::new(),
    ] {
        assert!(!is_taken(&stage, proof(token)).await);
    }
    assert_eq!(stage.provider.asked().len(), 2, "asked for its keys once");
}

#[tokio::test]
async fn a_member_that_is_there_twice_is_refused() {
    let stage = Stage::new().await;
    let claims = stage.id_claims(json!({})).to_string();
    let twice = claims.replacen('{', r#"{"sub":"victim","#, 1);
    let header = encode(json!({"alg": "RS256", "kid": "acme-1"}).to_string());
    let signed = format!("{header}.{}", encode(twice));
    let signature = encode(PROVIDER.sign(signed.as_bytes()));
    let proof = json!({"kind": "oidc-id-token", "token": format!("{signed}.{signature}")});
    assert!(!is_taken(&stage, proof).await);
}

/// However many tokens name unknown keys, the issuer is asked once a minute; a new key of its is then found.
#[tokio::test]
async fn an_issuer_is_asked_once_a_minute_at_most() {
    let stage = Stage::new().await;
    assert!(is_taken(&stage, stage.id_token(json!({}))).await);
    assert_eq!(stage.provider.asked().len(), 2, "discovery and keys");
    for _ in 0..20 {
        assert!(!is_taken(&stage, stage.id_token_by(&BACKEND, json!({}))).await);
        assert!(is_taken(&stage, stage.id_token(json!({}))).await);
    }
    assert!(stage.provider.asked().is_empty());
    let mut renamed = PROVIDER.named_key();
    renamed["kid"] = "acme-2".into();
    stage
        .provider
        .answer("/keys", &json!({"keys": [renamed, PROVIDER.named_key()]}));
    let header = json!({"alg": "RS256", "kid": "acme-2"});
    let token = PROVIDER.token_with(&header, &stage.id_claims(json!({})));
    let body = json!({"proof": {"kind": "oidc-id-token", "token": token}});
    for (seconds, expected) in [(59, 401), (60, 200), (61, 200)] {
        stage.pool.set_time(NOW + seconds);
        let asked = request("/v1/credentials", body.clone(), NOW + seconds);
        assert_eq!(stage.ask(asked).await.status, expected, "{seconds}");
    }
    assert_eq!(stage.provider.asked().len(), 2);
}

/// Security row 31: where keys are is said by the operator's list, and not by who answers.
#[tokio::test]
async fn keys_come_from_hosts_of_the_list_alone() {
    let stage = Stage::new().await;
    let url = stage.provider.url().to_owned();
    let discovery = "/.well-known/openid-configuration";
    for mut answer in [
        json!({"issuer": url, "jwks_uri": "https://evil.example.org/keys"}),
        json!({"issuer": url, "jwks_uri": "http://169.254.169.254/latest"}),
        json!({"issuer": url, "jwks_uri": "file:///etc/passwd"}),
        json!({"issuer": "https://evil.example.org", "jwks_uri": format!("{url}/keys")}),
        json!({"issuer": url}),
    ] {
        let stage = Stage::new().await;
        if answer["issuer"] == *url {
            answer["issuer"] = stage.provider.url().into();
        }
        stage.provider.answer(discovery, &answer);
        let refused = stage.credentials(stage.id_token(json!({}))).await;
        refused.is_problem(503, "unavailable");
        assert_eq!(stage.provider.asked(), [discovery]);
    }
    for (status, body) in [
        ("302 Found", ""),
        ("404 Not Found", "{}"),
        ("200 OK", "no JSON"),
        ("200 OK", &"x".repeat(70_000)),
    ] {
        let stage = Stage::new().await;
        stage.provider.answer_with("/keys", status, body);
        let refused = stage.credentials(stage.id_token(json!({}))).await;
        refused.is_problem(503, "unavailable");
        assert_eq!(stage.provider.asked(), [discovery, "/keys"]);
    }
}

#[tokio::test]
async fn keys_outlive_an_outage_of_their_issuer_for_a_day() {
    let stage = Stage::new().await;
    assert!(is_taken(&stage, stage.id_token(json!({}))).await);
    stage.provider.answer_with("/keys", "500 Broken", "");
    for (hours, expected) in [(2, 200), (23, 200), (25, 503)] {
        let now = NOW + hours * 3_600;
        let proof = stage.id_token(json!({"iat": now, "exp": now + 300}));
        let asked = request("/v1/credentials", json!({ "proof": proof }), now);
        stage.pool.set_time(now);
        assert_eq!(stage.ask(asked).await.status, expected, "{hours}");
    }
}

#[tokio::test]
async fn a_new_key_is_neither_taken_nor_refused_while_its_issuer_is_out_of_order() {
    let stage = Stage::new().await;
    assert!(is_taken(&stage, stage.id_token(json!({}))).await);
    stage.provider.answer_with("/keys", "500 Broken", "");
    let header = json!({"alg": "RS256", "kid": "acme-2"});
    let token = PROVIDER.token_with(&header, &stage.id_claims(json!({})));
    let with_new_key = json!({"proof": {"kind": "oidc-id-token", "token": token}});
    let status = async |body: &Value, seconds: i64| {
        stage.pool.set_time(NOW + seconds);
        let asked = request("/v1/credentials", body.clone(), NOW + seconds);
        stage.ask(asked).await.status
    };
    for seconds in [60, 61, 64] {
        assert_eq!(status(&with_new_key, seconds).await, 503, "{seconds}");
    }
    let with_known_key = json!({ "proof": stage.id_token(json!({})) });
    assert_eq!(status(&with_known_key, 64).await, 200);

    let mut renamed = PROVIDER.named_key();
    renamed["kid"] = "acme-2".into();
    stage
        .provider
        .answer("/keys", &json!({ "keys": [renamed] }));
    assert_eq!(status(&with_new_key, 65).await, 200);
}
