//! A request that a system of the operator's has signed as a whole, by a key that it shares with the broker, for one of its users.
//!
//! The header `lifeguard-signature` is `v1=` and the HMAC-SHA-256, in hexadecimal, of `v1`, method, path, time stamp, nonce and the SHA-256 of
//! the body in hexadecimal, with a line break between each two; `lifeguard-key`, `lifeguard-timestamp` (seconds since the epoch) and
//! `lifeguard-nonce` are the headers that say the rest. A nonce counts once.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use broker_identities::Login;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use super::oidc_id_token::check_subject;
use crate::http::Request;
use crate::problem::NoAnswer;
use crate::proof::{OWN_SOURCES, Unproven, Verified, Verifier, is_source_name};
use crate::replays::Once;

/// How far a time stamp may be from now.
const WINDOW: Duration = Duration::minutes(5);

/// As long as the hash, RFC 2104, section 3; a shorter key could be guessed.
const LEAST_KEY_BYTES: usize = 32;

/// Not yet verified; what signs it is in the headers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HmacRequest {
    subject: String,
    #[serde(default)]
    claims: Map<String, Value>,
}

impl HmacRequest {
    pub(crate) async fn verify(&self, verifier: &Verifier<'_>) -> Result<Verified, NoAnswer> {
        let request = verifier.request;
        let signed = Signed::of(request).ok_or(Unproven::Unreadable)?;
        if (request.now - signed.at).abs() > WINDOW {
            return Err(Unproven::TooOld.into());
        }
        let secrets = verifier.outside.secrets.get(request.now).await?;
        let key = secrets.hmac_keys.get(signed.key_id);
        let key = key.ok_or(Unproven::UnknownKey)?;
        let source = &*key.source;
        let bytes = STANDARD.decode(key.key.expose_secret());
        let bytes = bytes.map_err(|_| UnusableKey)?;
        let is_theirs = is_source_name(source)
            && !OWN_SOURCES.contains(&source)
            && !verifier.config.has_source(source);
        if bytes.len() < LEAST_KEY_BYTES || !is_theirs {
            return Err(UnusableKey.into());
        }
        signed.verify(request, &bytes)?;
        check_subject(&self.subject)?;
        let login = Login {
            source,
            issuer: "urn:lifeguard:hmac-request",
            subject: &self.subject,
            is_opaque: false,
        };
        Ok(Verified {
            proof: "hmac-request",
            source: source.to_owned(),
            identifier: verifier.identifier(login),
            claims: self.claims.clone(),
            once: Some(Once {
                kind: "nonce",
                by: signed.key_id.to_owned(),
                id: signed.nonce.to_owned(),
                until: signed.at + WINDOW + WINDOW,
            }),
            needs_an_account: false,
        })
    }
}

/// What the headers say.
struct Signed<'a> {
    key_id: &'a str,
    timestamp: &'a str,
    at: OffsetDateTime,
    nonce: &'a str,
    mac: Vec<u8>,
}

impl<'a> Signed<'a> {
    fn of(request: &'a Request) -> Option<Self> {
        let timestamp = request.header("lifeguard-timestamp")?;
        let nonce = request.header("lifeguard-nonce")?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        let is_nonce = (16..=128).contains(&nonce.len()) && nonce.bytes().all(is_plain);
        let is_time = timestamp.bytes().all(|byte| byte.is_ascii_digit());
        if !is_nonce || !is_time {
            return None;
        }
        let signature = request.header("lifeguard-signature")?;
        Some(Self {
            key_id: request.header("lifeguard-key")?,
            timestamp,
            at: OffsetDateTime::from_unix_timestamp(timestamp.parse().ok()?).ok()?,
            nonce,
            mac: hex_bytes(signature.strip_prefix("v1=")?)?,
        })
    }

    fn verify(&self, request: &Request, key: &[u8]) -> Result<(), Unproven> {
        let body: String = Sha256::digest(&request.body)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let parts = [
            "v1",
            &request.method,
            &request.path,
            self.timestamp,
            self.nonce,
            &body,
        ];
        Hmac::<Sha256>::new_from_slice(key)
            .expect("HMAC takes keys of any length")
            .chain_update(parts.join("\n"))
            .verify_slice(&self.mac)
            .map_err(|_| Unproven::Signature)
    }
}

/// Hexadecimal in lower case: a signature has one form.
fn hex_bytes(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    rest.is_empty().then_some(())?;
    pairs
        .iter()
        .map(|&[high, low]| Some(digit(high)? << 4 | digit(low)?))
        .collect()
}

/// Someone has to correct it: 32 bytes at least in base64, and a source of its own.
#[derive(Debug, thiserror::Error)]
#[error("a key of `hmacKeys` cannot be used")]
struct UnusableKey;
