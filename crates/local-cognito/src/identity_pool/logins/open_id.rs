//! ID tokens of OpenID Connect providers that the account trusts: the keys come by discovery, whenever one is needed, so that a provider
//! of a test can change them as it likes.
//!
//! Source: OpenID Connect Core 1.0, section 3.1.3.7, in its order; what AWS does otherwise is said.

mod fetch;
mod key;

use serde_json::Value;

use self::key::Key;
use super::unverified::Unverified;
use crate::template::OpenIdConnectProvider;
use crate::tokens::Claims;

/// How far a provider's clock may be ahead, in seconds (D: five minutes).
const LEEWAY_SECONDS: i64 = 300;

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotVerified {
    Malformed,
    OtherIssuer,
    NoAudience,
    OtherAudience,
    BadSignature,
    Expired {
        now: i64,
        expired: i64,
    },
    NotYet,
    /// The provider does not answer as discovery says.
    Unreachable,
}

/// What a verified token says.
pub(crate) struct Verified {
    /// `sub`.
    pub(crate) subject: String,
    /// The audience that the provider has.
    pub(crate) audience: String,
    pub(crate) claims: Claims,
}

/// Who issued a token, if it says so. It is not verified.
pub(crate) fn claimed_issuer(token: &str) -> Option<String> {
    Unverified::read(token)?.issuer().map(str::to_owned)
}

/// Verifies a token of this provider.
pub(crate) async fn verify(
    provider: &OpenIdConnectProvider,
    token: &str,
    now: i64,
) -> Result<Verified, NotVerified> {
    let unverified = Unverified::read(token).ok_or(NotVerified::Malformed)?;
    if unverified.issuer() != Some(&provider.url) {
        return Err(NotVerified::OtherIssuer);
    }
    if unverified.audience().is_empty() {
        return Err(NotVerified::NoAudience);
    }
    let keys = fetch::keys(&provider.url).await?;
    let keys: Vec<Key> = keys.iter().filter_map(Key::read).collect();
    let key = match unverified.key_id() {
        Some(id) => keys.iter().find(|key| key.id.as_deref() == Some(id)),
        // Without a name it is clear only where there is no choice.
        None => keys.first().filter(|_| keys.len() == 1),
    };
    let key = key.ok_or(NotVerified::BadSignature)?;
    let algorithm = unverified.algorithm().unwrap_or_default();
    if !key.has_signed(token, algorithm) {
        return Err(NotVerified::BadSignature);
    }
    check_claims(provider, unverified, now)
}

/// AWS takes `azp` in place of `aud` where there is one.
fn check_claims(
    provider: &OpenIdConnectProvider,
    verified: Unverified,
    now: i64,
) -> Result<Verified, NotVerified> {
    let audiences = verified.audience();
    let audiences: Vec<String> = audiences.into_iter().map(str::to_owned).collect();
    let claims = verified.into_claims();
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let number = |name: &str| claims.get(name).and_then(Value::as_i64);
    let audiences = match text("azp") {
        Some(party) => vec![party.to_owned()],
        None => audiences,
    };
    let mut known = audiences.into_iter();
    let audience = known.find(|audience| provider.client_ids.contains(audience));
    let audience = audience.ok_or(NotVerified::OtherAudience)?;
    let expired = number("exp").ok_or(NotVerified::Malformed)?;
    if now >= expired {
        return Err(NotVerified::Expired { now, expired });
    }
    let issued = number("iat").ok_or(NotVerified::Malformed)?;
    let from = number("nbf").unwrap_or(issued).max(issued);
    if from > now + LEEWAY_SECONDS {
        return Err(NotVerified::NotYet);
    }
    let subject = text("sub").filter(|subject| !subject.is_empty());
    let subject = subject.ok_or(NotVerified::Malformed)?.to_owned();
    Ok(Verified {
        subject,
        audience,
        claims,
    })
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    /// What becomes of claims, besides those that every token has, once the signature is good.
    fn check(claims: Value) -> Result<String, NotVerified> {
        let provider = OpenIdConnectProvider {
            arn: String::new(),
            url: "https://login.example.org".to_owned(),
            client_ids: vec!["web".to_owned(), "app".to_owned()],
        };
        let mut token = json!({"sub": "s-1", "aud": "web", "iat": NOW, "exp": NOW + 1});
        token
            .as_object_mut()
            .unwrap()
            .extend(claims.as_object().unwrap().clone());
        let part = |json: Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let token = format!("{}.{}.x", part(json!({})), part(token));
        let unverified = Unverified::read(&token).unwrap();
        let verified = check_claims(&provider, unverified, NOW)?;
        assert_eq!(verified.subject, "s-1");
        Ok(verified.audience)
    }

    #[test]
    fn claims_are_checked_as_the_specification_has_it() {
        use NotVerified::*;
        let expired = |expired| Err(Expired { now: NOW, expired });
        let cases = [
            ("good", json!({}), Ok("web")),
            (
                "several audiences",
                json!({"aud": ["other", "app"]}),
                Ok("app"),
            ),
            (
                "no known audience",
                json!({"aud": ["other"]}),
                Err(OtherAudience),
            ),
            ("another party", json!({"azp": "other"}), Err(OtherAudience)),
            (
                "the party in place of the audience",
                json!({"aud": "other", "azp": "app"}),
                Ok("app"),
            ),
            ("expired", json!({"exp": NOW}), expired(NOW)),
            ("no end", json!({"exp": "later"}), Err(Malformed)),
            ("no beginning", json!({"iat": null}), Err(Malformed)),
            (
                "a clock that is ahead",
                json!({"iat": NOW + 300, "exp": NOW + 600}),
                Ok("web"),
            ),
            (
                "a clock that is wrong",
                json!({"iat": NOW + 301, "exp": NOW + 600}),
                Err(NotYet),
            ),
            (
                "not before",
                json!({"nbf": NOW + 301, "exp": NOW + 600}),
                Err(NotYet),
            ),
            ("nobody", json!({"sub": ""}), Err(Malformed)),
        ];
        for (name, claims, expected) in cases {
            assert_eq!(check(claims), expected.map(str::to_owned), "{name}");
        }
    }
}
