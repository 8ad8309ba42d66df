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

/// A name that was given on purpose wins over one that was there. What is empty is absent.
fn values(config: &Config, found: &Found) -> BTreeMap<String, String> {
    let given = |old: &str| config.renames.get(old).map(String::as_str);
    let (renamed, own): (Vec<_>, Vec<_>) = found
        .attributes
        .iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .partition(|(old, _)| given(old).is_some());
    own.into_iter()
        .chain(renamed)
        .map(|(old, value)| (given(old).unwrap_or(old), value))
        .filter(|(name, _)| config.lets_through(name))
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
}
