use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde_json::{Map, Value};

/// STS takes keys of so many characters; the identity pool has the same bound for values, and no empty ones.
const MAX_KEY: usize = 128;
const MAX_VALUE: usize = 256;

/// A principal tag, and the claim that it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) key: String,
    claim: String,
}

/// Written `<tag>=<claim>`.
impl FromStr for Tag {
    type Err = NotATag;

    fn from_str(text: &str) -> Result<Self, NotATag> {
        let (key, claim) = text.split_once('=').ok_or(NotATag)?;
        let (key, claim) = (key.trim(), claim.trim());
        let is_key = is_tag_text(key, MAX_KEY) && !key.to_ascii_lowercase().starts_with("aws:");
        if !is_key || claim.is_empty() {
            return Err(NotATag);
        }
        Ok(Self {
            key: key.to_owned(),
            claim: claim.to_owned(),
        })
    }
}

/// Not a tag and a claim.
#[derive(Debug)]
pub(crate) struct NotATag;

impl fmt::Display for NotATag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("expected <tag>=<claim>")
    }
}

/// The principal tags of whom those claims are about: what the configuration lists, and nothing else. `None` where a claim can be no tag: left
/// out, it could take a limit away that a policy builds on it.
pub(crate) fn tags(tags: &[Tag], claims: &Map<String, Value>) -> Option<BTreeMap<String, String>> {
    let value = |tag: &Tag| {
        let claim = claims.get(&tag.claim)?;
        let value = match claim {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(boolean) => Some(boolean.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        };
        let value = value.filter(|value| is_tag_text(value, MAX_VALUE));
        Some(value.map(|value| (tag.key.clone(), value)))
    };
    tags.iter().filter_map(value).collect()
}

/// What STS takes: letters, digits and blanks of any script, and some signs.
///
/// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html>
fn is_tag_text(text: &str, most: usize) -> bool {
    let is_allowed = |char: char| {
        char.is_alphanumeric()
            || (char.is_whitespace() && !char.is_control())
            || "_.:/=+-@".contains(char)
    };
    !text.is_empty() && text.chars().count() <= most && text.chars().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(claims: Value, expected: Option<&[(&str, &str)]>) {
        let listed = ["tenant=custom:tenant", "plan=plan"].map(|tag| tag.parse().unwrap());
        let expected = expected.map(|expected| {
            let owned = expected
                .iter()
                .map(|(key, value)| (key.to_string(), value.to_string()));
            owned.collect()
        });
        assert_eq!(
            tags(&listed, claims.as_object().unwrap()),
            expected,
            "{claims}"
        );
    }

    /// Security row 25: nothing becomes a tag that is not listed.
    #[test]
    fn only_what_is_listed_becomes_a_tag() {
        let claims = json!({"custom:tenant": "acme", "plan": 3, "admin": "true"});
        check(claims, Some(&[("tenant", "acme"), ("plan", "3")]));
        check(json!({"tenant": "acme"}), Some(&[]));
        let claims = json!({"plan": true, "custom:tenant": "Straße 7 @ a/b"});
        check(
            claims,
            Some(&[("plan", "true"), ("tenant", "Straße 7 @ a/b")]),
        );
    }

    #[test]
    fn a_claim_that_can_be_no_tag_lets_nobody_through() {
        for value in [
            json!(["a"]),
            json!({}),
            json!(null),
            json!(""),
            json!("a,b"),
            json!("a\nb"),
            json!("*"),
            json!("a".repeat(257)),
        ] {
            check(json!({"custom:tenant": value}), None);
        }
    }

    #[test]
    fn what_is_no_tag_is_refused() {
        for text in ["tenant", "=tenant", "tenant=", "aws:x=y", "AWS:x=y", "a*=b"] {
            assert!(text.parse::<Tag>().is_err(), "{text}");
        }
    }
}
