//! The formats: one file a family, and one line here. A family's file says how its hashes begin, reads them, and names an algorithm for them.

mod argon2;
mod aspnet;
mod auth0;
mod bcrypt;
mod clerk;
mod digest;
mod django;
mod drupal;
mod firebase;
mod fusionauth;
mod keycloak;
mod kratos;
mod ldap;
mod md5_crypt;
mod okta;
mod passlib;
mod phc;
mod phpass;
mod scrypt_crypt;
mod sha_crypt;
mod spring;
mod werkzeug;
mod wordpress;
mod yescrypt;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::recognition::recognise;
use crate::stored::Stored;
use crate::{Limits, Unsupported};

/// Every family; the order means nothing.
pub(crate) const FAMILIES: &[&[Definition]] = &[
    argon2::FORMATS,
    bcrypt::FORMATS,
    wordpress::FORMATS,
    phpass::FORMATS,
    django::FORMATS,
    aspnet::FORMATS,
    keycloak::FORMATS,
    firebase::FORMATS,
    auth0::FORMATS,
    passlib::FORMATS,
    phc::FORMATS,
    werkzeug::FORMATS,
    sha_crypt::FORMATS,
    md5_crypt::FORMATS,
    drupal::FORMATS,
    ldap::FORMATS,
    spring::FORMATS,
    okta::FORMATS,
    fusionauth::FORMATS,
    kratos::FORMATS,
    clerk::FORMATS,
    digest::FORMATS,
    scrypt_crypt::FORMATS,
    yescrypt::FORMATS,
];

/// One format.
pub(crate) struct Definition {
    /// Kebab-case, and never changed: reports and stored settings have it.
    pub(crate) name: &'static str,
    /// How its hashes begin and no other's do; the longest beginning counts. Empty for what has to be configured.
    pub(crate) begins: &'static [&'static str],
    /// Reads the whole text, beginning included.
    pub(crate) read: fn(&Written<'_>) -> Result<Stored, Unsupported>,
}

/// What there is to read.
#[derive(Clone, Copy)]
pub(crate) struct Written<'a> {
    pub(crate) text: &'a str,
    pub(crate) settings: &'a Value,
    pub(crate) limits: &'a Limits,
}

impl<'a> Written<'a> {
    /// What of the settings the format needs. An object with other names is refused: a misspelt setting would be a wrong check.
    pub(crate) fn settings<T: DeserializeOwned>(
        &self,
        expected: &'static str,
    ) -> Result<T, Unsupported> {
        T::deserialize(self.settings).map_err(|_| Unsupported::Settings(expected))
    }

    /// What a hash is that stands within this one.
    pub(crate) fn inner(&self, text: &str) -> Result<Stored, Unsupported> {
        let (format, text) = recognise(text)?;
        format.read(&Written { text, ..*self })
    }

    /// The text after a beginning.
    pub(crate) fn after(&self, beginning: &str) -> Result<&'a str, Unsupported> {
        self.text
            .strip_prefix(beginning)
            .ok_or(Unsupported::Malformed("it begins otherwise"))
    }
}

/// Each of these texts is refused for what it is, not for what it costs.
#[cfg(test)]
#[track_caller]
fn check_refused(format: &str, settings: Value, texts: &[&str]) {
    let format: crate::Format = format.parse().unwrap();
    for text in texts {
        let limits = &Limits::default();
        let written = Written {
            text,
            settings: &settings,
            limits,
        };
        match format.read(&written) {
            Ok(_) => panic!("{text:?} is read"),
            Err(error) => assert!(
                !matches!(error, Unsupported::TooCostly { .. }),
                "{text:?}: {error}"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn one_beginning_and_one_name_is_one_format() {
        let mut seen = BTreeSet::new();
        for format in FAMILIES.iter().copied().flatten() {
            for text in format.begins.iter().chain([&format.name]) {
                assert!(seen.insert(text), "{text}");
            }
        }
    }
}
