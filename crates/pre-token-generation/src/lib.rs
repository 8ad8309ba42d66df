//! Pre token generation: what a token says, and the last word on who gets one.
//!
//! Cognito calls this trigger before it signs tokens: after each sign-in, at each refresh, and, as V3_0, for each token of a
//! machine client. This function has the last word on who gets any: it holds blocks, the rules on domains and the asking for a verified
//! address, which pre authentication holds for some of the ways only. Then it looks up the membership of the user, or of the machine
//! client, and decides which claims, scopes, groups and roles of it the tokens bear, and which groups an identity provider adds.
//!
//! It reads one item and the blocks for each event, at once, and writes nothing. After custom challenges it also reads by which methods the
//! user signed in. Of what an app passes along (`clientMetadata`) it reads only which sign-in that was; it grants nothing by what a user can write, never sets a claim that Cognito or OpenID Connect gives a meaning to, and
//! never grants a scope, group or role that the configuration does not name. Every trigger source passes the same rules, so a right
//! that leaves the table, or a user who is blocked, loses it at the next refresh.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html>

mod claim_name;
mod config;
mod membership;
mod memberships;
mod provider_groups;
mod rules;

use admission::{Block, Blocks, BlocksError, OnBlocksError};
use cognito_events::pre_token_generation::{Event, TriggerSource};
use entrypoint::{Decided, Failure, OutOfPatience, within_patience};
use sign_in_methods::{Passed, SignIn, SignInMethods, SignInMethodsError};
use time::OffsetDateTime;

pub use config::Config;
pub use membership::Item;
pub use memberships::Memberships;
pub use rules::Response;

use config::OnMembershipsError;
use membership::Membership;
use memberships::{LookupError, Subject};
use rules::LeftOut;

/// What this function reaches.
pub struct Outside {
    /// The table of `MEMBERSHIPS_TABLE`.
    pub memberships: Memberships,
    /// The table of `BLOCKS_TABLE`, if there is one.
    pub blocks: Option<Blocks>,
    /// The table of `SIGN_IN_METHODS_TABLE`, if there is a claim for what it says.
    pub sign_in_methods: Option<SignInMethods>,
}

impl Outside {
    /// The configured tables, through this client.
    pub fn new(dynamodb: aws_sdk_dynamodb::Client, config: &Config) -> Self {
        let blocks = config.blocks_table.as_ref();
        let methods = config.methods.as_ref();
        Self {
            memberships: Memberships::new(dynamodb.clone(), &config.memberships_table),
            blocks: blocks.map(|table| Blocks::new(dynamodb.clone(), table)),
            sign_in_methods: methods.map(|methods| SignInMethods::new(dynamodb, &methods.table)),
        }
    }
}

/// Answers one event: looks up blocks and membership at once, and decides.
///
/// # Errors
///
/// [`Failure::Refused`] when a rule speaks against tokens, or the claims are too large for one; [`Failure::Internal`] when blocks or
/// membership cannot be read, or the event does not say whose they are, and the configuration does not say to go on without.
pub async fn handle(
    event: Event,
    config: &Config,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<Decided<Response>, Failure> {
    let (blocks, membership, passed) = tokio::join!(
        within_patience(find_blocks(&event, outside, now)),
        within_patience(find_membership(&event, outside)),
        within_patience(find_methods(&event, outside, now)),
    );
    // Without them the tokens prove no more than those of any other sign-in.
    let passed = passed.unwrap_or_else(|error| {
        log_methods_error(&event, &error);
        None
    });
    let blocks = match (blocks, config.on_blocks_error) {
        (Ok(blocks), _) => blocks,
        (Err(error), OnBlocksError::Refuse) => return Err(error.into()),
        (Err(error), OnBlocksError::Allow) => {
            log_blocks_error(&event, &error);
            Vec::new()
        }
    };
    decide(&event, &blocks, membership, passed.as_ref(), config)
}

/// Answers one event by the item of the memberships' table, for who has it already, as if nobody were blocked: [`handle`] without the
/// look-ups.
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
    decide(event, &[], found, None, config)
}

async fn find_blocks(
    event: &Event,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<Vec<Block>, UnknownBlocks> {
    let Some(blocks) = &outside.blocks else {
        return Ok(Vec::new());
    };
    let subjects = rules::subjects(event).ok_or(UnknownBlocks::NoUser)?;
    Ok(blocks.look_up(&subjects, now).await?)
}

/// Why there is no telling whether somebody is blocked.
#[derive(Debug, thiserror::Error)]
enum UnknownBlocks {
    /// Cognito names the user in every event. Without, a blocked one could pass.
    #[error("the event does not say whose blocks to read")]
    NoUser,
    #[error(transparent)]
    Blocks(#[from] BlocksError),
    #[error(transparent)]
    OutOfPatience(#[from] OutOfPatience),
}

async fn find_membership(
    event: &Event,
    outside: &Outside,
) -> Result<Option<Membership>, LookupError> {
    let subject = Subject::of(event).ok_or(LookupError::NoSubject)?;
    let memberships = &outside.memberships;
    memberships.look_up(&subject, client_id(event)).await
}

/// How the user has just signed in. A refresh proves nothing anew.
async fn find_methods(
    event: &Event,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<Option<Passed>, UnknownMethods> {
    let is_sign_in = event.trigger_source == TriggerSource::Authentication;
    let request = &event.request;
    let sign_in = SignIn::of(
        &request.user_attributes,
        client_id(event),
        &request.client_metadata,
    );
    match (&outside.sign_in_methods, sign_in) {
        (Some(methods), Some(sign_in)) if is_sign_in => Ok(methods.recall(&sign_in, now).await?),
        _ => Ok(None),
    }
}

/// Why there is no telling how the user signed in.
#[derive(Debug, thiserror::Error)]
enum UnknownMethods {
    #[error(transparent)]
    Table(#[from] SignInMethodsError),
    #[error(transparent)]
    OutOfPatience(#[from] OutOfPatience),
}

fn client_id(event: &Event) -> Option<&str> {
    event.caller_context.client_id.as_deref()
}

fn decide(
    event: &Event,
    blocks: &[Block],
    membership: Result<Option<Membership>, LookupError>,
    passed: Option<&Passed>,
    config: &Config,
) -> Result<Decided<Response>, Failure> {
    rules::admitted(&config.policy, event, blocks).map_err(Failure::refused)?;
    let (reason, membership) = match membership {
        Ok(Some(membership)) => ("Membership", membership),
        Ok(None) => ("NoMembership", Membership::default()),
        Err(error) => match config.on_memberships_error {
            OnMembershipsError::Refuse => return Err(error.into()),
            OnMembershipsError::IssueWithout => {
                log_lookup_error(event, &error);
                let response = rules::decide_without_membership(event, config);
                return Ok(Decided::by("WithoutMembership", response));
            }
        },
    };
    let decision = rules::decide(event, membership, passed, config).map_err(Failure::refused)?;
    log_left_out(event, &decision.left_out);
    Ok(Decided::by(reason, decision.response))
}

fn log_blocks_error(event: &Event, error: &UnknownBlocks) {
    let subject = Subject::of(event);
    tracing::warn!(
        subject = subject.as_ref().map(Subject::as_str),
        cause = entrypoint::with_causes(error),
        "going on without the blocks"
    );
}

fn log_methods_error(event: &Event, error: &UnknownMethods) {
    let subject = Subject::of(event);
    tracing::warn!(
        subject = subject.as_ref().map(Subject::as_str),
        cause = entrypoint::with_causes(error),
        "issuing tokens that do not name the methods"
    );
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
