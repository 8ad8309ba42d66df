//! Custom email sender and custom SMS sender: they send what Cognito would have sent.
//!
//! Where a pool has one, Cognito calls it for every message of its channel, with the code or temporary password encrypted for it, and reads
//! nothing from its answer. It decrypts the code, with the one key and for the one pool that are right; composes the message from the same
//! templates as the custom message trigger; and sends it through the first provider that takes it, once, however often Lambda brings the
//! event.
//!
//! An error makes Lambda bring the event again, and then put it into the queue of dead letters: nobody else would notice, since the caller
//! of Cognito has had its answer by then. A source that is not known, and a user without an address, are logged and never fail: they would
//! be the same the next time.
//!
//! A notification of threat protection brings no attributes of the user, so only one that happens to bring `email` leaves; and its links for
//! feedback are not passed on.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-sender-triggers.html>

mod code;
mod config;
mod encrypted_message;
mod message;
mod rules;
mod sender;
mod temporary_password;

pub use code::{CodeKey, KeyArn};
pub use config::Config;
pub use message::SenderEvent;
pub use sender::{Sender, handle};
