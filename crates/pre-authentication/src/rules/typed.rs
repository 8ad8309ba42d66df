//! What depends on nothing but what was typed, so that a refusal tells nothing about accounts.

use admission::{Refusal, Subject};
use cognito_events::pre_authentication::Event;

use crate::config::{Config, SignInWith};

/// What was typed, as far as there is telling. For an unknown user it stands in the event; for a known one it is the attribute that
/// people sign in with.
///
/// Somebody could also type the `sub`, for which every pool has an ear: whoever knows that knows of the account.
fn typed<'e>(config: &Config, event: &'e Event) -> Option<&'e str> {
    let attribute = match config.sign_in_with {
        SignInWith::Email => "email",
        SignInWith::PhoneNumber => "phone_number",
        SignInWith::Several => return None,
    };
    if event.request.user_not_found {
        Some(event.user_name.as_str())
    } else {
        event.request.user_attributes.get(attribute)
    }
}

/// The address that was typed, and its domains.
pub(super) fn subjects(config: &Config, event: &Event) -> Vec<Subject> {
    typed(config, event)
        .map(Subject::of_address)
        .unwrap_or_default()
}

/// The rules on domains, for an e-mail address that was typed.
pub(super) fn domain_welcome(config: &Config, event: &Event) -> Result<(), Refusal> {
    match (config.sign_in_with, typed(config, event)) {
        (SignInWith::Email, Some(email)) => config.policy.domain_welcome(Some(email)),
        // Without an address it is a federated user or none, and the rules are held after the provider has vouched for somebody.
        (SignInWith::Email, None) => Ok(()),
        (SignInWith::PhoneNumber | SignInWith::Several, _) => Ok(()),
    }
}
