//! The OpenID token of an identity: RS512, by one key for all identity pools of the region.
//!
//! Source: Developer Guide, "Identity pools authentication flow", and tokens as others have shown them (2023 and later).

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::tokens::{Claims, SigningKey, TokenProblem, Use, decoded};

/// Where the principal tags stand in a token.
pub(crate) const TAGS_CLAIM: &str = "https://aws.amazon.com/tags";
const POOL_ARN_CLAIM: &str = "https://cognito-identity.amazonaws.com/identity-pool-arn";

/// The key, made when it is first needed.
pub(crate) struct OpenIdKey {
    region: String,
    key: OnceLock<SigningKey>,
}

impl OpenIdKey {
    pub(crate) fn generate(region: &str) -> Self {
        Self {
            region: region.to_owned(),
            key: OnceLock::new(),
        }
    }

    /// The key that [`OpenIdKey::to_der`] wrote, or `None` when it is something else.
    pub(crate) fn from_der(der: &[u8], region: &str) -> Option<Self> {
        let key = SigningKey::from_der(der, used_for(region))?;
        Some(Self {
            region: region.to_owned(),
            key: OnceLock::from(key),
        })
    }

    /// The private key in PKCS#8.
    pub(crate) fn to_der(&self) -> Vec<u8> {
        self.key().to_der()
    }

    /// The public key, as `jwks_uri` shows it.
    pub(crate) fn jwks(&self) -> Value {
        json!({ "keys": [self.key().jwk()] })
    }

    fn key(&self) -> &SigningKey {
        self.key
            .get_or_init(|| SigningKey::generate(used_for(&self.region)))
    }
}

fn used_for(region: &str) -> Use {
    Use::IdentityPools {
        region: region.to_owned(),
    }
}

/// What a token says. It is user data, so only tests may print it.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub(crate) struct OpenIdToken {
    pub(crate) issuer: String,
    /// `sub`.
    pub(crate) identity_id: String,
    /// `aud`.
    pub(crate) identity_pool_id: String,
    pub(crate) identity_pool_arn: String,
    /// How the identity was authenticated, if at all.
    pub(crate) amr: Vec<String>,
    pub(crate) principal_tags: BTreeMap<String, String>,
    /// In seconds since the Unix epoch.
    pub(crate) issued: i64,
    pub(crate) expires: i64,
}

impl OpenIdToken {
    pub(crate) fn signed(&self, key: &OpenIdKey) -> String {
        let mut claims = Claims::new();
        let mut set = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        set("sub", json!(self.identity_id));
        set("aud", json!(self.identity_pool_id));
        set("amr", json!(self.amr));
        set("iss", json!(self.issuer));
        set(POOL_ARN_CLAIM, json!(self.identity_pool_arn));
        set("exp", json!(self.expires));
        set("iat", json!(self.issued));
        if !self.principal_tags.is_empty() {
            let tags = self.principal_tags.iter();
            let tags: Claims = tags
                .map(|(key, value)| (key.clone(), json!([value])))
                .collect();
            set(TAGS_CLAIM, json!({ "principal_tags": tags }));
        }
        key.key().sign(&claims)
    }

