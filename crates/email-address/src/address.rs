use std::borrow::Cow;
use std::fmt;

use crate::Domain;

/// Longer than any address: 64 bytes for the local part, the `@`, 255 bytes for the domain (RFC 5321, section 4.5.3.1).
const MAX_BYTES: usize = 64 + 1 + 255;

/// What the local part may hold without quotes (`atext` of RFC 5322, section 3.2.3, and the dots between atoms).
const UNQUOTED: &str = "!#$%&'*+-/=?^_`{|}~.";

/// The commercial at in other shapes; software that normalises an address would see another domain.
const LOOKS_LIKE_AT: [char; 2] = ['\u{ff20}', '\u{fe6b}'];

/// An e-mail address in the form in which two are compared: the domain's normal form, and the local part with ASCII letters in lower case
/// and without quotes that it does not need.
///
/// Letters outside ASCII keep their case: the lower case of the Kelvin sign is an ASCII `k`, in another mailbox.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailAddress {
    local_part: String,
    domain: Domain,
}

impl EmailAddress {
    /// Reads an address as a mail server would (RFC 5321, section 4.1.2), so that its domain is where the mail goes; `None` for what is
    /// not an address.
    ///
    /// Comments, blanks, route lists and address literals are no part of an address that a person types. Dots in the local part may stand
    /// anywhere, since such mailboxes exist.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_BYTES || text.contains(char::is_control) || text.contains(LOOKS_LIKE_AT)
        {
            return None;
        }
        let (local_part, rest) = if text.starts_with('"') {
            quoted_local_part(text)?
        } else {
            unquoted_local_part(text)?
        };
        Some(Self {
            local_part: without_needless_quotes(local_part).to_ascii_lowercase(),
            domain: Domain::normalised(rest.strip_prefix('@')?)?,
        })
    }

    /// Where mail to this address goes.
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// The address in its normal form; never for a log.
    pub fn normalised(&self) -> String {
        format!("{}@{}", self.local_part, self.domain.as_str())
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("EmailAddress([redacted])")
    }
}

/// Splits after the closing quote; an `@` before it belongs to the local part.
fn quoted_local_part(text: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (place, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(text.split_at(place + 1)),
            _ => {}
        }
    }
    None
}

fn unquoted_local_part(text: &str) -> Option<(&str, &str)> {
    let (local_part, rest) = text.split_at(text.find('@')?);
    is_unquoted(local_part).then_some((local_part, rest))
}

fn is_unquoted(local_part: &str) -> bool {
    let allowed = |character: char| {
        if character.is_ascii() {
            character.is_ascii_alphanumeric() || UNQUOTED.contains(character)
        } else {
            !character.is_whitespace()
        }
    };
    !local_part.is_empty() && local_part.chars().all(allowed)
}

/// Quotes and backslashes are no part of the mailbox's name, so an address that does without them has none (RFC 5321, section 4.1.2).
fn without_needless_quotes(local_part: &str) -> Cow<'_, str> {
    let Some(quoted) = local_part
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
    else {
        return local_part.into();
    };
    let mut characters = quoted.chars();
    let mut name = String::new();
    while let Some(character) = characters.next() {
        name.extend(match character {
            '\\' => characters.next(),
            character => Some(character),
        });
    }
    if is_unquoted(&name) {
        name.into()
    } else {
        local_part.into()
    }
}

#[cfg(test)]
mod tests {
    use super::EmailAddress;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let address = EmailAddress::parse(text).map(|address| address.normalised());
        assert_eq!(address.as_deref(), expected, "address {text:?}");
    }

    #[test]
    fn the_domain_is_where_the_mail_goes() {
        for (text, expected) in [
            ("ines@example.org", "ines@example.org"),
            ("Ines.Falk@Example.ORG.", "ines.falk@example.org"),
            ("ines+news@example.org", "ines+news@example.org"),
            ("ines..falk.@example.org", "ines..falk.@example.org"),
            ("\"a@b\"@example.com", "\"a@b\"@example.com"),
            (
                "\"a@evil.example\"@good.example",
                "\"a@evil.example\"@good.example",
            ),
            (
                "\"a\\\"@evil.example\"@good.example",
                "\"a\\\"@evil.example\"@good.example",
            ),
            ("\"a b\"@example.com", "\"a b\"@example.com"),
            ("\"Ines\"@example.org", "ines@example.org"),
            ("\"i\\nes\"@example.org", "ines@example.org"),
            ("\"\"@example.org", "\"\"@example.org"),
            ("ınes@example.org", "ınes@example.org"),
            ("\u{212a}im@example.org", "\u{212a}im@example.org"),
            ("ines@MÜNCHEN.example", "ines@xn--mnchen-3ya.example"),
        ] {
            check(text, Some(expected));
        }
    }

    #[test]
    fn what_is_not_an_address_has_none() {
        let long = format!("{}@example.org", "a".repeat(400));
        for text in [
            "",
            "@",
            "ines",
            "ines@",
            "@example.org",
            "ines@example..org",
            "ines@.example.org",
            "ines@evil.example@good.example",
            "ines\\@evil.example@good.example",
            "ines@good.example@",
            " ines@example.org",
            "ines@example.org ",
            "ines @example.org",
            "ines@ example.org",
            "ines\u{a0}falk@example.org",
            "ines@example.org\r\nBcc: b@evil.example",
            "ines\0@example.org",
            "\"ines\n\"@example.org",
            "ines(comment)@example.org",
            "ines@(comment)example.org",
            "ines@example.org(comment)",
            "Ines <ines@example.org>",
            "ines@evil.example,ines@good.example",
            "@evil.example:ines@good.example",
            "ines@[192.0.2.1]",
            "ines@192.0.2.1",
            "\"ines@example.org",
            "\"ines\\\"@example.org",
            "\"ines\"x@example.org",
            "\"ines\"\"x\"@example.org",
            "in\"es@evil.example\"@good.example",
            "ines＠evil.example@good.example",
            "\"ines＠evil.example\"@good.example",
            "ines﹫example.org",
            &long,
        ] {
            check(text, None);
        }
    }

    #[test]
    fn an_address_is_not_printed() {
        let address = EmailAddress::parse("ines@example.org").unwrap();
        assert_eq!(format!("{address:?}"), "EmailAddress([redacted])");
    }
}
