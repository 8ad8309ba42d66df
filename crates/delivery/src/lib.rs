//! Sends one message, once, through the first provider that takes it.
//!
//! E-mails leave by SES, in one region after another; text messages by SNS, by AWS End User Messaging, or by one after the other. A provider
//! that is throttled, paused, down or silent is passed over; what is wrong with the recipient ends the attempt, since no other provider
//! would make it right.
//!
//! Lambda may bring the same message several times, at once or minutes apart. The table of deliveries lets one through: it is taken before
//! the provider is called, and marked as sent afterwards. What remains is said at [`Delivery::send`].
//!
//! It composes no text and knows no trigger. What it logs names providers and their error codes, never a recipient or a text.

mod sign_in_message;

pub use sign_in_message::{Kind, SignInMessage};
