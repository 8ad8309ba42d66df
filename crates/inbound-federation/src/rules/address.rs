use email_address::{Domain, EmailAddress};

use super::Refusal;
use super::claims::Claims;
use crate::provider::{EMAIL, EMAIL_VERIFIED, Mapping};

/// Whether the rules on addresses let this user in. They judge the very address that the answer has.
pub(super) fn allowed(mapping: &Mapping, claims: &Claims) -> Result<(), Refusal> {
    if mapping.domains.is_empty() && !mapping.require_verified_email {
        return Ok(());
    }
    let email = email(mapping, claims)
        .filter(|email| !email.is_empty())
        .ok_or(Refusal::EmailMissing)?;
    let address = EmailAddress::parse(&email).ok_or(Refusal::EmailUnreadable)?;
    let is_covered = |domain: &Domain| domain.covers(address.domain());
    if !mapping.domains.is_empty() && !mapping.domains.iter().any(is_covered) {
        return Err(Refusal::EmailOutsideDomains);
    }
    if mapping.require_verified_email && !is_verified(mapping, claims, &email) {
        return Err(Refusal::EmailUnverified);
    }
    Ok(())
}

/// The address of the answer, as the provider wrote it.
pub(super) fn email(mapping: &Mapping, claims: &Claims) -> Option<String> {
    claims.text(mapping.attributes.get(EMAIL)?)
}

/// Whether the provider says that this address is the user's. The word must stand beside the address: that another address is verified,
/// in the user info for instance, says nothing.
pub(super) fn is_verified(mapping: &Mapping, claims: &Claims, email: &str) -> bool {
    let (Some(address), Some(verified)) = (
        mapping.attributes.get(EMAIL),
        mapping.attributes.get(EMAIL_VERIFIED),
    ) else {
        return false;
    };
    // A boolean, or text, which some providers begin with a capital.
    claims
        .text_about(verified, address, email)
        .is_some_and(|word| word.eq_ignore_ascii_case("true"))
}
