//! Pre sign-up: who may create an account.
//!
//! Cognito calls this trigger before a user exists: when somebody signs up, when an administrator creates a user, and when a federated
//! identity signs in for the first time. It decides by the domain of the e-mail address and by invitations, which are kept in a table.
//! An error refuses the sign-up.
//!
//! It never marks an address as verified on the word of the person who signs up, never stops a user whom an administrator creates or who
//! already exists, and never uses up an invitation for a sign-up that it refuses. Cognito does not call it when an address changes later.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html>

mod config;
mod disposable;
mod rules;

use cognito_events::pre_sign_up::{Event, Response};
use entrypoint::{Decided, Failure};
use invitations::Redeemer;
use time::OffsetDateTime;

pub use config::{Config, InvitationRules};
pub use invitations::Invitations;

/// Answers one event: looks up the invitation that it brings, decides, and notes the invitation's use.
///
/// `invitations` is the table of `config.invitations`, and `None` where invitations are off.
///
/// # Errors
///
/// [`Failure::Refused`] when a rule speaks against the sign-up; [`Failure::Internal`] when the table cannot be used or holds an invitation
/// that cannot be read.
pub async fn handle(
    event: Event,
    config: &Config,
    invitations: Option<&Invitations>,
    now: OffsetDateTime,
) -> Result<Decided<Response>, Failure> {
    let invitation = match (invitations, rules::wanted_code(config, &event)) {
        (Some(invitations), Some(code)) => invitations.find(code).await?,
        _ => None,
    };
    let decision =
        rules::decide(config, &event, invitation.as_ref(), now).map_err(Failure::refused)?;
    if let (Some(invitations), Some(redemption)) = (invitations, decision.redemption) {
        let account = Redeemer::account(&event.user_pool_id, event.user_name.as_str());
        // Others may have used the invitation up since it was read.
        if !invitations.redeem(redemption, account, now).await? {
            return Err(Failure::refused(rules::Refusal::InvitationUsedUp));
        }
    }
    Ok(Decided::by(decision.reason, decision.response))
}
