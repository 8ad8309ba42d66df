//! The formats: one file a family, and one line here. A family's file says how its hashes begin, reads them, and names an algorithm for them.

mod argon2;
mod aspnet;
mod auth0;
mod bcrypt;
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
mod refused;
mod scrypt_crypt;
mod sha_crypt;
mod spring;
mod werkzeug;
mod wordpress;
mod yescrypt;

use std::fmt;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::stored::Stored;
use crate::{Limits, Unsupported};

/// Every family; the order means nothing.
const FAMILIES: &[&[Definition]] = &[
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
        (format.0.read)(&Written { text, ..*self })
    }

    /// The text after a beginning.
    pub(crate) fn after(&self, beginning: &str) -> Result<&'a str, Unsupported> {
        self.text
            .strip_prefix(beginning)
            .ok_or(Unsupported::Malformed("it begins otherwise"))
    }
}

/// A format of password hashes that this crate checks.
#[derive(Clone, Copy)]
pub struct Format(&'static Definition);

impl Format {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        FAMILIES.iter().copied().flatten().map(Self)
    }

    /// The name for reports and settings: kebab-case, and never changed.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Whether the format is known by how its hashes begin; otherwise it has to be configured.
    pub fn is_recognised(self) -> bool {
        !self.0.begins.is_empty()
    }

    pub(crate) fn read(self, written: &Written<'_>) -> Result<Stored, Unsupported> {
        (self.0.read)(written)
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Format {}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl fmt::Debug for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::all()
            .find(|format| format.name() == name)
            .ok_or(UnknownFormat)
    }
}

/// A name that is no format's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no password hash format of that name")]
pub struct UnknownFormat;

/// What other systems put before a hash without changing it, and how the hash then begins.
const WRAPPERS: [(&str, &str); 6] = [
    ("{crypt}", ""),
    ("{bcrypt}", "$2"),
    ("{argon2}", "$argon2"),
    ("{argon2@SpringSecurity_v5_8}", "$argon2"),
    ("{ldap}", "{"),
    ("argon2", "$argon2"), // Django's
];

/// The format by how the text begins, and the text without what only wraps it. Nothing is tried: one beginning is one format.
pub(crate) fn recognise(text: &str) -> Result<(Format, &str), Unsupported> {
    let text = unwrapped(text);
    if let Some(refusal) = refused::refusal(text) {
        return Err(refusal);
    }
    beginning_so(text)
        // The schemes of LDAP are in any case (RFC 3112), those of Spring exactly as they are.
        .or_else(|| beginning_so(&with_capital_scheme(text)?))
        .map(|format| (format, text))
        .ok_or(Unsupported::Unknown)
}

/// The longest beginning counts: `$pbkdf2-sha256$i=` is not passlib's `$pbkdf2-sha256$`.
fn beginning_so(text: &str) -> Option<Format> {
    let beginnings = |format: Format| {
        format
            .0
            .begins
            .iter()
            .map(move |begin| (begin.len(), *begin, format))
    };
    Format::all()
        .flat_map(beginnings)
        .filter(|(_, begin, _)| text.starts_with(begin))
        .max_by_key(|(length, _, _)| *length)
        .map(|(_, _, format)| format)
}

/// Two of them can stand one in another: `{ldap}{CRYPT}$6$…`.
fn unwrapped(text: &str) -> &str {
    let once = without_wrapper(text).unwrap_or(text);
    without_wrapper(once).unwrap_or(once)
}

fn without_wrapper(text: &str) -> Option<&str> {
    WRAPPERS.iter().find_map(|(wrapper, begin)| {
        let (head, rest) = text.split_at_checked(wrapper.len())?;
        let is_it = head.eq_ignore_ascii_case(wrapper) && rest.starts_with(begin);
        is_it.then_some(rest)
    })
}

fn with_capital_scheme(text: &str) -> Option<String> {
    let (scheme, rest) = text.strip_prefix('{')?.split_once('}')?;
    Some(format!("{{{}}}{rest}", scheme.to_ascii_uppercase()))
}

/// Each of these texts is refused for what it is, not for what it costs.
#[cfg(test)]
#[track_caller]
fn check_refused(format: &str, settings: Value, texts: &[&str]) {
    let format: Format = format.parse().unwrap();
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

    #[track_caller]
    fn check(text: &str, expected: Result<&str, Unsupported>) {
        let format = recognise(text).map(|(format, _)| format.name());
        assert_eq!(format, expected, "text {text:?}");
    }

    #[test]
    fn one_beginning_is_one_format() {
        let mut seen = BTreeSet::new();
        for begin in FAMILIES
            .iter()
            .copied()
            .flatten()
            .flat_map(|format| format.begins)
        {
            assert!(seen.insert(begin), "{begin}");
        }
        let names: BTreeSet<_> = Format::all().map(Format::name).collect();
        assert_eq!(names.len(), Format::all().count());
    }

    #[test]
    fn names_lead_back_to_their_formats() {
        for format in Format::all() {
            assert_eq!(format.name().parse(), Ok(format));
        }
        assert_eq!("argon2".parse::<Format>(), Err(UnknownFormat));
    }

    #[test]
    fn the_longest_beginning_counts() {
        check("$pbkdf2-sha256$29000$", Ok("passlib-pbkdf2"));
        check("$pbkdf2-sha256$i=29000$", Ok("phc-pbkdf2"));
        check("{MD5}", Ok("ldap-digest"));
        check("{MD5}{salt}", Ok("spring-digest"));
        check("sha1$salt$", Ok("django-sha1"));
        check("sha256$salt$", Ok("werkzeug-hmac"));
    }

    #[test]
    fn what_only_wraps_a_hash_does_not_count() {
        for (text, expected) in [
            ("{CRYPT}$6$", "sha512-crypt"),
            ("{crypt}$y$", "yescrypt"),
            ("{ldap}{SSHA}", "ldap-digest"),
            ("{ldap}{CRYPT}$1$", "md5-crypt"),
            ("{bcrypt}$2a$", "bcrypt"),
            ("{argon2@SpringSecurity_v5_8}$argon2id$", "argon2id"),
            ("argon2$argon2i$", "argon2i"),
        ] {
            check(text, Ok(expected));
        }
        check("{bcrypt}$6$", Err(Unsupported::Unknown));
        check("{crypt}{crypt}{crypt}$6$", Err(Unsupported::Unknown));
    }

    #[test]
    fn schemes_are_in_any_case_and_springs_are_not() {
        check("{ssha}", Ok("ldap-digest"));
        check("{Sha256}", Ok("ldap-digest"));
        check("{sha256}", Ok("spring-sha256"));
        check("{PBKDF2}", Ok("ldap-pbkdf2"));
        check("{pbkdf2}", Ok("spring-pbkdf2"));
    }

    #[test]
    fn other_texts_are_nothing() {
        for text in [
            "",
            "$",
            "{",
            "{}",
            "x$2b$",
            " $2b$",
            "$2b",
            "$5",
            "$8$salt$",
            "{SSHA",
            "pbkdf2_sha512$",
            "é",
        ] {
            check(text, Err(Unsupported::Unknown));
        }
    }
}
