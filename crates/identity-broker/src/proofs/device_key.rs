//! A key that a device holds, which signs a challenge of ours: Ed25519 or ES256, with signatures in the form of JWS (64 bytes, not ASN.1).
//!
//! What is signed is `lifeguard-device-key-v1`, method, path and challenge, with a line break between each two, so that an answer is good for one
//! thing, once. A key is registered by being linked to an account (`POST /v1/link`); until then it stands for nobody.

use broker_identities::Login;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::challenge;
use crate::jwk::PublicKey;
use crate::jws::decode;
use crate::problem::NoAnswer;
use crate::proof::{Unproven, Verified, Verifier};

/// What rules and identifiers call it.
pub(crate) const SOURCE: &str = "device";

/// Not yet verified.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceKey {
    /// The public key, as a JWK.
    key: Value,
    challenge: String,
    /// base64url.
    signature: String,
}

impl DeviceKey {
    pub(crate) fn verify(&self, verifier: &Verifier<'_>) -> Result<Verified, NoAnswer> {
        let request = verifier.request;
        let once = challenge::verify(&self.challenge, verifier.key, request.now);
        let once = once.ok_or(Unproven::Challenge)?;
        let key = PublicKey::of_device(&self.key).ok_or(Unproven::UnknownKey)?;
        let algorithm = key.only_algorithm().ok_or(Unproven::UnknownKey)?;
        let signature = decode(&self.signature).ok_or(Unproven::Unreadable)?;
        let message = [
            "lifeguard-device-key-v1",
            &request.method,
            &request.path,
            &self.challenge,
        ];
        let message = message.join("\n");
        if !key.verify(algorithm, message.as_bytes(), &signature) {
            return Err(Unproven::Signature.into());
        }
        let login = Login {
            source: SOURCE,
            issuer: "urn:lifeguard:device-key",
            subject: &key.fingerprint(),
            is_opaque: true,
        };
        Ok(Verified {
            proof: "device-key",
            source: SOURCE.to_owned(),
            identifier: verifier.identifier(login),
            claims: Map::new(),
            once: Some(once),
            needs_an_account: true,
        })
    }
}
