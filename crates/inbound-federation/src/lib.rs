//! Inbound federation: what is kept of what an identity provider says about a user.
//!
//! Cognito calls this trigger at every federated sign-in, after it has verified the provider's answer and before it stores any of it.
//! By the provider's name the function keeps the attributes that are listed, renames some, filters groups, and refuses who is not of
//! the domains that the provider speaks for. An error refuses the sign-in, and nothing is stored.
//!
//! To Cognito an empty answer means that everything is kept, and any other that all the rest is dropped. So the function answers emptily
//! only for a provider without rules, and drops nothing but what a rule leaves out. It never reads the provider's own tokens, which
//! stand in the event too, and logs none of the event.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-inbound-federation.html>

mod config;
mod provider;
mod rules;

use cognito_events::inbound_federation;
use entrypoint::{Decided, Failure};
use serde_json::value::RawValue;

pub use config::Config;

use rules::{Decision, LeftOut};

/// The event, with each of the provider's values as it was written: a number stays the number that it was.
pub type Event = inbound_federation::Event<Box<RawValue>>;

/// The attributes that are to be mapped, as text.
pub type Response = inbound_federation::Response<String>;

/// Answers one event.
///
/// # Errors
///
/// [`Failure::Refused`] when a rule speaks against the sign-in.
pub fn handle(event: &Event, config: &Config) -> Result<Decided<Response>, Failure> {
    let decision = rules::decide(config, event).map_err(Failure::refused)?;
    log_left_out(&decision);
    Ok(Decided::by(decision.reason, decision.response))
}

/// Names what someone has to correct in the configuration or at the provider; never a value. The names are the configuration's own.
fn log_left_out(decision: &Decision) {
    for left_out in &decision.left_out {
        match left_out {
            LeftOut::TooLong { attribute } => {
                tracing::warn!(attribute, "left an attribute out, since it is too long");
            }
            LeftOut::Groups { attribute, groups } => {
                tracing::warn!(attribute, groups, "left groups out");
            }
        }
    }
}
