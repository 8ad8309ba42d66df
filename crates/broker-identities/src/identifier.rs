use std::fmt;
use std::str::FromStr;

use crate::key::IdentifierKey;

/// What somebody has proven to be: a subject, in the words of whoever vouches for it.
#[derive(Clone, Copy)]
pub struct Login<'a> {
    /// The operator's own name for who vouches: lower-case letters, digits and hyphens.
    pub source: &'a str,
    /// The issuer as it names itself.
    pub issuer: &'a str,
    /// The subject, as the issuer names it.
    pub subject: &'a str,
    /// Whether the operator has said that subjects of this issuer are no personal data.
    pub is_opaque: bool,
}

/// A keyed hash has so many bytes: too many for two subjects to share one, and few enough for what fits into a session.
const HASH_BYTES: usize = 20;

/// 64 bits tell all persons of a pool apart.
const AUDIT_BYTES: usize = 8;

/// Session tokens have room for little: longer subjects are hashed, however opaque.
const MAX_PLAIN_BYTES: usize = 64;

impl Login<'_> {
    /// The developer user identifier. One login has the same for ever, and no two logins share one.
    ///
    /// An opaque subject stands in it as it is, where it has only letters in lower case, digits, `-` and `_`: Cognito does not say whether it
    /// tells cases apart, and `,` and `:` separate what API Gateway makes of it.
    pub fn identifier(&self, key: &IdentifierKey) -> Identifier {
        let source = self.source;
        if self.is_opaque && is_plain(self.subject) {
            return Identifier(format!("{source}.p.{}", self.subject));
        }
        // Neither a source nor an issuer has a line break, so that where one part ends is never in doubt.
        let login = format!("{source}\n{}\n{}", self.issuer, self.subject);
        let mac = key.mac("developer user identifier", login.as_bytes());
        let hash: String = mac[..HASH_BYTES].iter().map(hex).collect();
        Identifier(format!("{source}.h.{hash}"))
    }
}

fn hex(byte: &u8) -> String {
    format!("{byte:02x}")
}

fn is_plain(subject: &str) -> bool {
    let is_allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    (1..=MAX_PLAIN_BYTES).contains(&subject.len()) && subject.bytes().all(is_allowed)
}

/// `Debug` shows neither issuer nor subject.
impl fmt::Debug for Login<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Login")
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

/// A developer user identifier: the source, `p` or `h`, and the subject or its hash, with a full stop between each two.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier(String);

impl Identifier {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What logs call it: a keyed hash, the same each time, which tells nobody who it is.
    pub fn audit_subject(&self, key: &IdentifierKey) -> String {
        let mac = key.mac("audit", self.0.as_bytes());
        mac[..AUDIT_BYTES].iter().map(hex).collect()
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Reads one that was derived before: from the table, or from an operator.
impl FromStr for Identifier {
    type Err = NotAnIdentifier;

    fn from_str(text: &str) -> Result<Self, NotAnIdentifier> {
        let mut parts = text.splitn(3, '.');
        let (source, kind, subject) = (parts.next(), parts.next(), parts.next());
        let is_one = source.is_some_and(is_plain)
            && matches!(kind, Some("p" | "h"))
            && subject.is_some_and(is_plain);
        is_one.then(|| Self(text.to_owned())).ok_or(NotAnIdentifier)
    }
}

/// Not of that form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected <source>.p.<subject> or <source>.h.<hash>")]
pub struct NotAnIdentifier;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const KEY: IdentifierKey = IdentifierKey::of_bytes([7; 32]);

    fn identifier(source: &str, issuer: &str, subject: &str, is_opaque: bool) -> String {
        let login = Login {
            source,
            issuer,
            subject,
            is_opaque,
        };
        login.identifier(&KEY).to_string()
    }

    #[test]
    fn an_opaque_subject_stands_as_it_is_and_every_other_as_a_hash() {
        let issuer = "https://login.example.org";
        for (subject, is_opaque, expected) in [
            ("u-0194f0", true, "acme.p.u-0194f0"),
            // printf 'developer user identifier\0acme\nhttps://login.example.org\nu-0194f0' | openssl dgst -sha256 -mac hmac -macopt hexkey:0707…
            (
                "u-0194f0",
                false,
                "acme.h.c47effe438379d97a8b65789891c2c15bb65d2b6",
            ),
        ] {
            assert_eq!(identifier("acme", issuer, subject, is_opaque), expected);
        }
        for subject in [
            "ines@example.org",
            "Ines",
            "a,b",
            "a:b",
            "",
            &"a".repeat(65),
        ] {
            let identifier = identifier("acme", issuer, subject, true);
            assert!(identifier.starts_with("acme.h."), "{identifier}");
            assert_eq!(identifier.len(), "acme.h.".len() + 40);
        }
    }

    #[test]
    fn no_two_logins_share_an_identifier() {
        let mut identifiers = BTreeSet::new();
        let logins = [
            ("acme", "https://a.example", "1"),
            ("acme", "https://a.example", "2"),
            ("acme", "https://b.example", "1"),
            ("shop", "https://a.example", "1"),
            ("acme", "https://a.example", "ines"),
            ("acme", "https://a.example", "Ines"),
        ];
        for (source, issuer, subject) in logins {
            identifiers.insert(identifier(source, issuer, subject, false));
        }
        identifiers.insert(identifier("acme", "https://a.example", "1", true));
        // A subject that looks like a hash is one of its own all the same.
        let hash = identifier("acme", "https://a.example", "1", false);
        let (_, hash) = hash.rsplit_once('.').unwrap();
        identifiers.insert(identifier("acme", "https://a.example", hash, true));
        assert_eq!(identifiers.len(), logins.len() + 2);
    }

    #[test]
    fn what_was_not_derived_is_no_identifier() {
        for text in ["acme.p.u-1", "acme.h.00ff", "my-shop.p.a_b"] {
            assert_eq!(text.parse::<Identifier>().unwrap().as_str(), text);
        }
        for text in [
            "",
            "acme",
            "acme.p",
            "acme.p.",
            ".p.u",
            "acme.x.u",
            "acme.p.u:1",
            "acme.p.u,1",
            "acme.p.U",
            "acme.p.u.1",
        ] {
            assert_eq!(text.parse::<Identifier>(), Err(NotAnIdentifier), "{text}");
        }
    }
}
