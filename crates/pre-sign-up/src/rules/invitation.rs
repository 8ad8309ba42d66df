use cognito_events::pre_sign_up::{Event, Response};
use invitations::{Invitation, Redeemer, Redemption};
use time::OffsetDateTime;

use super::{Acceptance, Email, Refusal};
use crate::config::InvitationRules;

/// Under which name an app sends the code: in the validation data, which Cognito gives to this trigger alone, or in the client metadata,
/// which managed login and some SDKs support instead.
const CODE: &str = "inviteCode";

/// The rules on invitations.
pub(super) fn honoured(
    rules: &InvitationRules,
    event: &Event,
    email: &Email,
    invitation: Option<&Invitation>,
    now: OffsetDateTime,
) -> Result<Acceptance, Refusal> {
    brought(rules, event)?;
    if presented(event).is_none() {
        return Ok(Acceptance::by("DomainRules"));
    }
    let invitation = invitation.ok_or(Refusal::InvitationUnknown)?;
    not_expired(invitation, now)?;
    meant_for(invitation, email)?;
    let redeemer = Redeemer::of(
        &event.user_pool_id,
        email.address(),
        event.user_name.as_str(),
    );
    let redeemer = redeemer.ok_or(Refusal::InvitationForSomeoneElse)?;
    not_used_up(invitation, &redeemer)?;

    // Whoever holds a code that was sent to one address reads that address's mail; no other invitation proves that.
    let confirm = rules.confirm && invitation.email.is_some();
    Ok(Acceptance {
        reason: "Invitation",
        response: Response {
            auto_confirm_user: confirm,
            auto_verify_email: confirm,
            auto_verify_phone: false,
        },
        redemption: Some(Redemption {
            code: invitation.code.clone(),
            redeemer,
            max_uses: invitation.max_uses,
        }),
    })
}

/// Whether there is a code where one is needed; nothing has to be looked up for that.
pub(super) fn brought(rules: &InvitationRules, event: &Event) -> Result<(), Refusal> {
    if rules.required && presented(event).is_none() {
        return Err(Refusal::InvitationMissing);
    }
    Ok(())
}

/// The code as it was sent, without blanks around it; a form field that was left empty is none.
pub(super) fn presented(event: &Event) -> Option<&str> {
    [
        &event.request.validation_data,
        &event.request.client_metadata,
    ]
    .into_iter()
    .filter_map(|sent| sent.get(CODE))
    .map(str::trim)
    .find(|code| !code.is_empty())
}

/// DynamoDB deletes expired items some days late, so their time is looked at here.
fn not_expired(invitation: &Invitation, now: OffsetDateTime) -> Result<(), Refusal> {
    match invitation.expires_at {
        Some(expires_at) if expires_at <= now.unix_timestamp() => Err(Refusal::InvitationExpired),
        Some(_) | None => Ok(()),
    }
}

fn meant_for(invitation: &Invitation, email: &Email) -> Result<(), Refusal> {
    let address = email.address();
    let address_fits = match &invitation.email {
        Some(bound) => address == Some(bound),
        None => true,
    };
    let domain_fits = match &invitation.domain {
        Some(bound) => address.is_some_and(|address| bound.covers(address.domain())),
        None => true,
    };
    if address_fits && domain_fits {
        Ok(())
    } else {
        Err(Refusal::InvitationForSomeoneElse)
    }
}

/// Who has used it already may come again: Cognito repeats events, and people their sign-ups.
fn not_used_up(invitation: &Invitation, redeemer: &Redeemer) -> Result<(), Refusal> {
    let uses_left = invitation.redeemed_by.len() < invitation.max_uses;
    if uses_left || invitation.redeemed_by.contains(redeemer) {
        Ok(())
    } else {
        Err(Refusal::InvitationUsedUp)
    }
}

#[cfg(test)]
mod tests;
