use std::fmt;

use cognito_events::is_id;
use email_address::EmailAddress;

/// Whom a block can be about: a key of the table. The order is that of the decision, from everybody to one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// Everybody: `pool`.
    Pool,
    /// An app client: `client#<id>`.
    Client(String),
    /// A domain with its sub-domains: `domain#<domain>`, in lower case, punycode and without a final dot.
    Domain(String),
    /// An address: `address#<e-mail address>` in lower case, its domain as above, or `address#<telephone number>`, as `+` and digits.
    Address(String),
    /// A user: `user#<sub>`.
    User(String),
}

impl Subject {
    /// The app client, unless this is no id as Cognito makes them.
    pub fn client(id: &str) -> Option<Self> {
        is_id(id).then(|| Self::Client(id.to_owned()))
    }

    /// The user, unless this is no `sub` as Cognito makes them.
    pub fn user(sub: &str) -> Option<Self> {
        is_id(sub).then(|| Self::User(sub.to_owned()))
    }

    /// An e-mail address with its domain and that domain's parents, or a telephone number; none for any other text.
    pub fn of_address(text: &str) -> Vec<Self> {
        if is_telephone_number(text) {
            return vec![Self::Address(text.to_owned())];
        }
        let Some(email) = EmailAddress::parse(text) else {
            return Vec::new();
        };
        let mut domains: Vec<_> = email.domain().self_and_parents().collect();
        let nested_too_deep = domains.len().saturating_sub(MAX_LABELS);
        let domains = domains.drain(nested_too_deep..).map(str::to_owned);
        let mut subjects: Vec<_> = domains.map(Self::Domain).collect();
        subjects.push(Self::Address(email.normalised()));
        subjects
    }

    /// The table's key.
    pub(crate) fn key(&self) -> String {
        match self {
            Self::Pool => "pool".to_owned(),
            Self::Client(id) => format!("client#{id}"),
            Self::Domain(domain) => format!("domain#{domain}"),
            Self::Address(address) => format!("address#{address}"),
            Self::User(sub) => format!("user#{sub}"),
        }
    }
}

// An address is a person's.
impl fmt::Debug for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Pool => "Pool",
            Self::Client(_) => "Client([redacted])",
            Self::Domain(_) => "Domain([redacted])",
            Self::Address(_) => "Address([redacted])",
            Self::User(_) => "User([redacted])",
        })
    }
}

/// A domain of a mail address can have 127 labels, and one look-up takes 100 keys. Whoever puts more labels in front of a blocked domain
/// gains nothing, since it is the last ones that are looked up.
const MAX_LABELS: usize = 16;

/// E.164, as Cognito keeps telephone numbers: `+` and up to 15 digits.
fn is_telephone_number(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let keys: Vec<_> = Subject::of_address(text).iter().map(Subject::key).collect();
        assert_eq!(keys, expected, "{text:?}");
    }

    #[test]
    fn an_address_stands_under_its_domains() {
        check(
            "Ines@Mail.Example.ORG.",
            &[
                "domain#mail.example.org",
                "domain#example.org",
                "domain#org",
                "address#ines@mail.example.org",
            ],
        );
        check(
            "ines@münchen.example",
            &[
                "domain#xn--mnchen-3ya.example",
                "domain#example",
                "address#ines@xn--mnchen-3ya.example",
            ],
        );
        check("+491701234567", &["address#+491701234567"]);
        for nobody in [
            "",
            "ines",
            "+",
            "+49 170",
            "491701234567",
            "+1234567890123456",
            "a@b@c",
            "pool",
        ] {
            check(nobody, &[]);
        }
    }

    #[test]
    fn labels_in_front_hide_no_domain() {
        let many = format!("ines@{}example.org", "a.".repeat(100));
        let subjects = Subject::of_address(&many);
        assert_eq!(subjects.len(), MAX_LABELS + 1);
        for listed in ["org", "example.org", "a.example.org"] {
            assert!(
                subjects.contains(&Subject::Domain(listed.to_owned())),
                "{listed}"
            );
        }
    }

    #[test]
    fn only_ids_as_cognito_makes_them_are_looked_up() {
        for (id, is_one) in [
            ("4q2n8v0c6t1m9s3k5r7p2d8f0h", true),
            ("b3d4f8a2-6041-70c5-9a1e-2f7c0d9b6e11", true),
            ("", false),
            ("a#b", false),
            ("ines@example.org", false),
            (&"x".repeat(129), false),
        ] {
            assert_eq!(Subject::client(id).is_some(), is_one, "{id}");
            assert_eq!(Subject::user(id).is_some(), is_one, "{id}");
        }
    }

    #[test]
    fn nobody_is_printed() {
        let subjects = Subject::of_address("ines@example.org");
        assert!(!format!("{subjects:?}").contains("example"), "{subjects:?}");
    }
}
