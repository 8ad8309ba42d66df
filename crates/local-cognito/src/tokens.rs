//! Tokens as Cognito makes them: RS256, one key for ID tokens and one for access tokens, and refresh tokens that say nothing.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-with-identity-providers.html>

mod changes;
mod claims;
mod refresh_token;
mod signing_key;

use std::sync::OnceLock;
use std::thread;

use serde_json::{Map, Value, json};

pub(crate) use changes::TokenChanges;
pub(crate) use claims::{SignIn, TokenClaims};
pub(crate) use refresh_token::RefreshToken;
pub(crate) use signing_key::{SigningKey, Use, decoded};

/// The claims of a token.
pub(crate) type Claims = Map<String, Value>;

/// The keys of a pool, made when they are first needed.
pub(crate) struct PoolKeys(OnceLock<Pair>);

/// As in AWS, ID and access tokens have a key each, so that one can never pass for the other.
struct Pair {
    id: SigningKey,
    access: SigningKey,
}

impl Pair {
    /// Takes some 100 ms, nearly all of it the search for primes, for which each key has a thread.
    fn generate() -> Self {
        thread::scope(|scope| {
            let id = scope.spawn(|| SigningKey::generate(Use::UserPool));
            Self {
                access: SigningKey::generate(Use::UserPool),
                id: id.join().expect("making a key does not panic"),
            }
        })
    }
}

/// Why a token is not one of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenProblem {
    /// Not three parts of base64url, too long, or claims that are no JSON object.
    #[error("the token is malformed")]
    Malformed,
    /// The header is not the one that our tokens bear: another key, or another algorithm.
    #[error("the token's header names no key of this pool")]
    UnknownKey,
    /// Altered, or signed with another key.
    #[error("the token's signature is wrong")]
    BadSignature,
}

/// Many times what fits into a request's headers; no more than this is ever decoded.
const MAX_TOKEN_BYTES: usize = 64 * 1024;

impl PoolKeys {
    /// New keys.
    pub(crate) fn generate() -> Self {
        Self(OnceLock::new())
    }

    /// The keys that [`PoolKeys::to_der`] wrote, or `None` when they are something else.
    pub(crate) fn from_der(keys: &[Vec<u8>]) -> Option<Self> {
        let [id, access] = keys else { return None };
        let pair = Pair {
            id: SigningKey::from_der(id, Use::UserPool)?,
            access: SigningKey::from_der(access, Use::UserPool)?,
        };
        Some(Self(OnceLock::from(pair)))
    }

    /// Both private keys, in PKCS#8.
    pub(crate) fn to_der(&self) -> Vec<Vec<u8>> {
        let Pair { id, access } = self.pair();
        vec![id.to_der(), access.to_der()]
    }

    /// The public keys, as `jwks.json` shows them.
    pub(crate) fn jwks(&self) -> Value {
        let Pair { id, access } = self.pair();
        json!({ "keys": [id.jwk(), access.jwk()] })
    }

    /// Signs the claims of an ID token.
    pub(crate) fn sign_id(&self, claims: &Claims) -> String {
        self.pair().id.sign(claims)
    }

    /// Signs the claims of an access token.
    pub(crate) fn sign_access(&self, claims: &Claims) -> String {
        self.pair().access.sign(claims)
    }

