//! A code of an authenticator app (RFC 6238), which the user has enrolled. Nothing is sent.

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

/// Each code is good once, whatever challenge it answers; the table of authenticators sees to that.
pub(crate) async fn verify(attempt: &Attempt<'_>) -> Result<bool, Unverified> {
    let (owner, answer) = (&attempt.owner, attempt.secret_answer);
    match attempt.authenticators {
        Some(authenticators) => {
            let verified = authenticators.verify_totp(owner, answer, attempt.id, attempt.now);
            verified.await
        }
        None => Ok(false),
    }
}
