use std::fmt;
use std::str::FromStr;

use email_address::{Domain, EmailAddress};

/// Cognito's bounds for the name of an identity provider, in characters.
const NAME_CHARACTERS: std::ops::RangeInclusive<usize> = 3..=32;

/// An identity provider whose word on an address counts: an entry of `LINK_PROVIDERS`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TrustedProvider {
    /// As the user pool spells it, where it is looked for when an identity is linked.
    pub(crate) name: String,
    /// The one domain that it is trusted with, verified or not; `None`: every address that it says it verified.
    pub(crate) pinned_to: Option<Domain>,
}

impl TrustedProvider {
    /// Whether this is the provider of that name; Cognito sometimes writes the name in lower case where it begins a user name.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        self.name.to_lowercase() == name.to_lowercase()
    }

    /// Whether the address is its user's, by its own word on whether it verified it.
    pub(crate) fn vouches_for(&self, address: &EmailAddress, verified: bool) -> bool {
        match &self.pinned_to {
            Some(domain) => address.domain() == domain,
            None => verified,
        }
    }
}

impl FromStr for TrustedProvider {
    type Err = NotAProvider;

    fn from_str(entry: &str) -> Result<Self, NotAProvider> {
        let (name, domain) = match entry.split_once('=') {
            Some((name, domain)) => (name.trim(), Some(domain.trim())),
            None => (entry, None),
        };
        let refused = || NotAProvider(entry.to_owned());
        if !is_provider_name(name) {
            return Err(refused());
        }
        let pinned_to = match domain {
            Some(domain) => Some(Domain::normalised(domain).ok_or_else(refused)?),
            None => None,
        };
        Ok(Self {
            name: name.to_owned(),
            pinned_to,
        })
    }
}

/// Cognito lets no name have a blank, nor an underscore but as its second character. So a user name `<provider>_<id>` has one reading,
/// and no provider can be named to be taken for another.
///
/// Source: `ProviderName` of <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html>
fn is_provider_name(name: &str) -> bool {
    let second = 1;
    let mut characters = name.chars().enumerate();
    NAME_CHARACTERS.contains(&name.chars().count())
        && characters.all(|(place, character)| {
            !character.is_whitespace() && (character != '_' || place == second)
        })
}

/// An entry that is no provider.
#[derive(Debug)]
pub(crate) struct NotAProvider(String);

impl fmt::Display for NotAProvider {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "`{}` is not a provider; expected one such as Google, or Okta=example.com",
            self.0
        )
    }
}

#[cfg(test)]
mod tests {
    use email_address::EmailAddress;

    use super::TrustedProvider;

    #[test]
    fn an_entry_is_a_provider_and_perhaps_its_domain() {
        for (entry, expected) in [
            ("Google", Some(("Google", None))),
            ("Okta=Example.com.", Some(("Okta", Some("example.com")))),
            (" Okta = example.com", Some(("Okta", Some("example.com")))),
            ("O_kta", Some(("O_kta", None))),
            ("Ok", None),
            ("Okta_Dev", None),
            ("_kta", None),
            ("Ok ta", None),
            ("Okta=", None),
            ("Okta=*.example.com", None),
            ("=example.com", None),
            ("Okta=example.com=example.org", None),
        ] {
            let provider: Option<TrustedProvider> = entry.trim().parse().ok();
            let parts = provider.as_ref().map(|provider| {
                let domain = provider.pinned_to.as_ref();
                (&*provider.name, domain.map(email_address::Domain::as_str))
            });
            assert_eq!(parts, expected, "{entry}");
        }
    }

    #[test]
    fn a_provider_vouches_for_what_it_verified_or_for_its_domain() {
        for (entry, address, verified, expected) in [
            ("Google", "ines@example.org", true, true),
            ("Google", "ines@example.org", false, false),
            ("Okta=example.com", "ines@example.com", false, true),
            ("Okta=example.com", "ines@Example.COM.", true, true),
            ("Okta=example.com", "ines@example.org", true, false),
            ("Okta=example.com", "ines@mail.example.com", true, false),
            ("Okta=example.com", "ines@badexample.com", true, false),
        ] {
            let provider: TrustedProvider = entry.parse().unwrap();
            let address = EmailAddress::parse(address).unwrap();
            assert_eq!(
                provider.vouches_for(&address, verified),
                expected,
                "{entry}, verified: {verified}"
            );
        }
    }
}
