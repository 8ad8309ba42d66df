//! Challenge sender: the codes and links of custom challenges.
//!
//! `create-auth-challenge` calls this function for every challenge that is to be sent, without waiting for it: sending takes longer than a
//! sign-in should, and a time that only users who exist would take. For everybody else it brings no recipient, and nothing happens.
//!
//! It words the message in the user's language, and sends it once, by whichever provider takes it. What fails fails the invocation: Lambda
//! repeats it after one minute and after two more, as long as the code may still be of use, and then leaves it to a queue with an alarm.
//!
//! It reads no user and no challenge, and makes no code. It is no trigger of Cognito's.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html>

mod compose;
mod config;

use delivery::{Delivery, DeliveryError, Outcome, SignInMessage};
use entrypoint::{Decided, Failure};
use message_templates::Templates;
use serde::Serialize;
use time::OffsetDateTime;

pub use config::Config;

/// Nobody reads what is answered.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Response {}

/// Sends one message.
///
/// # Errors
///
/// [`Failure::Refused`] while another invocation sends the same message, which is for Lambda to repeat and for nobody to look at.
/// [`Failure::Internal`] when the message could not be worded or sent.
pub async fn handle(
    message: SignInMessage,
    config: &Config,
    templates: &Templates,
    delivery: &Delivery,
    now: OffsetDateTime,
) -> Result<Decided<Response>, Failure> {
    let Some(composed) = compose::compose(&message, templates, &config.letterhead)? else {
        return Ok(Decided::by("NoRecipient", Response {}));
    };
    let reason = match delivery.send(&message.message_id, &composed, now).await {
        Ok(Outcome::Sent) => "Sent",
        Ok(Outcome::Rejected) => "Rejected",
        Ok(Outcome::SettledBefore) => "SettledBefore",
        Err(again @ DeliveryError::BeingSent) => return Err(Failure::refused(again)),
        Err(error) => return Err(error.into()),
    };
    Ok(Decided::by(reason, Response {}))
}
