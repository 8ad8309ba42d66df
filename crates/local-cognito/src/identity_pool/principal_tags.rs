//! Attributes for access control: which claims of a login become principal tags.
//!
//! Source: Developer Guide, "Using attributes for access control"; IAM User Guide, "Pass session tags in AWS STS".

use std::collections::BTreeMap;

use serde_json::Value;

use super::TAGS_CLAIM;
use super::logins::Proven;
use super::refused::Refused;
use crate::template::IdentityPool;
use crate::tokens::Claims;

/// What the defaults map, by the tag's key.
const DEFAULTS: [(&str, &str); 2] = [("client", "aud"), ("username", "sub")];

/// The most tags of a session.
pub(crate) const MOST_TAGS: usize = 50;
/// The longest key and the longest value, in characters.
const LONGEST_KEY: usize = 128;
const LONGEST_VALUE: usize = 256;

/// The tags of these logins. A claim that a token lacks gives no tag.
pub(super) fn of_logins(
    pool: &IdentityPool,
    proven: &[Proven],
) -> Result<BTreeMap<String, String>, Refused> {
    let mut tags = BTreeMap::new();
    for proven in proven {
        let map = pool.principal_tags.get(&proven.login.provider);
        let map = map.or_else(|| pool.principal_tags.get(proven.mapping_key.as_deref()?));
        let Some(map) = map else { continue };
        let own = map.tags.iter().map(|(key, claim)| (&**key, &**claim));
        let mapped: Vec<(&str, &str)> = match map.use_defaults {
            true => DEFAULTS.to_vec(),
            false => own.collect(),
        };
        for (key, claim) in mapped {
            let value = proven.claims.get(claim).and_then(text);
            if let Some(value) = value {
                tags.insert(key.to_owned(), value);
            }
        }
    }
    // STS would refuse them, and the pool with it.
    match check(&tags) {
        Ok(()) => Ok(tags),
        Err(_) => Err(Refused::InvalidIdentityPoolConfiguration),
    }
}

/// Whether STS takes these tags; otherwise what is wrong with them.
pub(crate) fn check(tags: &BTreeMap<String, String>) -> Result<(), String> {
    if tags.len() > MOST_TAGS {
        return Err(format!("expected at most {MOST_TAGS} principal tags"));
    }
    let allowed = |letter: char| {
        letter.is_alphanumeric() || letter.is_whitespace() || "_.:/=+-@".contains(letter)
    };
    let fits =
        |text: &str, longest: usize| text.chars().count() <= longest && text.chars().all(allowed);
    for (key, value) in tags {
        if key.is_empty() || !fits(key, LONGEST_KEY) || key.to_lowercase().starts_with("aws:") {
            return Err("a principal tag's key has 1 to 128 letters, digits, blanks and _.:/=+-@, and no aws: in front".to_owned());
        }
        if !fits(value, LONGEST_VALUE) {
            return Err(
                "a principal tag's value has at most 256 letters, digits, blanks and _.:/=+-@"
                    .to_owned(),
            );
        }
    }
    Ok(())
}

/// The tags that a token bears for STS.
pub(crate) fn of_token(claims: &Claims) -> BTreeMap<String, String> {
    let tags = claims.get(TAGS_CLAIM);
    let tags = tags.and_then(|tags| tags.get("principal_tags")?.as_object());
    let tags = tags.into_iter().flatten();
    tags.filter_map(|(key, values)| {
        let value = values.as_array()?.first()?.as_str()?;
        Some((key.clone(), value.to_owned()))
    })
    .collect()
}

fn text(claim: &Value) -> Option<String> {
    match claim {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(claim.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::logins::tests::{pool, proven};
    use super::*;
    use crate::template::PrincipalTagMap;

    const PROVIDER: &str = "cognito-idp.us-east-1.amazonaws.com/us-east-1_Ab12Cd34E";

    fn tags(map: PrincipalTagMap, claims: Value) -> Result<Value, Refused> {
        let pool = IdentityPool {
            principal_tags: BTreeMap::from([(PROVIDER.to_owned(), map)]),
            ..pool()
        };
        let tags = of_logins(&pool, &[proven(&format!("{PROVIDER}:client"), claims)])?;
        Ok(json!(tags))
    }

    fn map(pairs: &[(&str, &str)]) -> PrincipalTagMap {
        let pairs = pairs.iter();
        PrincipalTagMap {
            use_defaults: false,
            tags: pairs
                .map(|(key, claim)| ((*key).to_owned(), (*claim).to_owned()))
                .collect(),
        }
    }

    #[test]
    fn claims_become_tags_as_they_are_mapped() {
        let claims = json!({"sub": "s-1", "aud": "client", "custom:dept": "ops", "email_verified": true, "cognito:groups": ["a"]});
        let defaults = PrincipalTagMap {
            use_defaults: true,
            ..PrincipalTagMap::default()
        };
        assert_eq!(
            tags(defaults, claims.clone()),
            Ok(json!({"client": "client", "username": "s-1"}))
        );
        let own = map(&[
            ("dept", "custom:dept"),
            ("verified", "email_verified"),
            ("groups", "cognito:groups"),
            ("none", "custom:none"),
        ]);
        assert_eq!(
            tags(own, claims),
            Ok(json!({"dept": "ops", "verified": "true"}))
        );
    }

    #[test]
    fn what_sts_would_refuse_is_a_wrong_configuration() {
        for (name, value) in [("long", "x".repeat(257)), ("strange", "a;b".to_owned())] {
            assert_eq!(
                tags(
                    map(&[("dept", "custom:dept")]),
                    json!({"custom:dept": value})
                ),
                Err(Refused::InvalidIdentityPoolConfiguration),
                "{name}"
            );
        }
        assert!(check(&[("aws:x".to_owned(), "1".to_owned())].into()).is_err());
        assert!(check(&[(String::new(), "1".to_owned())].into()).is_err());
    }

    #[test]
    fn a_token_s_tags_are_read_back() {
        let claims =
            json!({TAGS_CLAIM: {"principal_tags": {"tenant": ["nordwind"], "odd": "text"}}});
        let claims = claims.as_object().unwrap();
        let expected = [("tenant".to_owned(), "nordwind".to_owned())];
        assert_eq!(of_token(claims), expected.into());
    }
}
