use cognito_events::inbound_federation::ProviderType;

use super::claims::Claims;
use super::{Answer, Refusal, address};
use crate::provider::{EMAIL, EMAIL_VERIFIED, Mapping, user_name_claim};

/// Puts the listed attributes into the answer; what the provider did not say is left out.
pub(super) fn keep(mapping: &Mapping, claims: &Claims, answer: &mut Answer) -> Result<(), Refusal> {
    for (name, providers_name) in &mapping.attributes {
        let value = if name == EMAIL_VERIFIED {
            verification(mapping, claims, answer)
        } else {
            claims.text(providers_name)
        };
        if let Some(value) = value {
            answer.set(name, value);
        }
    }
    let claim = user_name_claim(&mapping.provider_type);
    let user_name = answer.attributes.get(claim);
    // SAML has it beside the attributes, where this trigger does not see it.
    let is_there = mapping.provider_type == ProviderType::Saml
        || user_name.is_some_and(|user_name| !user_name.is_empty());
    if is_there {
        Ok(())
    } else {
        Err(Refusal::UserNameMissing)
    }
}

/// Said of every address: Cognito keeps what it has of an attribute that is not there, and the word would pass to the next address.
///
/// And not said without the address, which may be too long: the word would be said of the one that Cognito has. In the alphabet the address
/// comes first.
fn verification(mapping: &Mapping, claims: &Claims, answer: &Answer) -> Option<String> {
    let email = address::email(mapping, claims)?;
    answer.attributes.get(EMAIL)?;
    Some(address::is_verified(mapping, claims, &email).to_string())
}
