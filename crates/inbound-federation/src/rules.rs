mod address;
mod attributes;
mod claims;
mod groups;

use std::collections::BTreeMap;

use crate::config::{Config, UnlistedProviders};
use crate::provider::{Mapping, ProviderRule, user_name_claim};
use crate::{Event, Response};

use claims::Claims;

/// Decides on one event.
pub(crate) fn decide(config: &Config, event: &Event) -> Result<Decision, Refusal> {
    match config.providers.get(&event.request.provider_name) {
        Some(ProviderRule::Map(mapping)) => map(mapping, event),
        Some(ProviderRule::KeepAll) => Ok(Decision::keep_all("NoRules")),
        None => match config.unlisted_providers {
            UnlistedProviders::Refuse => Err(Refusal::ProviderUnlisted),
            UnlistedProviders::Pass => Ok(Decision::keep_all("UnlistedProvider")),
        },
    }
}

fn map(mapping: &Mapping, event: &Event) -> Result<Decision, Refusal> {
    if event.request.provider_type != mapping.provider_type {
        return Err(Refusal::ProviderTypeDiffers);
    }
    let claims = Claims::of(&event.request);
    claims.about_one_user(user_name_claim(&mapping.provider_type))?;
    address::allowed(mapping, &claims)?;
    let mut answer = Answer::default();
    attributes::keep(mapping, &claims, &mut answer)?;
    groups::keep(mapping, &claims, &mut answer);
    answer.into_decision()
}

/// What Cognito is answered, and what was left out although it was to be kept.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    /// The rule that made the answer.
    pub(crate) reason: &'static str,
    pub(crate) response: Response,
    pub(crate) left_out: Vec<LeftOut>,
}

impl Decision {
    /// Deliberately empty, which Cognito takes as: everything is kept.
    fn keep_all(reason: &'static str) -> Self {
        Self {
            reason,
            response: Response::default(),
            left_out: Vec::new(),
        }
    }
}

/// What is missing in an answer, by the attribute's name in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum LeftOut {
    /// The value is longer than [`MAX_CHARACTERS`].
    TooLong { attribute: String },
    /// So many groups had no place, or a name that cannot stand in a list.
    Groups { attribute: String, groups: usize },
}

/// A user attribute holds no more. Cognito refuses a sign-in that would map a longer value.
///
/// Source: the developer guide's "Mapping IdP attributes to profiles and tokens".
const MAX_CHARACTERS: usize = 2048;

#[derive(Default)]
struct Answer {
    attributes: BTreeMap<String, String>,
    left_out: Vec<LeftOut>,
}

impl Answer {
    fn set(&mut self, name: &str, value: String) {
        if value.chars().count() > MAX_CHARACTERS {
            let attribute = name.to_owned();
            self.left_out.push(LeftOut::TooLong { attribute });
        } else {
            self.attributes.insert(name.to_owned(), value);
        }
    }

    fn into_decision(self) -> Result<Decision, Refusal> {
        // Cognito would take it as: everything is kept.
        if self.attributes.is_empty() {
            return Err(Refusal::NothingToKeep);
        }
        Ok(Decision {
            reason: "Mapped",
            response: Response {
                user_attributes_to_map: self.attributes.into_iter().collect(),
            },
            left_out: self.left_out,
        })
    }
}

/// Why a federated sign-in is refused. The texts are for the person who signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// `PROVIDERS` does not name it.
    #[error("Signing in through this provider is not possible here")]
    ProviderUnlisted,
    /// Its rule was written for a provider of another type.
    #[error("Signing in through this provider is not possible here")]
    ProviderTypeDiffers,
    /// The claim that Cognito makes the user's name of is absent, empty or too long.
    #[error("This provider did not say who you are, please try another way to sign in")]
    UserNameMissing,
    /// The ID token and the user info are about two users (OpenID Connect Core 1.0, section 5.3.2).
    #[error("This provider did not say who you are, please try another way to sign in")]
    SubjectsDiffer,
    /// The provider said nothing of what is to be kept.
    #[error("This provider did not say who you are, please try another way to sign in")]
    NothingToKeep,
    /// A rule is about the address, and there is none.
    #[error("This provider did not send an e-mail address, which is needed to sign in here")]
    EmailMissing,
    /// The address has no domain that can be read.
    #[error("This provider sent an e-mail address that is not valid")]
    EmailUnreadable,
    /// The provider does not speak for the address's domain.
    #[error("This e-mail address cannot be used with this provider")]
    EmailOutsideDomains,
    /// The provider does not say that the address is the user's.
    #[error("This e-mail address is not verified, please verify it at your provider first")]
    EmailUnverified,
}

#[cfg(test)]
mod tests;
