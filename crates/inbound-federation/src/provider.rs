use std::collections::BTreeMap;

use cognito_events::inbound_federation::ProviderType;
use email_address::Domain;

/// What holds for an identity provider.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ProviderRule {
    /// Everything that it says is kept: the rule is `{}`.
    KeepAll,
    /// Only what the mapping names is kept.
    Map(Mapping),
}

/// What is kept of what a provider says, and who may come through it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mapping {
    /// What Cognito must call the provider's kind.
    pub(crate) provider_type: ProviderType,
    /// The provider's name of each attribute, by its name in the answer.
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) groups: Option<GroupFilter>,
    /// The only domains of e-mail addresses; every domain when it is empty.
    pub(crate) domains: Vec<Domain>,
    pub(crate) require_verified_email: bool,
}

/// The groups that are kept, as one attribute.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct GroupFilter {
    /// The provider's attribute.
    pub(crate) from: String,
    /// Its name in the answer.
    pub(crate) to: String,
    pub(crate) keep: Vec<GroupPattern>,
}

/// A group's name, or the beginning of names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum GroupPattern {
    Name(String),
    Beginning(String),
}

impl GroupPattern {
    /// Upper and lower case differ, as they do in the pool's own groups.
    pub(crate) fn matches(&self, group: &str) -> bool {
        match self {
            Self::Name(name) => group == name,
            Self::Beginning(beginning) => group.starts_with(beginning),
        }
    }
}

/// The attributes, in the answer, that rules on addresses are about. The pool has to map its own from these.
pub(crate) const EMAIL: &str = "email";
pub(crate) const EMAIL_VERIFIED: &str = "email_verified";

/// The claim of which Cognito makes the user's name, which an answer must not lack.
///
/// Source: the developer guide's "Mapping IdP attributes to profiles and tokens".
pub(crate) fn user_name_claim(provider_type: &ProviderType) -> &'static str {
    match provider_type {
        ProviderType::Oidc
        | ProviderType::Google
        | ProviderType::SignInWithApple
        | ProviderType::Unknown(_) => "sub",
        ProviderType::Facebook => "id",
        ProviderType::LoginWithAmazon => "user_id",
        ProviderType::Saml => "NameID",
    }
}
