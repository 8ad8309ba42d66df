//! Keys that sign, by another implementation than the one that verifies.

use std::sync::LazyLock;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA512, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A key with its name.
pub(crate) struct Signer {
    id: &'static str,
    key: Key,
}

enum Key {
    Ed25519(Ed25519KeyPair),
    P256(EcdsaKeyPair),
    Rsa(Box<RsaKeyPair>),
}

fn ed25519() -> Key {
    Key::Ed25519(Ed25519KeyPair::generate().unwrap())
}

fn p256() -> Key {
    Key::P256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
}

fn rsa() -> Key {
    Key::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()))
}

/// The OpenID provider's.
pub(crate) static PROVIDER: LazyLock<Signer> = LazyLock::new(|| Signer::new("acme-1", rsa()));
/// The identity pool's.
pub(crate) static POOL: LazyLock<Signer> = LazyLock::new(|| Signer::new("us-east-11", rsa()));
/// The backend's.
pub(crate) static BACKEND: LazyLock<Signer> = LazyLock::new(|| Signer::new("shop-1", ed25519()));
/// Another key of the backend's.
pub(crate) static BACKEND_P256: LazyLock<Signer> = LazyLock::new(|| Signer::new("shop-2", p256()));
/// Two devices'.
pub(crate) static DEVICE: LazyLock<Signer> = LazyLock::new(|| Signer::new("", ed25519()));
pub(crate) static DEVICE_P256: LazyLock<Signer> = LazyLock::new(|| Signer::new("", p256()));
/// Nobody's, and named like the provider's.
pub(crate) static STRANGER: LazyLock<Signer> = LazyLock::new(|| Signer::new("acme-1", rsa()));

impl Signer {
    fn new(id: &'static str, key: Key) -> Self {
        Self { id, key }
    }

    /// A token with the usual header.
    pub(crate) fn token(&self, claims: &Value) -> String {
        let header = json!({"alg": self.algorithm(), "kid": self.id, "typ": "JWT"});
        self.token_with(&header, claims)
    }

    /// A token with that header.
    pub(crate) fn token_with(&self, header: &Value, claims: &Value) -> String {
        let parts = [header, claims].map(|part| encode(part.to_string()));
        let signed = parts.join(".");
        let signature = match header["alg"].as_str() {
            Some("RS512") => self.sign_rsa(&RSA_PKCS1_SHA512, signed.as_bytes()),
            _ => self.sign(signed.as_bytes()),
        };
        format!("{signed}.{}", encode(signature))
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.key {
            Key::Ed25519(key) => key.sign(message).as_ref().to_vec(),
            Key::P256(key) => {
                let signed = key.sign(&SystemRandom::new(), message);
                signed.unwrap().as_ref().to_vec()
            }
            Key::Rsa(_) => self.sign_rsa(&RSA_PKCS1_SHA256, message),
        }
    }

    fn sign_rsa(
        &self,
        padding: &'static dyn aws_lc_rs::signature::RsaEncoding,
        message: &[u8],
    ) -> Vec<u8> {
        let Key::Rsa(key) = &self.key else {
            panic!("no RSA key")
        };
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(padding, &SystemRandom::new(), message, &mut signature)
            .unwrap();
        signature
    }

    fn algorithm(&self) -> &'static str {
        match &self.key {
            Key::Ed25519(_) => "EdDSA",
            Key::P256(_) => "ES256",
            Key::Rsa(_) => "RS256",
        }
    }

    /// The public key, as a JWK without an algorithm.
    pub(crate) fn public_key(&self) -> Value {
        match &self.key {
            Key::Ed25519(key) => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": encode(key.public_key())})
            }
            Key::P256(key) => {
                let point = key.public_key().as_ref();
                json!({"kty": "EC", "crv": "P-256", "x": encode(&point[1..33]), "y": encode(&point[33..])})
            }
            Key::Rsa(key) => {
                // RSAPublicKey of RFC 8017: what stands before 2,048 bits of modulus is always as long, and so is the exponent 65537.
                let public = key.public_key().as_ref();
                json!({"kty": "RSA", "n": encode(&public[9..265]), "e": "AQAB"})
            }
        }
    }

    /// The same with its name and its algorithm.
    pub(crate) fn named_key(&self) -> Value {
        let mut key = self.public_key();
        key["kid"] = self.id.into();
        key["alg"] = self.algorithm().into();
        key["use"] = "sig".into();
        key
    }

    /// The public key as X.509 has it, which is what a confused verifier could take for an HMAC's key.
    pub(crate) fn der(&self) -> Vec<u8> {
        let Key::Rsa(key) = &self.key else {
            panic!("no RSA key")
        };
        let der: aws_lc_rs::encoding::PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
        der.as_ref().to_vec()
    }
}

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
