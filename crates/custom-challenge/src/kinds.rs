//! One file for each kind, with the same three functions: what is offered, what the message brings, whether an answer is right.

mod code;

pub(crate) mod email_code;
pub(crate) mod magic_link;
pub(crate) mod recovery_code;
pub(crate) mod sms_code;
pub(crate) mod totp;
