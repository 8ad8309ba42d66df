//! Requests that a system signs as a whole: time, nonce, method, path and body are what was signed, and come once.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::stage::{NOW, Stage, request, with};

const KEY: &[u8] = b"a key of thirty-two bytes for us";
const NONCE: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

fn hex(bytes: impl AsRef<[u8]>) -> String {
    let bytes = bytes.as_ref().iter();
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

/// A request that is signed with that key at that second.
fn signed(path: &str, body: Value, key_id: &str, at: i64, nonce: &str) -> Value {
    let mut request = request(path, body, NOW);
    let body = hex(Sha256::digest(request["body"].as_str().unwrap()));
    let message = ["v1", "POST", path, &at.to_string(), nonce, &body].join("\n");
    let mac = Hmac::<Sha256>::new_from_slice(KEY).unwrap();
    let mac = mac.chain_update(message).finalize().into_bytes();
    request["headers"] = with(
        request["headers"].take(),
        json!({
            "lifeguard-key": key_id, "lifeguard-timestamp": at.to_string(),
            "lifeguard-nonce": nonce, "lifeguard-signature": format!("v1={}", hex(mac)),
        }),
    );
    request
}

fn body(subject: &str) -> Value {
    json!({"proof": {"kind": "hmac-request", "subject": subject, "claims": {"tenant": "t-1"}}})
}

fn usual(nonce: &str) -> Value {
    signed("/v1/credentials", body("contact-1"), "crm-2027", NOW, nonce)
}

#[tokio::test]
async fn a_signed_request_counts_once() {
    let stage = Stage::new().await;
    assert_eq!(stage.ask(usual(NONCE)).await.status, 200);
    stage.ask(usual(NONCE)).await.is_problem(401, "not-proven");
    assert_eq!(stage.ask(usual("another-nonce-of-16")).await.status, 200);
    let user = stage.pool.users().into_keys().next().unwrap();
    assert!(user.starts_with("crm.h."), "{user}");
}

#[tokio::test]
async fn what_is_signed_is_all_that_matters() {
    let stage = Stage::new().await;
    let change = |path: &[&str], value: Value| {
        let mut request = usual(NONCE);
        let mut place = &mut request;
        for name in path {
            place = &mut place[*name];
        }
        *place = value;
        request
    };
    let longer = usual(NONCE)["body"].as_str().unwrap().to_owned() + " ";
    let signature = usual(NONCE)["headers"]["lifeguard-signature"].clone();
    let upper = signature
        .as_str()
        .unwrap()
        .to_uppercase()
        .replace("V1", "v1");
    for forged in [
        change(&["body"], longer.into()),
        change(&["body"], body("contact-2").to_string().into()),
        change(&["rawPath"], "/v1/token".into()),
        change(&["requestContext", "http", "method"], "PUT".into()),
        change(
            &["headers", "lifeguard-timestamp"],
            (NOW + 1).to_string().into(),
        ),
        change(
            &["headers", "lifeguard-timestamp"],
            format!("+{NOW}").into(),
        ),
        change(
            &["headers", "lifeguard-nonce"],
            "another-nonce-of-16".into(),
        ),
        change(&["headers", "lifeguard-key"], "unknown".into()),
        change(&["headers", "lifeguard-signature"], upper.into()),
        change(&["headers", "lifeguard-signature"], "v1=".into()),
        change(&["headers", "lifeguard-signature"], hex([0; 32]).into()),
        change(&["headers"], json!({})),
        signed(
            "/v1/credentials",
            body("contact-1"),
            "crm-2027",
            NOW,
            "short",
        ),
    ] {
        stage.ask(forged).await.is_problem(401, "not-proven");
    }
    for (at, expected) in [(-301, 401), (-300, 200), (300, 200), (301, 401)] {
        let nonce = format!("nonce-number-{at}");
        let request = signed(
            "/v1/credentials",
            body("contact-1"),
            "crm-2027",
            NOW + at,
            &nonce,
        );
        assert_eq!(stage.ask(request).await.status, expected, "{at}");
    }
}

/// A key that is too short to be a secret, or that claims another's name, is out of order and no proof.
#[tokio::test]
async fn a_key_has_to_be_in_order() {
    let stage = Stage::new().await;
    for key in ["short", "thief"] {
        let request = signed("/v1/credentials", body("contact-1"), key, NOW, NONCE);
        stage.ask(request).await.is_problem(503, "unavailable");
    }
    assert!(stage.pool.calls().is_empty());
}

#[tokio::test]
async fn one_signature_is_one_proof() {
    let stage = Stage::new().await;
    let proof = |subject: &str| body(subject)["proof"].clone();
    let both = json!({"account": proof("contact-1"), "login": proof("contact-2")});
    let request = signed("/v1/link", both, "crm-2027", NOW, NONCE);
    stage.ask(request).await.is_problem(401, "not-proven");
}
