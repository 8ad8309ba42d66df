//! What the items of the table say. Nothing here calls DynamoDB.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_kms::primitives::Blob;

use crate::error::AuthenticatorsError;

pub(crate) type Item = HashMap<String, AttributeValue>;

/// The item `totp`.
#[derive(Debug, Default)]
pub(crate) struct Totp {
    pub(crate) active: Option<Active>,
    pub(crate) pending: Option<Pending>,
}

/// The secret that signs in.
#[derive(Debug)]
pub(crate) struct Active {
    pub(crate) secret: Blob,
    pub(crate) since: i64,
    pub(crate) confirmed_by: Option<String>,
    pub(crate) last_step: Option<i64>,
}

/// The secret that waits for its first right code.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) secret: Blob,
    pub(crate) session: String,
    pub(crate) until: i64,
    pub(crate) guesses: usize,
}

impl Totp {
    /// What the item says; nothing is enrolled where there is none.
    pub(crate) fn read(item: Option<&Item>) -> Result<Self, AuthenticatorsError> {
        let Some(item) = item else {
            return Ok(Self::default());
        };
        let active = match binary(item, "activeSecret")? {
            None => None,
            Some(secret) => Some(Active {
                secret,
                since: number(item, "activeSince")?.unwrap_or_default(),
                confirmed_by: text(item, "confirmedBy")?,
                last_step: number(item, "lastStep")?,
            }),
        };
        let pending = match binary(item, "pendingSecret")? {
            None => None,
            Some(secret) => Some(Pending {
                secret,
                session: text(item, "pendingSession")?.unwrap_or_default(),
                until: number(item, "pendingUntil")?.unwrap_or_default(),
                guesses: size_of_set(item, "pendingGuesses")?,
            }),
        };
        Ok(Self { active, pending })
    }
}

pub(crate) fn binary(
    item: &Item,
    attribute: &'static str,
) -> Result<Option<Blob>, AuthenticatorsError> {
    let read = |value: &AttributeValue| Some(Blob::new(value.as_b().ok()?.as_ref()));
    optional(item, attribute, "binary", read)
}

pub(crate) fn text(
    item: &Item,
    attribute: &'static str,
) -> Result<Option<String>, AuthenticatorsError> {
    optional(item, attribute, "a text", |value| {
        value.as_s().ok().cloned()
    })
}

pub(crate) fn number(
    item: &Item,
    attribute: &'static str,
) -> Result<Option<i64>, AuthenticatorsError> {
    optional(item, attribute, "a whole number", |value| {
        value.as_n().ok()?.parse().ok()
    })
}

/// A set that is empty is not there.
pub(crate) fn size_of_set(
    item: &Item,
    attribute: &'static str,
) -> Result<usize, AuthenticatorsError> {
    let size = optional(item, attribute, "a set of texts", |value| {
        Some(value.as_ss().ok()?.len())
    });
    Ok(size?.unwrap_or_default())
}

/// The attribute's meaning, `None` if the item does not have it.
fn optional<T>(
    item: &Item,
    attribute: &'static str,
    expected: &'static str,
    read: impl FnOnce(&AttributeValue) -> Option<T>,
) -> Result<Option<T>, AuthenticatorsError> {
    let Some(value) = item.get(attribute) else {
        return Ok(None);
    };
    match read(value) {
        Some(meaning) => Ok(Some(meaning)),
        None => Err(AuthenticatorsError::Malformed {
            attribute,
            expected,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_malformed_is_named_without_its_value() {
        let secret = ("activeSecret", AttributeValue::B(b"secret".to_vec().into()));
        let pending = (
            "pendingSecret",
            AttributeValue::B(b"secret".to_vec().into()),
        );
        let odd = AttributeValue::S("odd".to_owned());
        for (attribute, expected, beside) in [
            ("activeSecret", "binary", &secret),
            ("activeSince", "a whole number", &secret),
            ("lastStep", "a whole number", &secret),
            ("pendingSecret", "binary", &pending),
            ("pendingUntil", "a whole number", &pending),
            ("pendingGuesses", "a set of texts", &pending),
        ] {
            let mut item: Item = [(beside.0.to_owned(), beside.1.clone())].into();
            item.insert(attribute.to_owned(), odd.clone());
            let error = Totp::read(Some(&item)).unwrap_err();
            let text =
                format!("failed to read the authenticators: `{attribute}` is not {expected}");
            assert_eq!(error.to_string(), text);
        }
    }
}
