use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    RsaPublicKeyComponents,
};
use serde_json::Value;

use crate::tokens::decoded;

/// A provider's RSA key for signatures; AWS takes no other kind.
pub(super) struct Key {
    /// `kid`.
    pub(super) id: Option<String>,
    modulus: Vec<u8>,
    exponent: Vec<u8>,
    /// The one algorithm that it is for, where it says so.
    algorithm: Option<String>,
}

impl Key {
    /// A JSON web key (RFC 7517); `None` where it is for something else.
    pub(super) fn read(key: &Value) -> Option<Self> {
        let text = |name: &str| key.get(name).and_then(Value::as_str);
        let for_signatures = text("use").is_none_or(|usage| usage == "sig");
        if text("kty") != Some("RSA") || !for_signatures {
            return None;
        }
        Some(Self {
            id: text("kid").map(str::to_owned),
            modulus: decoded(text("n")?)?,
            exponent: decoded(text("e")?)?,
            algorithm: text("alg").map(str::to_owned),
        })
    }

    /// Whether this key signed the token with this algorithm.
    pub(super) fn has_signed(&self, token: &str, algorithm: &str) -> bool {
        let parameters = match algorithm {
            "RS256" => &RSA_PKCS1_2048_8192_SHA256,
            "RS384" => &RSA_PKCS1_2048_8192_SHA384,
            "RS512" => &RSA_PKCS1_2048_8192_SHA512,
            _ => return false,
        };
        if self
            .algorithm
            .as_deref()
            .is_some_and(|own| own != algorithm)
        {
            return false;
        }
        let Some((signed, signature)) = token.rsplit_once('.') else {
            return false;
        };
        let components = RsaPublicKeyComponents {
            n: &self.modulus,
            e: &self.exponent,
        };
        decoded(signature).is_some_and(|signature| {
            components
                .verify(parameters, signed.as_bytes(), &signature)
                .is_ok()
        })
    }
}
