//! The wire: a typed view of each user pool trigger's event, and its response.
//!
//! A view holds what a decision may need and tolerates everything else: nulls, absent fields, unknown fields and trigger sources that
//! did not exist when this was written. It is only ever read; what goes back to Cognito is the event as it came, with the fields of a
//! response laid over its `response`. Nothing here prints user data: maps show their keys, names and secrets show nothing.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html>

mod event;
mod names;
mod redacted;
mod sender_request;
mod session;
mod tolerant;

// Sign-up and sign-in.
pub mod post_authentication;
pub mod post_confirmation;
pub mod pre_authentication;
pub mod pre_sign_up;
pub mod pre_token_generation;

// Users from elsewhere.
pub mod inbound_federation;
pub mod user_migration;

// Custom challenges.
pub mod create_auth_challenge;
pub mod define_auth_challenge;
pub mod verify_auth_challenge_response;

// Messages.
pub mod custom_email_sender;
pub mod custom_message;
pub mod custom_sms_sender;

pub use event::{CallerContext, Event};
pub use names::{is_group_name, is_id};
pub use redacted::{Attributes, ClientMetadata, RedactedMap, UserName};
pub use sender_request::{SenderRequest, SenderResponse};
pub use session::{ChallengeName, ChallengeResult};
