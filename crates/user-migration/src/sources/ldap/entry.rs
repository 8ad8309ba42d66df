use ldap3::SearchEntry;
use legacy_users::LegacyName;
use time::OffsetDateTime;

use crate::config::Directory;
use crate::source::{Found, Proof, Question};

/// The attributes by which directories say that an account is disabled: two of Active Directory, and those of OpenLDAP's password policy
/// and of 389 Directory Server. A bind would show the same, but nobody binds when the password was forgotten.
pub(super) const STANDING: [&str; 4] = [
    "userAccountControl",
    "accountExpires",
    "pwdAccountLockedTime",
    "nsAccountLock",
];

/// `ADS_UF_ACCOUNTDISABLE`.
const DISABLED: i64 = 0x2;

/// From 1601, where Active Directory's time begins, to 1970.
const EPOCH_SECONDS: i64 = 11_644_473_600;

/// Whether a directory can have an attribute of that name. Those of Cognito that have `_` or `:` it cannot have.
///
/// Source: RFC 4512, section 1.4 (`descr`).
pub(super) fn is_attribute(name: &&str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    name.starts_with(|first: char| first.is_ascii_alphabetic()) && name.bytes().all(is_part)
}

/// An entry without a name of its own is not a user: to bind as it were to bind as nobody.
pub(super) fn may_sign_in(entry: &SearchEntry, now: OffsetDateTime) -> bool {
    let [control, expires, locked, lock] = STANDING.map(|name| values(entry, name).first());
    let number = |value: Option<&String>| value.and_then(|value| value.parse::<i64>().ok());
    let is_disabled = number(control).is_some_and(|flags| flags & DISABLED != 0);
    let has_expired = number(expires).is_some_and(|time| has_expired(time, now));
    let is_locked = lock.is_some_and(|lock| lock.eq_ignore_ascii_case("true"));
    !entry.dn.is_empty() && !is_disabled && !has_expired && !is_locked && locked.is_none()
}

/// In steps of 100 ns; 0 and the greatest number mean never.
fn has_expired(time: i64, now: OffsetDateTime) -> bool {
    time != 0 && time / 10_000_000 - EPOCH_SECONDS <= now.unix_timestamp()
}

/// The user that the entry is.
pub(super) fn found(
    directory: &Directory,
    attributes: &[String],
    entry: &SearchEntry,
    question: &Question<'_>,
    proof: Proof,
) -> Found {
    let names = values(entry, &directory.name_attribute);
    let typed = names
        .iter()
        .find(|name| LegacyName::normalised(name).as_ref() == Some(question.name));
    let attributes = attributes
        .iter()
        .filter_map(|name| Some((name.clone(), values(entry, name).first()?.clone())));
    Found {
        name: typed.or(names.first()).cloned().unwrap_or_default(),
        attributes: attributes.collect(),
        verified: directory.verified.clone(),
        proof,
        cohort: None,
        membership: None,
    }
}

/// Directories compare the names of attributes without case, and answer in their own.
fn values<'a>(entry: &'a SearchEntry, name: &str) -> &'a [String] {
    let mut attributes = entry.attrs.iter();
    let attribute = attributes.find(|(other, _)| other.eq_ignore_ascii_case(name));
    attribute.map_or(&[], |(_, values)| values)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn only_names_that_a_directory_can_have_are_asked_for() {
        for (name, expected) in [
            ("mail", true),
            ("x-121Address", true),
            ("given_name", false),
            ("custom:plan", false),
            ("2fa", false),
            ("*", false),
            ("", false),
        ] {
            assert_eq!(is_attribute(&name), expected, "{name}");
        }
    }

    #[test]
    fn whoever_is_disabled_may_not_sign_in() {
        let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
        let at = |seconds: i64| ((seconds + EPOCH_SECONDS) * 10_000_000).to_string();
        for (attribute, value, expected) in [
            ("mail", "ines@example.org", true),
            ("userAccountControl", "512", true),
            ("userAccountControl", "514", false),
            ("useraccountcontrol", "66050", false),
            ("accountExpires", "0", true),
            ("accountExpires", "9223372036854775807", true),
            ("accountExpires", &at(1_800_000_001), true),
            ("accountExpires", &at(1_800_000_000), false),
            ("accountExpires", &at(1_700_000_000), false),
            ("pwdAccountLockedTime", "000001010000Z", false),
            ("nsAccountLock", "TRUE", false),
            ("nsAccountLock", "false", true),
        ] {
            let mut entry = SearchEntry {
                dn: "uid=ines,dc=example,dc=org".to_owned(),
                attrs: HashMap::from([(attribute.to_owned(), vec![value.to_owned()])]),
                bin_attrs: HashMap::new(),
            };
            assert_eq!(may_sign_in(&entry, now), expected, "{attribute}: {value}");
            entry.dn = String::new();
            assert!(!may_sign_in(&entry, now), "without a name");
        }
    }
}
