//! Cognito calls pre token generation before it signs tokens: after each sign-in, at each refresh, and, as V3_0, for each token of a
//! machine client. This function looks up the membership of the user, or of the machine client, in a table, and decides which claims,
//! scopes and groups of it the tokens bear.
//!
//! It reads one item for each event and writes nothing. It never reads what an app or a user can write (`clientMetadata`, user
//! attributes other than `sub`), never sets a claim that Cognito or OpenID Connect gives a meaning to, never grants a scope or group
//! that the configuration does not name, and never changes a token that has no membership. Every trigger source passes the same
//! rules, so a right that leaves the table leaves the tokens at the next refresh.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html>

mod claim_name;
mod config;
mod membership;
mod memberships;
mod rules;

use cognito_events::pre_token_generation::Event;
use entrypoint::{Decided, Failure};

pub use config::Config;
pub use membership::Item;
pub use memberships::Memberships;
pub use rules::Response;

use config::OnTableError;
use membership::Membership;
use memberships::{LookupError, Subject};
use rules::LeftOut;

/// Answers one event: looks up the membership and decides.
///
/// # Errors
///
/// [`Failure::Refused`] when the claims are too large for a token; [`Failure::Internal`] when the membership cannot be read, or the event
/// does not say whose it is, and the configuration does not say to issue tokens without it.
pub async fn handle(
    event: Event,
    config: &Config,
    memberships: &Memberships,
) -> Result<Decided<Response>, Failure> {
    let found = match Subject::of(&event) {
        Some(subject) => memberships.look_up(&subject, client_id(&event)).await,
        None => Err(LookupError::NoSubject),
    };
    decide(&event, found, config)
}

/// Answers one event by the table's item, for who has it already: [`handle`] without the look-up.
///
/// # Errors
///
/// Those of [`handle`]; an item that is malformed counts as one that cannot be read.
pub fn handle_item(
    event: &Event,
    item: Item,
    config: &Config,
) -> Result<Decided<Response>, Failure> {
    let found = match Subject::of(event) {
        Some(_) => Membership::from_item(item, client_id(event))
            .map(Some)
            .map_err(LookupError::from),
        None => Err(LookupError::NoSubject),
    };
    decide(event, found, config)
}

fn client_id(event: &Event) -> Option<&str> {
    event.caller_context.client_id.as_deref()
}

fn decide(
    event: &Event,
    found: Result<Option<Membership>, LookupError>,
    config: &Config,
) -> Result<Decided<Response>, Failure> {
    let membership = match found {
        Ok(Some(membership)) => membership,
        Ok(None) => return Ok(Decided::by("NoMembership", Response::unchanged(event))),
        Err(error) => match config.on_table_error {
            OnTableError::Refuse => return Err(error.into()),
            OnTableError::IssueWithout => {
                log_lookup_error(event, &error);
                let response = rules::decide_without_table(event, config);
                return Ok(Decided::by("WithoutTable", response));
            }
        },
    };
    let decision = rules::decide(event, membership, config).map_err(Failure::refused)?;
    log_left_out(event, &decision.left_out);
    Ok(Decided::by("Membership", decision.response))
}

fn log_lookup_error(event: &Event, error: &LookupError) {
    let subject = Subject::of(event);
    tracing::warn!(
        subject = subject.as_ref().map(Subject::as_str),
        cause = entrypoint::with_causes(error),
        "issuing tokens without the membership"
    );
}

/// A row can name thousands of claims, a log should not.
const MAX_LEFT_OUT_LINES: usize = 16;

/// Names the claims that someone has to correct in the table; never their values.
fn log_left_out(event: &Event, left_out: &[LeftOut]) {
    let subject = Subject::of(event);
    let subject = subject.as_ref().map(Subject::as_str);
    for LeftOut { claim, reason } in left_out.iter().take(MAX_LEFT_OUT_LINES) {
        tracing::warn!(subject, claim, ?reason, "left a claim out of the tokens");
    }
    if left_out.len() > MAX_LEFT_OUT_LINES {
        let claims = left_out.len() - MAX_LEFT_OUT_LINES;
        tracing::warn!(subject, claims, "left more claims out of the tokens");
    }
}
