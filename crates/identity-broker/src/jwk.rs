//! Public keys as issuers publish them: RFC 7517, 7518 and 8037.

use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::jws::decode;

/// How something is signed. What is symmetric or nothing at all (`HS256`, `none`) is not among them, so that no configuration can allow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum Algorithm {
    #[serde(rename = "RS256")]
    Rs256,
    #[serde(rename = "RS384")]
    Rs384,
    #[serde(rename = "RS512")]
    Rs512,
    #[serde(rename = "ES256")]
    Es256,
    #[serde(rename = "EdDSA", alias = "Ed25519")]
    EdDsa,
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PublicKey {
    /// RSA, of 2,048 bits at least: ring holds that.
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    /// A point of P-256, not compressed.
    P256(Vec<u8>),
    /// Ed25519.
    Ed25519(Vec<u8>),
}

/// A key as it is written; members that are not named here do not matter.
#[derive(Debug, Clone, Deserialize)]
struct Written {
    kty: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default, rename = "use")]
    usage: Option<String>,
    #[serde(default)]
    crv: Option<String>,
    #[serde(default)]
    n: Option<String>,
    #[serde(default)]
    e: Option<String>,
    #[serde(default)]
    x: Option<String>,
    #[serde(default)]
    y: Option<String>,
}

impl Written {
    /// The key, if it is one of those that are used here, and for signatures.
    fn key(&self) -> Option<PublicKey> {
        if self.usage.as_deref().is_some_and(|usage| usage != "sig") {
            return None;
        }
        let bytes = |member: &Option<String>| decode(member.as_deref()?);
        match (&*self.kty, self.crv.as_deref()) {
            ("RSA", None) => Some(PublicKey::Rsa {
                modulus: bytes(&self.n)?,
                exponent: bytes(&self.e)?,
            }),
            ("EC", Some("P-256")) => {
                let (x, y) = (bytes(&self.x)?, bytes(&self.y)?);
                let is_whole = x.len() == 32 && y.len() == 32;
                is_whole.then(|| PublicKey::P256([&[4], &*x, &*y].concat()))
            }
            ("OKP", Some("Ed25519")) => {
                let x = bytes(&self.x)?;
                (x.len() == 32).then_some(PublicKey::Ed25519(x))
            }
            _ => None,
        }
    }

    /// The algorithm that the key is for, where it says one.
    fn algorithm(&self) -> Option<Result<Algorithm, serde_json::Error>> {
        let name = self.alg.as_deref()?;
        Some(serde_json::from_value(name.into()))
    }
}

impl PublicKey {
    /// The key that a device shows; `None` for what is none, or not of a kind that devices have.
    pub(crate) fn of_device(jwk: &serde_json::Value) -> Option<Self> {
        let written: Written = serde_json::from_value(jwk.clone()).ok()?;
        written.key().filter(|key| !matches!(key, Self::Rsa { .. }))
    }

    /// Whether it signed the message by that algorithm, which has to be one of its own.
    pub(crate) fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let verified = match (self, algorithm) {
            (Self::Rsa { modulus, exponent }, _) => {
                let Some(parameters) = algorithm.of_rsa() else {
                    return false;
                };
                let key = RsaPublicKeyComponents {
                    n: modulus,
                    e: exponent,
                };
                key.verify(parameters, message, signature)
            }
            (Self::P256(point), Algorithm::Es256) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
            (Self::Ed25519(key), Algorithm::EdDsa) => {
                UnparsedPublicKey::new(&ED25519, key).verify(message, signature)
            }
            _ => return false,
        };
        verified.is_ok()
    }

    /// The algorithm of a key that has but one.
    pub(crate) fn only_algorithm(&self) -> Option<Algorithm> {
        match self {
            Self::Rsa { .. } => None,
            Self::P256(_) => Some(Algorithm::Es256),
            Self::Ed25519(_) => Some(Algorithm::EdDsa),
        }
    }

    /// A name that no other key has: the SHA-256 of the key itself, in hexadecimal.
    pub(crate) fn fingerprint(&self) -> String {
        let digest = match self {
            Self::Rsa { modulus, exponent } => Sha256::new_with_prefix(b"rsa")
                .chain_update(exponent)
                .chain_update(modulus),
            Self::P256(point) => Sha256::new_with_prefix(b"p256").chain_update(point),
            Self::Ed25519(key) => Sha256::new_with_prefix(b"ed25519").chain_update(key),
        };
        let digest = digest.finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Algorithm {
    fn of_rsa(self) -> Option<&'static RsaParameters> {
        match self {
            Self::Rs256 => Some(&RSA_PKCS1_2048_8192_SHA256),
            Self::Rs384 => Some(&RSA_PKCS1_2048_8192_SHA384),
            Self::Rs512 => Some(&RSA_PKCS1_2048_8192_SHA512),
            Self::Es256 | Self::EdDsa => None,
        }
    }
}

/// The keys of one issuer.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeySet(Vec<NamedKey>);

#[derive(Debug, Clone)]
struct NamedKey {
    id: String,
    algorithm: Option<Algorithm>,
    key: PublicKey,
}

#[derive(Deserialize)]
struct Published {
    keys: Vec<serde_json::Value>,
}

impl KeySet {
    /// The keys of a JWK set. Those that are not for us, by kind, use or algorithm, are left out, as RFC 7517, section 5, has it; so are
    /// those without a name.
    pub(crate) fn parse(json: &[u8]) -> Option<Self> {
        let published: Published = serde_json::from_slice(json).ok()?;
        let keys = published.keys.into_iter();
        Some(Self(keys.filter_map(NamedKey::read).collect()))
    }

    /// The keys of a list, each of which has to be one, with an algorithm.
    pub(crate) fn of_list(keys: Vec<serde_json::Value>) -> Option<Self> {
        let keys: Option<Vec<_>> = keys.into_iter().map(NamedKey::read).collect();
        let keys = keys?;
        let is_whole = keys.iter().all(|key| key.algorithm.is_some());
        (is_whole && !keys.is_empty()).then_some(Self(keys))
    }

    /// Whether there is a key of that name.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.0.iter().any(|key| key.id == id)
    }

    /// The one key of that name which is for that algorithm, or for any. Two of a name are none: nobody could say which is meant.
    pub(crate) fn find(&self, id: &str, algorithm: Algorithm) -> Option<&PublicKey> {
        let mut named = self.0.iter().filter(|key| key.id == id);
        let key = named.next()?;
        let is_for_it = key.algorithm.is_none_or(|own| own == algorithm);
        (named.next().is_none() && is_for_it).then_some(&key.key)
    }
}

impl NamedKey {
    fn read(jwk: serde_json::Value) -> Option<Self> {
        let written: Written = serde_json::from_value(jwk).ok()?;
        Some(Self {
            key: written.key()?,
            algorithm: written.algorithm().transpose().ok()?,
            id: written.kid.filter(|id| !id.is_empty())?,
        })
    }
}
