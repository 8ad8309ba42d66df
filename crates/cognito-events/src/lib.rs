//! The wire: a typed view of each user pool trigger's event, and its response.
//!
//! A view holds what a decision may need and tolerates everything else: nulls, absent fields, unknown fields and trigger sources that
//! did not exist when this was written. It is only ever read; what goes back to Cognito is the event as it came, with the fields of a
//! response laid over its `response`. Nothing here prints user data: maps show their keys, names and secrets show nothing.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html>

mod event;
mod redacted;
mod tolerant;

pub mod pre_sign_up;
pub mod pre_token_generation;

pub use event::{CallerContext, Event};
pub use redacted::{Attributes, ClientMetadata, UserName};
