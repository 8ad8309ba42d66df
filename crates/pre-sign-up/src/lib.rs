//! Pre sign-up: who may create an account.
//!
//! Cognito calls this trigger before a user exists: when somebody signs up, when an administrator creates a user, and when a federated
//! identity signs in for the first time. It decides by the domain of the e-mail address, by invitations, which are kept in a table, and by
//! the proof of a CAPTCHA. An error refuses the sign-up.
//!
//! A federated identity whose provider is trusted with its address is linked to the native user who has that address, so that a person has
//! one account however they sign in. Cognito creates a user after this trigger all the same, and would find the name taken. So this sign-in
//! ends with an error, whose text begins with the marker `ACCOUNT_LINKED`: the app finds it in `error_description` and starts the sign-in
//! anew, once, which then succeeds as the native user.
//!
//! It never marks an address as verified on the word of the person who signs up, never links to a user that somebody else could have planted
//! under the address, never stops a user whom an administrator creates or who already exists, and never uses up an invitation for a sign-up
//! that it refuses. Cognito does not call it when an address changes later, nor for an identity that is linked.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html>,
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation-consolidate-users.html>

mod captcha;
mod config;
mod disposable;
mod linking;
mod outside;
mod rules;
mod user_pool;

use cognito_events::pre_sign_up::{Event, Response};
use entrypoint::{Decided, Failure};
use invitations::Redeemer;
use time::OffsetDateTime;

pub use captcha::Captcha;
pub use config::{CaptchaRules, Config, InvitationRules, LinkRules};
pub use outside::Outside;
pub use user_pool::UserPool;

use rules::{Acceptance, Decision, Refusal};

/// Answers one event: looks up what the decision depends on, decides, and notes the invitation's use or links the identity.
///
/// # Errors
///
/// [`Failure::Refused`] when a rule speaks against the sign-up, and when the identity was linked instead; [`Failure::Internal`] when the
/// table, the user pool or the CAPTCHA's provider cannot be used, or the table holds an invitation that cannot be read.
pub async fn handle(
    event: Event,
    config: &Config,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<Decided<Response>, Failure> {
    // Boxed, because the compiler gives up on futures that are nested deeper; each box is one small allocation.
    let facts = Box::pin(outside.look_up(config, &event, now)).await?;
    match rules::decide(config, &event, &facts, now).map_err(Failure::refused)? {
        Decision::Accept(acceptance) => accept(acceptance, &event, outside, now).await,
        Decision::Link(link) => {
            let done = Box::pin(linking::carry_out(link, &event, config, outside, now)).await?;
            Err(Failure::refused(done))
        }
    }
}

async fn accept(
    acceptance: Acceptance,
    event: &Event,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<Decided<Response>, Failure> {
    if let (Some(invitations), Some(redemption)) = (&outside.invitations, acceptance.redemption) {
        let account = Redeemer::account(&event.user_pool_id, event.user_name.as_str());
        // Others may have used the invitation up since it was read.
        if !invitations.redeem(redemption, account, now).await? {
            return Err(Failure::refused(Refusal::InvitationUsedUp));
        }
    }
    Ok(Decided::by(acceptance.reason, acceptance.response))
}
