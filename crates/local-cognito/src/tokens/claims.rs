use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Claims;
use crate::ids;

/// A sign-in, or its refresh, for which tokens are made.
pub(crate) struct SignIn {
    /// `iss`.
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) username: String,
    pub(crate) sub: String,
    /// The attributes that the app client may read.
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) groups: Vec<String>,
    /// ARNs of the groups' roles.
    pub(crate) roles: Vec<String>,
    pub(crate) preferred_role: Option<String>,
    pub(crate) scopes: Vec<String>,
    /// What all tokens of one sign-in share; `None` where the app client has no token revocation.
    pub(crate) origin_jti: Option<String>,
    pub(crate) event_id: String,
    /// The device on which the user signed in, where the pool remembers devices.
    pub(crate) device_key: Option<String>,
    /// When the user proved who they are, in seconds since the Unix epoch; a refresh keeps it.
    pub(crate) auth_time: i64,
    /// In seconds since the Unix epoch.
    pub(crate) now: i64,
    pub(crate) id_token_seconds: i64,
    pub(crate) access_token_seconds: i64,
}

/// What the tokens of a sign-in say. It is user data, so only tests may print it.
#[cfg_attr(test, derive(Debug, Clone, PartialEq))]
pub(crate) struct TokenClaims {
    pub(crate) id: Claims,
    pub(crate) access: Claims,
    /// What the trigger asked for in vain, one sentence each, for whoever runs the stand-in.
    pub(crate) ignored: Vec<String>,
}

impl TokenClaims {
    /// The claims before any trigger changes them.
    ///
    /// <https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html>,
    /// <https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html>
    pub(crate) fn of(sign_in: &SignIn) -> Self {
        let mut claims = Self {
            id: id_claims(sign_in),
            access: access_claims(sign_in),
            ignored: Vec::new(),
        };
        claims.set_groups(
            &sign_in.groups,
            &sign_in.roles,
            sign_in.preferred_role.as_deref(),
        );
        claims
    }

    /// The claims of a machine client's access token; there is no ID token (P).
    pub(crate) fn of_client(
        issuer: String,
        client_id: &str,
        scopes: &[String],
        now: i64,
        validity_seconds: i64,
    ) -> Self {
        let claims = json!({
            "sub": client_id,
            "token_use": "access",
            "scope": scopes.join(" "),
            "auth_time": now,
            "iss": issuer,
            "exp": now + validity_seconds,
            "iat": now,
            "version": 2,
            "jti": ids::uuid(),
            "client_id": client_id,
        });
        Self {
            id: Claims::new(),
            access: claims.as_object().cloned().unwrap_or_default(),
            ignored: Vec::new(),
        }
    }

    /// Sets the groups of both tokens and the roles of the ID token; what is empty is left out.
    pub(super) fn set_groups(
        &mut self,
        groups: &[String],
        roles: &[String],
        preferred_role: Option<&str>,
    ) {
        set_or_remove(
            &mut self.id,
            "cognito:groups",
            (!groups.is_empty()).then(|| json!(groups)),
        );
        set_or_remove(
            &mut self.id,
            "cognito:roles",
            (!roles.is_empty()).then(|| json!(roles)),
        );
        set_or_remove(
            &mut self.id,
            "cognito:preferred_role",
            preferred_role.map(Value::from),
        );
        set_or_remove(
            &mut self.access,
            "cognito:groups",
            (!groups.is_empty()).then(|| json!(groups)),
        );
    }
}

fn id_claims(sign_in: &SignIn) -> Claims {
    let attributes = sign_in
        .attributes
        .iter()
        .map(|(name, value)| (name.clone(), attribute_claim(name, value)));
    let mut claims: Claims = attributes.collect();
    claims.extend(common_claims(sign_in, "id", sign_in.id_token_seconds));
    claims.insert("aud".to_owned(), json!(sign_in.client_id));
    claims.insert("cognito:username".to_owned(), json!(sign_in.username));
    claims
}

fn access_claims(sign_in: &SignIn) -> Claims {
    let mut claims = common_claims(sign_in, "access", sign_in.access_token_seconds);
    claims.insert("client_id".to_owned(), json!(sign_in.client_id));
    claims.insert("scope".to_owned(), json!(sign_in.scopes.join(" ")));
    claims.insert("username".to_owned(), json!(sign_in.username));
    set_or_remove(
        &mut claims,
        "device_key",
        sign_in.device_key.as_deref().map(Value::from),
    );
    claims
}

fn common_claims(sign_in: &SignIn, token_use: &str, validity_seconds: i64) -> Claims {
    let mut claims = Claims::new();
    claims.insert("sub".to_owned(), json!(sign_in.sub));
    claims.insert("iss".to_owned(), json!(sign_in.issuer));
    claims.insert("event_id".to_owned(), json!(sign_in.event_id));
    claims.insert("token_use".to_owned(), json!(token_use));
    claims.insert("auth_time".to_owned(), json!(sign_in.auth_time));
    claims.insert("iat".to_owned(), json!(sign_in.now));
    claims.insert("exp".to_owned(), json!(sign_in.now + validity_seconds));
    claims.insert("jti".to_owned(), json!(ids::uuid()));
    set_or_remove(
        &mut claims,
        "origin_jti",
        sign_in.origin_jti.as_deref().map(Value::from),
    );
    claims
}

