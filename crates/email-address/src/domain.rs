use std::fmt;
use std::str::FromStr;

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

/// A domain name in its one normal form: lower case, internationalised labels in punycode, no final dot. Equal domains are equal texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain(String);

impl Domain {
    /// The normal form of a domain name, or `None` for what is not one: an IP address, an empty or too long label, any character that
    /// host names do not have (UTS 46, with the STD3 rules).
    pub fn normalised(name: &str) -> Option<Self> {
        let ascii = Uts46::new()
            .to_ascii(
                name.as_bytes(),
                AsciiDenyList::STD3,
                Hyphens::CheckFirstLast,
                DnsLength::VerifyAllowRootDot,
            )
            .ok()?;
        let name = ascii.strip_suffix('.').unwrap_or(&ascii);
        // No top-level domain is a number (RFC 3696, section 2), so this is an IPv4 address.
        let last_label = name.rsplit('.').next()?;
        if last_label.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Some(Self(name.to_owned()))
    }

    /// Whether the other domain is this one or stands under it.
    pub fn covers(&self, other: &Self) -> bool {
        other.self_and_parents().any(|domain| domain == self.0)
    }

    /// This domain, and every domain that it stands under.
    pub fn self_and_parents(&self) -> impl Iterator<Item = &str> {
        std::iter::successors(Some(self.as_str()), |domain| {
            domain.split_once('.').map(|(_, parent)| parent)
        })
    }

    /// The normal form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Domain {
    type Err = NotADomain;

    fn from_str(name: &str) -> Result<Self, NotADomain> {
        Self::normalised(name).ok_or_else(|| NotADomain(name.to_owned()))
    }
}

/// An entry of a configured list that is not a domain name. It quotes the entry, so it is not for what users send.
#[derive(Debug)]
pub struct NotADomain(String);

impl fmt::Display for NotADomain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "`{}` is not a domain name; expected one such as example.com",
            self.0
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Domain;

    #[track_caller]
    fn check(name: &str, expected: Option<&str>) {
        let domain = Domain::normalised(name);
        assert_eq!(
            domain.as_ref().map(Domain::as_str),
            expected,
            "domain {name:?}"
        );
    }

    #[test]
    fn equal_domains_have_one_form() {
        for (name, expected) in [
            ("example.com", "example.com"),
            ("Example.COM", "example.com"),
            ("example.com.", "example.com"),
            ("example.com。", "example.com"),
            ("ｅｘａｍｐｌｅ．ｃｏｍ", "example.com"),
            ("exam\u{ad}ple.com", "example.com"),
            ("MÜNCHEN.example", "xn--mnchen-3ya.example"),
            ("mu\u{308}nchen.example", "xn--mnchen-3ya.example"),
            ("XN--MNCHEN-3YA.example", "xn--mnchen-3ya.example"),
            ("straße.example", "xn--strae-oqa.example"),
            ("a--b.example", "a--b.example"),
            ("top", "top"),
            ("1.example", "1.example"),
        ] {
            check(name, Some(expected));
        }
    }

    #[test]
    fn what_is_not_a_domain_has_none() {
        let long_label = format!("{}.example", "a".repeat(64));
        let long_name = "abcdefgh.".repeat(32) + "example";
        for name in [
            "",
            ".",
            "..",
            ".example.com",
            "example..com",
            "example.com..",
            "exa mple.com",
            "example.com\n",
            "example\u{a0}.com",
            "a@example.com",
            "a＠example.com",
            "*.example.com",
            "under_score.example",
            "-a.example",
            "a-.example",
            "xn--a.example",
            "xn--.example",
            "a\u{fffd}.example",
            "[192.0.2.1]",
            "[IPv6:2001:db8::1]",
            "192.0.2.1",
            "192.0.2.1.",
            "example.com(comment)",
            "example.com/path",
            &long_label,
            &long_name,
        ] {
            check(name, None);
        }
    }

    #[test]
    fn a_domain_covers_its_sub_domains_and_no_look_alike() {
        let listed = Domain::normalised("example.com").unwrap();
        for (name, covered) in [
            ("example.com", true),
            ("mail.example.com", true),
            ("a.b.example.com", true),
            ("badexample.com", false),
            ("bad-example.com", false),
            ("example.com.evil.example", false),
            ("example.co", false),
            ("com", false),
            // Cyrillic, so that it only looks the same.
            ("ехample.com", false),
        ] {
            let domain = Domain::normalised(name).unwrap();
            assert_eq!(listed.covers(&domain), covered, "domain {name:?}");
        }
    }
}
