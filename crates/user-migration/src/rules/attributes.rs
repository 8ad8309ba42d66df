use std::collections::{BTreeMap, BTreeSet};

use cognito_events::RedactedMap;
use legacy_users::{Address, LegacyName};

use super::address;
use crate::config::Config;
use crate::source::Found;

/// The attributes that a user takes along, and which of the addresses among them are verified.
pub(super) struct Attributes {
    values: BTreeMap<String, String>,
    verified: BTreeSet<Address>,
}

impl Attributes {
    /// Those of the found user that the configuration lets through, under their new names.
    pub(super) fn of(config: &Config, name: &LegacyName, found: &Found) -> Self {
        let mut attributes = Self {
            values: values(config, found),
            verified: found.verified.clone(),
        };
        // A source whose key is the address need not say it twice.
        if let Some(address) = address(name)
            && attributes.verified.contains(&address)
            && config.lets_through(address.name())
        {
            let value = attributes.values.entry(address.name().to_owned());
            value.or_insert_with(|| found.name.trim().to_owned());
        }
        attributes.verified.retain(|address| {
            let value = attributes.values.get(address.name());
            // What is verified is the source's own attribute of that name, if it has one.
            let own = found.attributes.get(address.name());
            value.is_some() && own.is_none_or(|own| Some(own) == value)
        });
        attributes
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub(super) fn is_verified(&self, address: Address) -> bool {
        self.verified.contains(&address)
    }

    /// As Cognito takes them.
    pub(super) fn with_flags(self) -> RedactedMap<String> {
        let flags = self.verified.into_iter().map(|address| {
            let flag = format!("{}_verified", address.name());
            (flag, "true".to_owned())
        });
        self.values.into_iter().chain(flags).collect()
    }
}

/// The user pools API's own bound, in characters.
const MAX_VALUE: usize = 2_048;

/// A name that was given on purpose wins over one that was there. What Cognito would not take is absent: it would make no user of it, and
/// the user has moved by then.
fn values(config: &Config, found: &Found) -> BTreeMap<String, String> {
    let given = |old: &str| config.renames.get(old).map(String::as_str);
    let (renamed, own): (Vec<_>, Vec<_>) = found
        .attributes
        .iter()
        .partition(|(old, _)| given(old).is_some());
    own.into_iter()
        .chain(renamed)
        .map(|(old, value)| (given(old).unwrap_or(old), value))
        .filter(|(name, value)| config.lets_through(name) && is_taken(name, value))
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
}

fn is_taken(name: &str, value: &str) -> bool {
    let fits = !value.trim().is_empty() && value.chars().count() <= MAX_VALUE;
    fits && match name {
        "email" => is_email(value),
        "phone_number" => is_phone_number(value),
        "birthdate" => value.chars().count() == 10,
        _ => true,
    }
}

/// As far as it matters here: one address, and nothing around it.
fn is_email(value: &str) -> bool {
    let is_plain = !value.contains(|character: char| character.is_whitespace());
    let parts = value.rsplit_once('@');
    is_plain && parts.is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
}

/// E.164, which has up to 15 digits.
pub(super) fn is_phone_number(value: &str) -> bool {
    let digits = value.strip_prefix('+').unwrap_or_default();
    (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}
