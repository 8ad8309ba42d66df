//! Custom message: the text of what Cognito sends.
//!
//! Cognito calls this trigger before it sends a code, a link or a temporary password, and does not say whether by e-mail or text message.
//! It answers both from the templates of the crate `message-templates`, with placeholders. Cognito inserts the code afterwards: it is never
//! in an event.
//!
//! It refuses nothing. A text that Cognito would not take, because somebody's name is too long for it, is made again without the names,
//! and in the end left to the pool's own template. It builds links from configured addresses alone, shows nothing that an app passes
//! along, and shows of a user only what looks like a name.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html>

mod config;
mod rules;

use cognito_events::custom_message::{Event, Response};
use entrypoint::{Decided, Failure};
use message_templates::{Templates, Unfit};

pub use config::Config;

/// Answers one event with the texts that it asks for.
///
/// # Errors
///
/// None: what cannot be said as configured is left to the pool.
pub fn handle(
    event: &Event,
    config: &Config,
    templates: &Templates,
) -> Result<Decided<Response>, Failure> {
    let decision = rules::decide(config, templates, event);
    for Unfit { template, problem } in decision.left_to_the_pool {
        tracing::warn!(%template, %problem, "left a text to the pool");
    }
    Ok(Decided::by(decision.reason, decision.response))
}
