//! Requests to the broker, each with a proof that was never used before.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::measured::event;

/// The parameter that has the secrets of the broker.
pub(super) const SECRETS: &str = "/lifeguard/broker";

/// Of the system whose requests are signed.
const KEY: &[u8] = b"a key of thirty-two bytes for us";

/// How a request proves whose it is.
#[derive(Clone, Copy)]
pub(super) enum Proof {
    BackendJwt,
    HmacRequest,
}

impl Proof {
    pub(super) const ALL: [Self; 2] = [Self::BackendJwt, Self::HmacRequest];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::BackendJwt => "backend-jwt",
            Self::HmacRequest => "hmac-request",
        }
    }
}

/// A backend that signs tokens for its users.
pub(super) struct Backend(Ed25519KeyPair);

impl Backend {
    pub(super) fn new() -> Self {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).expect("the system has random bytes");
        let key = Ed25519KeyPair::from_seed_unchecked(&seed);
        Self(key.expect("32 bytes are a seed"))
    }

    /// What the broker is told of it.
    pub(super) fn configuration(&self) -> Value {
        let x = encode(self.0.public_key());
        json!([{
            "name": "shop", "issuer": "https://shop.example.org", "audience": "lifeguard",
            "keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "shop-1", "alg": "EdDSA", "x": x}],
        }])
    }

    fn token(&self, claims: &Value) -> String {
        let header = json!({"alg": "EdDSA", "kid": "shop-1", "typ": "JWT"});
        let signed = format!(
            "{}.{}",
            encode(header.to_string()),
            encode(claims.to_string())
        );
        let signature = self.0.sign(signed.as_bytes());
        format!("{signed}.{}", encode(signature))
    }
}

/// What the broker keeps of the system.
pub(super) fn secrets() -> Value {
    json!({"hmacKeys": {"crm-2027": {"source": "crm", "key": STANDARD.encode(KEY)}}})
}

/// Somebody who proves it again and again.
pub(super) struct Customer<'b> {
    backend: &'b Backend,
    requests: usize,
}

impl<'b> Customer<'b> {
    pub(super) fn of(backend: &'b Backend) -> Self {
        Self {
            backend,
            requests: 0,
        }
    }

    /// What API Gateway hands on of a request to that path, just now.
    pub(super) fn request(&mut self, path: &str, proof: Proof) -> String {
        self.requests += 1;
        let once = format!("number-{:012}", self.requests);
        let (body, headers) = match proof {
            Proof::BackendJwt => (self.backend_jwt(&once), Vec::new()),
            Proof::HmacRequest => hmac_request(path, once),
        };
        let event = event("identity-broker/credentials.json");
        let mut event: Value = serde_json::from_str(&event).expect("event files are JSON");
        let route = format!("POST {path}");
        event["routeKey"] = json!(route);
        event["rawPath"] = json!(path);
        for (name, value) in headers {
            event["headers"][name] = json!(value);
        }
        let context = &mut event["requestContext"];
        context["routeKey"] = json!(route);
        context["http"]["path"] = json!(path);
        context["timeEpoch"] = json!(now().as_millis());
        event["body"] = json!(body);
        event.to_string()
    }

    fn backend_jwt(&self, id: &str) -> String {
        let now = now().as_secs();
        let claims = json!({
            "iss": "https://shop.example.org", "sub": "customer-1", "aud": "lifeguard",
            "iat": now, "exp": now + 60, "jti": id, "tenant": "t-1",
        });
        let token = self.backend.token(&claims);
        json!({"proof": {"kind": "backend-jwt", "token": token}}).to_string()
    }
}

/// The body and the headers that sign it.
fn hmac_request(path: &str, nonce: String) -> (String, Vec<(&'static str, String)>) {
    let claims = json!({"tenant": "t-1"});
    let proof = json!({"kind": "hmac-request", "subject": "contact-1", "claims": claims});
    let body = json!({ "proof": proof }).to_string();
    let now = now().as_secs().to_string();
    let digest = hex(&Sha256::digest(&body));
    let message = ["v1", "POST", path, &now, &nonce, &digest].join("\n");
    let mac = Hmac::<Sha256>::new_from_slice(KEY).expect("HMAC takes keys of any length");
    let mac = hex(&mac.chain_update(message).finalize().into_bytes());
    let headers = vec![
        ("lifeguard-key", "crm-2027".to_owned()),
        ("lifeguard-timestamp", now),
        ("lifeguard-nonce", nonce),
        ("lifeguard-signature", format!("v1={mac}")),
    ];
    (body, headers)
}

fn now() -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.expect("it is after 1970")
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
