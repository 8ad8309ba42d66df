use cognito_events::pre_token_generation::{Event, TriggerSource};
use serde_json::{Value, json};
use sign_in_methods::Passed;

use crate::config::Config;

/// The claim that says how the user signed in, and when; on the tokens of that sign-in alone.
pub(super) fn claim(
    event: &Event,
    passed: Option<&Passed>,
    config: &Config,
) -> Option<(String, Value)> {
    if event.trigger_source != TriggerSource::Authentication {
        return None;
    }
    let (rules, passed) = (config.methods.as_ref()?, passed?);
    let value = json!({"methods": passed.methods, "at": passed.at.unix_timestamp()});
    Some((rules.claim.as_str().to_owned(), value))
}