    /// The claims of a token that this pool signed. Its time and issuer are the caller's to check, and whether it was revoked.
    ///
    /// # Errors
    ///
    /// [`TokenProblem`].
    pub(crate) fn verify(&self, token: &str) -> Result<Claims, TokenProblem> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenProblem::Malformed);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenProblem::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(TokenProblem::Malformed)?;
        // The header is compared and never read, so that a token has no say in how it is checked (RFC 8725, section 3.1).
        // Keys that were never needed have signed nothing.
        let pair = self.0.get().ok_or(TokenProblem::UnknownKey)?;
        let key = [&pair.id, &pair.access]
            .into_iter()
            .find(|key| key.header() == header);
        let key = key.ok_or(TokenProblem::UnknownKey)?;
        key.verify(signed, signature)?;
        decoded(payload)
            .and_then(|claims| serde_json::from_slice(&claims).ok())
            .ok_or(TokenProblem::Malformed)
    }

    fn pair(&self) -> &Pair {
        self.0.get_or_init(Pair::generate)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::Sha256;

    use super::*;

    static KEYS: LazyLock<PoolKeys> = LazyLock::new(PoolKeys::generate);

    fn claims() -> Claims {
        let claims = json!({"sub": "b3d4f8a2-6041-70c5-9a1e-2f7c0d9b6e11", "token_use": "access", "exp": 1_788_595_200});
        claims.as_object().unwrap().clone()
    }

    fn encoded(text: &str) -> String {
        URL_SAFE_NO_PAD.encode(text)
    }

    #[test]
    fn a_token_is_read_back() {
        assert_eq!(KEYS.verify(&KEYS.sign_access(&claims())), Ok(claims()));
        assert_eq!(KEYS.verify(&KEYS.sign_id(&claims())), Ok(claims()));
    }

    #[test]
    fn keys_survive_a_restart() {
        let read = PoolKeys::from_der(&KEYS.to_der()).unwrap();
        assert_eq!(read.jwks(), KEYS.jwks());
        assert_eq!(read.verify(&KEYS.sign_access(&claims())), Ok(claims()));
        let der = KEYS.to_der();
        for damaged in [
            &[][..],
            &der[..1],
            &[der[0].clone(), vec![7; 100]],
            &[&der[..], &der[..1]].concat(),
        ] {
            assert!(PoolKeys::from_der(damaged).is_none());
        }
    }

    #[test]
    fn the_keys_are_shown_as_cognito_shows_them() {
        let jwks = KEYS.jwks();
        let keys = jwks["keys"].as_array().unwrap();
        assert_eq!(keys.len(), 2);
        for key in keys {
            let members: Vec<&str> = key
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use"]);
            assert_eq!(
                (&key["alg"], &key["kty"], &key["use"]),
                (&json!("RS256"), &json!("RSA"), &json!("sig"))
            );
            let kid = key["kid"].as_str().unwrap();
            assert!(kid.len() == 44 && kid.ends_with('='), "{kid}");
        }
        assert_ne!(keys[0]["kid"], keys[1]["kid"]);

        let token = KEYS.sign_id(&claims());
        let header: Value = serde_json::from_slice(
            &URL_SAFE_NO_PAD
                .decode(token.split('.').next().unwrap())
                .unwrap(),
        )
        .unwrap();
        assert_eq!(header, json!({"kid": keys[0]["kid"], "alg": "RS256"}));
    }

    /// A verifier that knows nothing but the published key agrees.
    #[test]
    fn the_published_key_verifies_a_token() {
        use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};

        let jwks = KEYS.jwks();
        let part = |name: &str| {
            URL_SAFE_NO_PAD
                .decode(jwks["keys"][1][name].as_str().unwrap())
                .unwrap()
        };
        let public = RsaPublicKeyComponents {
            n: part("n"),
            e: part("e"),
        };
        let token = KEYS.sign_access(&claims());
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        public
            .verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature)
            .unwrap();
    }

    #[test]
    fn forged_tokens_are_refused() {
        use TokenProblem::{BadSignature, Malformed, UnknownKey};

        let token = KEYS.sign_access(&claims());
        let parts: Vec<&str> = token.split('.').collect();
        let [header, payload, signature] = parts[..] else {
            unreachable!()
        };
        let of = |header: &str, payload: &str, signature: &str| {
            format!("{header}.{payload}.{signature}")
        };

        let jwks = KEYS.jwks();
        let kid = jwks["keys"][1]["kid"].as_str().unwrap();
        let none = encoded(&json!({"kid": kid, "alg": "none"}).to_string());
        let hs256 = encoded(&json!({"kid": kid, "alg": "HS256"}).to_string());
        let by_public_key = {
            let public = jwks["keys"][1]["n"].as_str().unwrap();
            let mac = Hmac::<Sha256>::new_from_slice(public.as_bytes()).unwrap();
            let signature = mac
                .chain_update(format!("{hs256}.{payload}"))
                .finalize()
                .into_bytes();
            of(&hs256, payload, &URL_SAFE_NO_PAD.encode(signature))
        };
        let own_jwk =
            encoded(&json!({"kid": kid, "alg": "RS256", "jwk": jwks["keys"][1]}).to_string());
        let id_header = KEYS.sign_id(&claims());
        let id_header = id_header.split('.').next().unwrap();
        let altered = encoded(&json!({"sub": "someone-else", "token_use": "access"}).to_string());
        let other_pool = PoolKeys::generate().sign_access(&claims());

        for (name, forged, problem) in [
            ("algorithm none", of(&none, payload, ""), UnknownKey),
            (
                "algorithm none with the signature",
                of(&none, payload, signature),
                UnknownKey,
            ),
            ("HS256 with the public key", by_public_key, UnknownKey),
            (
                "brings its own key",
                of(&own_jwk, payload, signature),
                UnknownKey,
            ),
            ("another pool's", other_pool, UnknownKey),
            (
                "the other key's header",
                of(id_header, payload, signature),
                BadSignature,
            ),
            (
                "altered claims",
                of(header, &altered, signature),
                BadSignature,
            ),
            ("no signature", of(header, payload, ""), BadSignature),
            (
                "truncated",
                token[..token.len() - 1].to_owned(),
                BadSignature,
            ),
            ("padded", format!("{token}="), BadSignature),
            (
                "signature not base64",
                of(header, payload, "!"),
                BadSignature,
            ),
            (
                "claims not base64",
                of(header, "!", signature),
                BadSignature,
            ),
            (
                "a fourth part",
                format!("{token}.{signature}"),
                BadSignature,
            ),
            ("two parts", format!("{header}.{payload}"), Malformed),
            ("no parts", "token".to_owned(), Malformed),
            ("empty", String::new(), Malformed),
            ("dots alone", "..".to_owned(), UnknownKey),
            (
                "huge",
                of(header, &"A".repeat(10_000_000), signature),
                Malformed,
            ),
            ("beyond ASCII", of(header, payload, "ä"), BadSignature),
        ] {
            assert_eq!(KEYS.verify(&forged), Err(problem), "{name}");
        }
    }
}
