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

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;

    use super::*;
    use crate::tokens::{Claims, SigningKey, Use};

    #[test]
    fn a_key_verifies_what_it_signed_by_the_algorithm_that_it_is_for() {
        let signing = SigningKey::generate(Use::UserPool);
        let token = signing.sign(&Claims::new());
        let key = Key::read(&signing.jwk()).unwrap();
        assert!(key.has_signed(&token, "RS256"));
        for algorithm in ["RS512", "RS384", "PS256", "ES256", "HS256", "none", ""] {
            assert!(!key.has_signed(&token, algorithm), "{algorithm}");
        }
        let other = SigningKey::generate(Use::UserPool);
        assert!(!Key::read(&other.jwk()).unwrap().has_signed(&token, "RS256"));

        let mut any = signing.jwk();
        any.as_object_mut().unwrap().remove("alg");
        let any = Key::read(&any).unwrap();
        assert!(any.has_signed(&token, "RS256"));
        assert!(!any.has_signed(&token, "RS512"));
        for rubbish in ["", ".", "a.b", &token[..token.len() - 4]] {
            assert!(!any.has_signed(rubbish, "RS256"), "{rubbish}");
        }
    }

    #[test]
    fn keys_for_something_else_are_passed_over() {
        let jwk = SigningKey::generate(Use::UserPool).jwk();
        let n = URL_SAFE_NO_PAD.encode([1]);
        for (member, value) in [("use", "enc"), ("kty", "EC"), ("kty", "oct"), ("n", "=")] {
            let mut other = jwk.clone();
            other[member] = json!(value);
            assert!(Key::read(&other).is_none(), "{member} {value}");
        }
        let tiny = json!({"kty": "RSA", "n": n, "e": n});
        assert!(!Key::read(&tiny).unwrap().has_signed("a.b.YQ", "RS256"));
    }
}
