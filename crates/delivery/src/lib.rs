//! Sends one message, once, through the first provider that takes it.
//!
//! E-mails leave by SES, in one region after another; text messages by SNS, by AWS End User Messaging, or by one after the other. A provider
//! that is throttled, paused, down or silent is passed over; what is wrong with the recipient ends the attempt, since no other provider
//! would make it right.
//!
//! Lambda may bring the same message several times, at once or minutes apart. The table of deliveries lets one through: it is taken before
//! a provider is asked, and settled afterwards. What remains possible is said at [`Delivery::send`].
//!
//! It composes no text and knows no trigger. What it logs names providers and their error codes, never a recipient or a text.
//!
//! Sources: <https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html>,
//! <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>,
//! <https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html>

mod deliveries;
mod delivery;
mod end_user_messaging;
mod failure;
mod message;
mod ses;
mod settings;
mod sign_in_message;
mod sns;

pub use deliveries::DeliveriesError;
pub use delivery::{Delivery, DeliveryError, Outcome};
pub use message::{Email, Message, Sms};
pub use settings::{Mailbox, Region, SenderId, Settings, SmsProvider};
pub use sign_in_message::{Kind, SignInMessage};
