//! A code by e-mail.
//!
//! NIST SP 800-63B-4, section 3.1.3.1 does not accept e-mail as an out-of-band channel: a mailbox is often behind nothing but a password,
//! and the mail on its way may be read. This kind is a convenience, and no second factor beside another e-mail.

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
        channel: Some(Channel::Email),
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
