use cognito_events::Attributes;
use email_address::{Domain, EmailAddress};

use crate::refusal::Refusal;

/// What the operator asks of everybody's addresses.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Domains that are welcome, with their sub-domains; every domain when it is empty.
    pub allowed_domains: Vec<Domain>,
    /// Domains that are not, nor are their sub-domains; wins over those that are.
    pub denied_domains: Vec<Domain>,
    /// Which address must be verified.
    pub verified_address: VerifiedAddress,
}

/// Which address must be verified before somebody gets tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum VerifiedAddress {
    /// None.
    #[default]
    Off,
    /// The e-mail address.
    Email,
    /// The telephone number.
    PhoneNumber,
    /// One of the two.
    Either,
}

impl VerifiedAddress {
    /// The words of a configuration.
    pub const WORDS: [(&str, Self); 4] = [
        ("off", Self::Off),
        ("email", Self::Email),
        ("phone_number", Self::PhoneNumber),
        ("either", Self::Either),
    ];
}

impl Policy {
    /// Holds the rules on domains that pre sign-up has, since an address can change later, and the rules can.
    ///
    /// Without an address only the allowed domains refuse: the denied ones speak against some domains, not for having one.
    ///
    /// # Errors
    ///
    /// [`Refusal::EmailMissing`], [`Refusal::EmailUnreadable`], [`Refusal::DomainDenied`], [`Refusal::DomainNotAllowed`].
    pub fn domain_welcome(&self, email: Option<&str>) -> Result<(), Refusal> {
        let only_some = !self.allowed_domains.is_empty();
        if !only_some && self.denied_domains.is_empty() {
            return Ok(());
        }
        let Some(email) = email.filter(|email| !email.is_empty()) else {
            return if only_some {
                Err(Refusal::EmailMissing)
            } else {
                Ok(())
            };
        };
        let address = EmailAddress::parse(email).ok_or(Refusal::EmailUnreadable)?;
        if covered(&self.denied_domains, &address) {
            return Err(Refusal::DomainDenied);
        }
        if only_some && !covered(&self.allowed_domains, &address) {
            return Err(Refusal::DomainNotAllowed);
        }
        Ok(())
    }

    /// Asks for a verified address, by what the user pool says of it.
    ///
    /// # Errors
    ///
    /// [`Refusal::AddressUnverified`].
    pub fn address_verified(&self, attributes: &Attributes) -> Result<(), Refusal> {
        let email = is_verified(attributes, "email", "email_verified");
        let phone_number = is_verified(attributes, "phone_number", "phone_number_verified");
        let enough = match self.verified_address {
            VerifiedAddress::Off => true,
            VerifiedAddress::Email => email,
            VerifiedAddress::PhoneNumber => phone_number,
            VerifiedAddress::Either => email || phone_number,
        };
        if enough {
            Ok(())
        } else {
            Err(Refusal::AddressUnverified)
        }
    }
}

fn covered(list: &[Domain], address: &EmailAddress) -> bool {
    list.iter().any(|listed| listed.covers(address.domain()))
}

/// Cognito sends booleans as text.
fn is_verified(attributes: &Attributes, address: &str, word: &str) -> bool {
    let has_address = attributes.get(address).is_some_and(|text| !text.is_empty());
    has_address && attributes.get(word) == Some("true")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domains(names: &[&str]) -> Vec<Domain> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    #[track_caller]
    fn check_domain(
        (allowed, denied): (&[&str], &[&str]),
        email: Option<&str>,
        expected: Result<(), Refusal>,
    ) {
        let policy = Policy {
            allowed_domains: domains(allowed),
            denied_domains: domains(denied),
            ..Policy::default()
        };
        assert_eq!(policy.domain_welcome(email), expected, "{email:?}");
    }

    #[test]
    fn domains_are_held_as_at_sign_up() {
        let allowed: (&[&str], &[&str]) = (&["example.com"], &[]);
        let denied: (&[&str], &[&str]) = (&[], &["example.com"]);
        let both: (&[&str], &[&str]) = (&["example.com"], &["lab.example.com"]);
        for (lists, email, expected) in [
            (allowed, Some("ines@example.com"), Ok(())),
            (allowed, Some("ines@Mail.EXAMPLE.com."), Ok(())),
            (
                allowed,
                Some("ines@example.org"),
                Err(Refusal::DomainNotAllowed),
            ),
            (
                allowed,
                Some("ines@badexample.com"),
                Err(Refusal::DomainNotAllowed),
            ),
            (
                allowed,
                Some("\"a@example.com\"@evil.example"),
                Err(Refusal::DomainNotAllowed),
            ),
            (
                allowed,
                Some("a@evil.example@example.com"),
                Err(Refusal::EmailUnreadable),
            ),
            (allowed, Some(""), Err(Refusal::EmailMissing)),
            (allowed, None, Err(Refusal::EmailMissing)),
            (denied, Some("ines@example.org"), Ok(())),
            (
                denied,
                Some("ines@ｅxample.com"),
                Err(Refusal::DomainDenied),
            ),
            (denied, Some("ines"), Err(Refusal::EmailUnreadable)),
            (denied, None, Ok(())),
            (both, Some("ines@example.com"), Ok(())),
            (
                both,
                Some("ines@a.lab.example.com"),
                Err(Refusal::DomainDenied),
            ),
            ((&[], &[]), Some("not an address"), Ok(())),
            ((&[], &[]), None, Ok(())),
        ] {
            check_domain(lists, email, expected);
        }
    }

    #[test]
    fn a_verified_address_is_one_that_the_pool_calls_so() {
        let email = [("email", "ines@example.org"), ("email_verified", "true")].into();
        let phone = [
            ("phone_number", "+491701234567"),
            ("phone_number_verified", "true"),
        ]
        .into();
        let word_alone = [
            ("email_verified", "true"),
            ("phone_number", ""),
            ("phone_number_verified", "true"),
        ]
        .into();
        let unverified = [("email", "ines@example.org"), ("email_verified", "false")].into();
        let other_word = [("email", "ines@example.org"), ("email_verified", "yes")].into();
        let nothing = Attributes::default();
        for (case, attributes, expected) in [
            ("e-mail", email, [true, true, false, true]),
            ("telephone", phone, [true, false, true, true]),
            ("no address", word_alone, [true, false, false, false]),
            ("unverified", unverified, [true, false, false, false]),
            ("another word", other_word, [true, false, false, false]),
            ("nothing", nothing, [true, false, false, false]),
        ] {
            for ((word, verified_address), allowed) in
                VerifiedAddress::WORDS.into_iter().zip(expected)
            {
                let policy = Policy {
                    verified_address,
                    ..Policy::default()
                };
                let answer = policy.address_verified(&attributes);
                let expected = if allowed {
                    Ok(())
                } else {
                    Err(Refusal::AddressUnverified)
                };
                assert_eq!(answer, expected, "{case} {word}");
            }
        }
    }
}