/// Attributes are text in the pool; these three have other types in an ID token (OpenID Connect Core, section 5.1).
fn attribute_claim(name: &str, value: &str) -> Value {
    match name {
        "email_verified" | "phone_number_verified" => json!(value == "true"),
        "address" => json!({ "formatted": value }),
        _ => json!(value),
    }
}

fn set_or_remove(claims: &mut Claims, name: &str, value: Option<Value>) {
    match value {
        Some(value) => claims.insert(name.to_owned(), value),
        None => claims.remove(name),
    };
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::tokens) fn sign_in() -> SignIn {
        let attributes = [
            ("email", "ines@example.org"),
            ("email_verified", "true"),
            ("custom:plan", "7"),
        ];
        SignIn {
            issuer: "https://issuer.example.org/us-east-1_Ab12Cd34E".to_owned(),
            client_id: "4q2n8v0c6t1m9s3k5r7p2d8f0h".to_owned(),
            username: "ines".to_owned(),
            sub: "b3d4f8a2-6041-70c5-9a1e-2f7c0d9b6e11".to_owned(),
            attributes: attributes
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            groups: vec!["admins".to_owned(), "members".to_owned()],
            roles: vec!["arn:aws:iam::123456789012:role/admins".to_owned()],
            preferred_role: Some("arn:aws:iam::123456789012:role/admins".to_owned()),
            scopes: vec!["aws.cognito.signin.user.admin".to_owned()],
            origin_jti: Some("origin".to_owned()),
            event_id: "event".to_owned(),
            device_key: Some("us-east-1_device".to_owned()),
            auth_time: 1_788_590_000,
            now: 1_788_591_600,
            id_token_seconds: 3_600,
            access_token_seconds: 300,
        }
    }

    /// The claims, with the random `jti` cut out.
    fn without_jti(mut claims: Claims) -> Value {
        assert_eq!(claims["jti"].as_str().map(str::len), Some(36));
        claims.remove("jti");
        Value::Object(claims)
    }

    #[test]
    fn both_tokens_say_what_cognito_says() {
        let claims = TokenClaims::of(&sign_in());
        assert_ne!(claims.id["jti"], claims.access["jti"]);
        assert_eq!(claims.ignored, Vec::<String>::new());
        assert_eq!(
            without_jti(claims.id),
            json!({
                "sub": "b3d4f8a2-6041-70c5-9a1e-2f7c0d9b6e11",
                "cognito:groups": ["admins", "members"],
                "cognito:preferred_role": "arn:aws:iam::123456789012:role/admins",
                "cognito:roles": ["arn:aws:iam::123456789012:role/admins"],
                "cognito:username": "ines",
                "email": "ines@example.org",
                "email_verified": true,
                "custom:plan": "7",
                "iss": "https://issuer.example.org/us-east-1_Ab12Cd34E",
                "aud": "4q2n8v0c6t1m9s3k5r7p2d8f0h",
                "origin_jti": "origin",
                "event_id": "event",
                "token_use": "id",
                "auth_time": 1_788_590_000,
                "iat": 1_788_591_600,
                "exp": 1_788_595_200,
            })
        );
        assert_eq!(
            without_jti(claims.access),
            json!({
                "sub": "b3d4f8a2-6041-70c5-9a1e-2f7c0d9b6e11",
                "cognito:groups": ["admins", "members"],
                "username": "ines",
                "device_key": "us-east-1_device",
                "iss": "https://issuer.example.org/us-east-1_Ab12Cd34E",
                "client_id": "4q2n8v0c6t1m9s3k5r7p2d8f0h",
                "scope": "aws.cognito.signin.user.admin",
                "origin_jti": "origin",
                "event_id": "event",
                "token_use": "access",
                "auth_time": 1_788_590_000,
                "iat": 1_788_591_600,
                "exp": 1_788_591_900,
            })
        );
    }

    #[test]
    fn what_a_user_does_not_have_is_left_out() {
        let claims = TokenClaims::of(&SignIn {
            attributes: BTreeMap::new(),
            groups: Vec::new(),
            roles: Vec::new(),
            preferred_role: None,
            origin_jti: None,
            device_key: None,
            ..sign_in()
        });
        for absent in [
            "cognito:groups",
            "cognito:roles",
            "cognito:preferred_role",
            "origin_jti",
            "device_key",
            "email_verified",
        ] {
            assert!(
                !claims.id.contains_key(absent) && !claims.access.contains_key(absent),
                "{absent}"
            );
        }
    }

    #[test]
    fn an_attribute_never_takes_the_place_of_a_claim() {
        let attributes = ["sub", "iss", "aud", "token_use", "cognito:username"]
            .map(|name| (name.to_owned(), "forged".to_owned()));
        let claims = TokenClaims::of(&SignIn {
            attributes: attributes.into(),
            ..sign_in()
        });
        assert!(!claims.id.values().any(|value| value == "forged"));
    }

    #[test]
    fn attributes_have_the_types_of_openid_connect() {
        for (name, value, claim) in [
            ("email_verified", "true", json!(true)),
            ("email_verified", "false", json!(false)),
            ("phone_number_verified", "true", json!(true)),
            (
                "address",
                "1 Harbour Road",
                json!({"formatted": "1 Harbour Road"}),
            ),
            ("custom:age", "42", json!("42")),
        ] {
            assert_eq!(attribute_claim(name, value), claim, "{name}");
        }
    }
}
