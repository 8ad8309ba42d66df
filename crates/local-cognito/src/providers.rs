//! What sends messages for functions: Simple Email Service, Simple Notification Service, End User Messaging. All of it ends in the outbox.
//!
//! A test can have each of them fail, everywhere or in one region, at `/providers`. A request's region stands in its signature.

mod end_user_messaging;
mod faults;
mod simple_email;
mod simple_notification;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::routing::{get, post};

use crate::access::{Caller, Denied};
use crate::outbox::Sent;
use crate::stand_in::StandIn;

pub(crate) use self::end_user_messaging::answer as answer_text_message;
pub(crate) use self::faults::{Faults, Service};
pub(crate) use self::simple_notification::answer as answer_notification;

pub(crate) fn routes() -> Router<Arc<StandIn>> {
    Router::new()
        .route("/v2/email/outbound-emails", post(simple_email::send_email))
        .route("/providers", get(faults::show).post(faults::switch))
}

/// A refusal of a provider; each has a form of its own for it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) name: &'static str,
    pub(crate) status: StatusCode,
    pub(crate) message: String,
}

impl Refused {
    fn new(name: &'static str, message: impl Into<String>) -> Self {
        Self {
            name,
            status: StatusCode::BAD_REQUEST,
            message: message.into(),
        }
    }
}

/// Takes a message to the outbox unless the provider is to fail; gives its id.
async fn accept(
    stand_in: &StandIn,
    service: Service,
    request: &Parts,
    body: &[u8],
    message: Result<Sent, Refused>,
    may: impl FnOnce(&Caller, &Sent) -> Result<(), Denied>,
) -> Result<String, Refused> {
    let admitted = stand_in.admit(service.name(), request, body, |caller| match &message {
        Ok(sent) => may(caller, sent),
        // It says itself what is wrong with it.
        Err(_) => Ok(()),
    });
    let caller = admitted.map_err(|refused| Refused {
        status: StatusCode::FORBIDDEN,
        ..Refused::new(service.name_of(&refused), refused.to_string())
    })?;
    stand_in.faults.suffer(service, &caller.region).await?;
    let sent = Sent {
        time: stand_in.clock.now(),
        provider: service.name(),
        region: caller.region,
        ..message?
    };
    let id = sent.message_id.clone();
    stand_in.outbox.take(sent);
    Ok(id)
}

/// Whether a text is a telephone number as E.164 has it.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    let is_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    (2..=15).contains(&digits.len()) && is_digits && !digits.starts_with('0')
}