    /// A token that this key signed. Its issuer and time are the caller's to check.
    ///
    /// # Errors
    ///
    /// [`TokenProblem`].
    pub(crate) fn verified(token: &str, key: &OpenIdKey) -> Result<Self, TokenProblem> {
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenProblem::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(TokenProblem::Malformed)?;
        // Compared and never read, as with the user pools' tokens. A key that was never needed has signed nothing.
        let key = key.key.get().filter(|key| key.header() == header);
        key.ok_or(TokenProblem::UnknownKey)?
            .verify(signed, signature)?;
        let claims: Claims = decoded(payload)
            .and_then(|claims| serde_json::from_slice(&claims).ok())
            .ok_or(TokenProblem::Malformed)?;
        let text = |name: &str| {
            let text = claims.get(name).and_then(Value::as_str);
            text.map(str::to_owned).ok_or(TokenProblem::Malformed)
        };
        let number = |name: &str| {
            let number = claims.get(name).and_then(Value::as_i64);
            number.ok_or(TokenProblem::Malformed)
        };
        let amr = claims.get("amr").and_then(Value::as_array);
        let amr = amr.into_iter().flatten().filter_map(Value::as_str);
        Ok(Self {
            issuer: text("iss")?,
            identity_id: text("sub")?,
            identity_pool_id: text("aud")?,
            identity_pool_arn: text(POOL_ARN_CLAIM)?,
            amr: amr.map(str::to_owned).collect(),
            principal_tags: super::principal_tags::of_token(&claims),
            issued: number("iat")?,
            expires: number("exp")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn token() -> OpenIdToken {
        OpenIdToken {
            issuer: "https://cognito-identity.amazonaws.com".to_owned(),
            identity_id: "us-east-1:77aa1111-2222-4333-8444-555566667777".to_owned(),
            identity_pool_id: "us-east-1:5b0c1a52-8f1d-4c26-9d4e-0a4f6d1f7a33".to_owned(),
            identity_pool_arn: "arn:aws:cognito-identity:us-east-1:123456789012:identitypool/us-east-1:5b0c1a52-8f1d-4c26-9d4e-0a4f6d1f7a33".to_owned(),
            amr: vec!["authenticated".to_owned(), "login.example.org".to_owned()],
            principal_tags: [("tenant".to_owned(), "nordwind".to_owned())].into(),
            issued: 1_795_252_000,
            expires: 1_795_252_900,
        }
    }

    fn part(token: &str, index: usize) -> Value {
        let part = token.split('.').nth(index).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    }

    #[test]
    fn a_token_looks_as_aws_makes_it() {
        let key = OpenIdKey::generate("us-east-1");
        let signed = token().signed(&key);
        let header = part(&signed, 0);
        assert_eq!(
            (&header["alg"], &header["typ"]),
            (&json!("RS512"), &json!("JWS"))
        );
        assert!(header["kid"].as_str().unwrap().starts_with("us-east-1"));
        assert_eq!(
            part(&signed, 1),
            json!({
                "sub": "us-east-1:77aa1111-2222-4333-8444-555566667777",
                "aud": "us-east-1:5b0c1a52-8f1d-4c26-9d4e-0a4f6d1f7a33",
                "amr": ["authenticated", "login.example.org"],
                "https://aws.amazon.com/tags": {"principal_tags": {"tenant": ["nordwind"]}},
                "iss": "https://cognito-identity.amazonaws.com",
                "https://cognito-identity.amazonaws.com/identity-pool-arn": "arn:aws:cognito-identity:us-east-1:123456789012:identitypool/us-east-1:5b0c1a52-8f1d-4c26-9d4e-0a4f6d1f7a33",
                "exp": 1_795_252_900,
                "iat": 1_795_252_000,
            })
        );
        let jwk = &key.jwks()["keys"][0];
        assert_eq!(
            (&jwk["kid"], &jwk["alg"]),
            (&header["kid"], &json!("RS512"))
        );
    }

    #[test]
    fn a_token_is_read_back_by_its_own_key_alone() {
        let key = OpenIdKey::generate("us-east-1");
        let signed = token().signed(&key);
        assert!(OpenIdToken::verified(&signed, &key) == Ok(token()));
        let restarted = OpenIdKey::from_der(&key.to_der(), "us-east-1").unwrap();
        assert!(OpenIdToken::verified(&signed, &restarted) == Ok(token()));
        let other = OpenIdKey::generate("us-east-1");
        assert!(OpenIdToken::verified(&signed, &other) == Err(TokenProblem::UnknownKey));
        let by_other = token().signed(&other);
        assert!(OpenIdToken::verified(&by_other, &other).is_ok());
        assert!(OpenIdToken::verified(&signed, &other).is_err());
    }

    #[test]
    fn a_token_that_differs_anywhere_does_not_pass() {
        let key = OpenIdKey::generate("us-east-1");
        let signed = token().signed(&key);
        assert!(OpenIdToken::verified(&signed, &key).is_ok());
        for (place, letter) in signed.char_indices() {
            for other in ['A', 'b', '_', '.', '='] {
                if other != letter {
                    let changed = [&signed[..place], &other.to_string(), &signed[place + 1..]];
                    let refused = OpenIdToken::verified(&changed.concat(), &key).is_err();
                    assert!(refused, "{other} at {place}");
                }
            }
            assert!(
                OpenIdToken::verified(&signed[..place], &key).is_err(),
                "cut at {place}"
            );
        }
    }

    #[test]
    fn no_other_token_passes() {
        let key = OpenIdKey::generate("us-east-1");
        let signed = token().signed(&key);
        let parts: Vec<&str> = signed.split('.').collect();
        let forged = URL_SAFE_NO_PAD.encode(r#"{"sub":"somebody else"}"#);
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
        for forgery in [
            format!("{}.{forged}.{}", parts[0], parts[2]),
            format!("{none}.{}.", parts[1]),
            format!("{none}.{}.{}", parts[1], parts[2]),
            format!("{}.{}.", parts[0], parts[1]),
            format!("{}.{}", parts[0], parts[1]),
            String::new(),
        ] {
            assert!(OpenIdToken::verified(&forgery, &key).is_err(), "{forgery}");
        }
    }
}
