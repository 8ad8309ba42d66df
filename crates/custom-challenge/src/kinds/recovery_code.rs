//! One of the ten recovery codes that the user has noted, each good for once. Nothing is sent.

use crate::attempt::{Attempt, Unverified};
use crate::config::Lifetimes;
use crate::kind::{Content, Offer};

pub(crate) fn offer(lifetimes: &Lifetimes) -> Offer {
    Offer {
        lifetime: lifetimes.code,
        channel: None,
        is_shared: false,
    }
}

pub(crate) fn create() -> Content {
    Content::default()
}

/// The table of authenticators takes the code out of those that are left.
pub(crate) async fn verify(attempt: &Attempt<'_>) -> Result<bool, Unverified> {
    let (owner, answer) = (&attempt.owner, attempt.secret_answer);
    match attempt.authenticators {
        Some(authenticators) => {
            let redeemed = authenticators.redeem_recovery_code(owner, answer, attempt.id);
            redeemed.await
        }
        None => Ok(false),
    }
}
