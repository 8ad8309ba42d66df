use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    KeyPair, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA512,
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Claims, TokenProblem};

/// What a key is for, which settles how it signs and what it is called.
#[derive(Debug, Clone)]
pub(crate) enum Use {
    /// A user pool's tokens: RS256.
    UserPool,
    /// The identity pools' tokens in a region: RS512.
    IdentityPools { region: String },
}

/// An RSA key of 2048 bits that signs JSON web tokens (RFC 7515, RFC 7518 section 3.3).
///
/// Both halves are kept ready for use: a signature takes 0.4 ms, and reading a private key first would take half as much again.
pub(crate) struct SigningKey {
    used_for: Use,
    pair: RsaKeyPair,
    public: ParsedPublicKey,
    /// The modulus, which `jwks.json` shows.
    n: Vec<u8>,
    kid: String,
    /// The first part of every token that this key signs.
    header: String,
}

/// What stands around a modulus of 2048 bits in a PKCS#1 public key with the exponent 65537, in DER: the heads of the sequence and of
/// the modulus with its sign byte before it, the exponent behind it.
const BEFORE_MODULUS: [u8; 9] = [0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00];
const AFTER_MODULUS: [u8; 5] = [0x02, 0x03, 0x01, 0x00, 0x01];

impl SigningKey {
    pub(crate) fn generate(used_for: Use) -> Self {
        let pair =
            RsaKeyPair::generate(KeySize::Rsa2048).expect("AWS-LC can make keys of 2048 bits");
        Self::of(pair, used_for).expect("AWS-LC makes keys of 2048 bits with the exponent 65537")
    }

    /// The key that [`SigningKey::to_der`] wrote, or `None` when it is something else.
    pub(crate) fn from_der(der: &[u8], used_for: Use) -> Option<Self> {
        Self::of(RsaKeyPair::from_pkcs8(der).ok()?, used_for)
    }

    fn of(pair: RsaKeyPair, used_for: Use) -> Option<Self> {
        let public = pair.public_key().as_ref();
        let n = public
            .strip_prefix(&BEFORE_MODULUS)?
            .strip_suffix(&AFTER_MODULUS)?
            .to_vec();
        // As AWS's look, and it need not be kept: it follows from the key.
        let digest = Sha256::digest(public);
        let (kid, header, verification) = match &used_for {
            Use::UserPool => {
                let kid = STANDARD.encode(digest);
                let header = format!(r#"{{"kid":"{kid}","alg":"RS256"}}"#);
                (kid, header, &RSA_PKCS1_2048_8192_SHA256)
            }
            Use::IdentityPools { region } => {
                let kid = format!("{region}{}", digest[0]);
                let header = format!(r#"{{"kid":"{kid}","typ":"JWS","alg":"RS512"}}"#);
                (kid, header, &RSA_PKCS1_2048_8192_SHA512)
            }
        };
        let public = ParsedPublicKey::new(verification, public).ok()?;
        let header = URL_SAFE_NO_PAD.encode(header);
        Some(Self {
            used_for,
            pair,
            public,
            n,
            kid,
            header,
        })
    }

    /// The private key in PKCS#8.
    pub(crate) fn to_der(&self) -> Vec<u8> {
        let der: Pkcs8V1Der<'_> = self
            .pair
            .as_der()
            .expect("a key that was read can be written");
        der.as_ref().to_vec()
    }

    /// The public key as a JSON web key.
    pub(crate) fn jwk(&self) -> Value {
        json!({
            "alg": match self.used_for {
                Use::UserPool => "RS256",
                Use::IdentityPools { .. } => "RS512",
            },
            "e": "AQAB",
            "kid": self.kid,
            "kty": "RSA",
            "n": URL_SAFE_NO_PAD.encode(&self.n),
            "use": "sig",
        })
    }

    pub(crate) fn header(&self) -> &str {
        &self.header
    }

    pub(crate) fn sign(&self, claims: &Claims) -> String {
        let claims = serde_json::to_vec(claims).expect("claims are JSON already");
        let signed = format!("{}.{}", self.header, URL_SAFE_NO_PAD.encode(claims));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let padding = match self.used_for {
            Use::UserPool => &RSA_PKCS1_SHA256,
            Use::IdentityPools { .. } => &RSA_PKCS1_SHA512,
        };
        self.pair
            .sign(
                padding,
                &SystemRandom::new(),
                signed.as_bytes(),
                &mut signature,
            )
            .expect("a key of 2048 bits has room for a SHA-512 digest");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Whether this key signed the text.
    pub(crate) fn verify(&self, signed: &str, signature: &str) -> Result<(), TokenProblem> {
        let signature = decoded(signature).ok_or(TokenProblem::BadSignature)?;
        self.public
            .verify_sig(signed.as_bytes(), &signature)
            .map_err(|_| TokenProblem::BadSignature)
    }
}

/// A part of a token, decoded. There is one way to write each.
pub(crate) fn decoded(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).ok()
}
