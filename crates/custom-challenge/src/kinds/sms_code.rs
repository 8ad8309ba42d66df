//! A code as a text message.
//!
//! NIST SP 800-63B-4, section 3.2.9 restricts the telephone network as a channel: numbers are moved to others' cards, and messages read on
//! their way. It asks for another way to be offered, and for users to be told.

use secrecy::SecretString;

use super::code;
use crate::attempt::Attempt;
use crate::challenge::Challenge;
use crate::config::Lifetimes;
use crate::kind::{Channel, Content, Offer};
use crate::user_secret::UserSecret;

pub(crate) fn offer(lifetimes: &Lifetimes) -> Offer {
    Offer {
        lifetime: lifetimes.code,
        channel: Some(Channel::Sms),
        is_shared: true,
    }
}

pub(crate) fn create(challenge: &Challenge, secret: &UserSecret) -> Content {
    Content {
        code: Some(SecretString::from(code::code(challenge, secret))),
        ..Content::default()
    }
}

pub(crate) fn verify(attempt: &Attempt<'_>) -> bool {
    code::is_code(attempt)
}
