//! Pre authentication: who may begin to sign in.
//!
//! Cognito calls this trigger when a sign-in begins, before it checks a password: so for wrong passwords too, and, where the app client
//! hides who has an account, for users that do not exist. It decides by the table of blocks, by the rules on domains that pre sign-up has,
//! and by whether an address is verified. An error refuses the sign-in.
//!
//! A refusal before the password is seen by anybody who types a name. Unless the configuration says that accounts are no secret, it
//! therefore depends on nothing but the app client and what was typed, and unknown users are looked up and refused just as known ones are;
//! all that only an account can have is left to pre token generation, which holds every rule once more. That one counts in any case:
//! Cognito does not call this trigger for refreshed tokens, first federated sign-ins and most custom challenges.
//!
//! It never reads `validationData` and `clientMetadata`, in which anybody can write anything, and writes nothing.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html>

mod config;
mod rules;

use admission::{Block, Blocks, BlocksError, OnBlocksError};
use aws_connection::OnFirstUse;
use cognito_events::pre_authentication::{Event, Response};
use entrypoint::{Decided, Failure, OutOfPatience, within_patience};
use time::OffsetDateTime;
use user_groups::{GroupsError, UserGroups};

pub use config::Config;

/// What this function reaches.
#[derive(Debug, Clone)]
pub struct Outside {
    /// The table of `BLOCKS_TABLE`.
    pub blocks: Blocks,
    /// The groups of the users of the pool that sends the events.
    pub groups: UserGroups,
}

impl Outside {
    /// The configured table and the user pool that events come from, through these clients.
    pub fn new(
        dynamodb: aws_sdk_dynamodb::Client,
        user_pools: impl Into<OnFirstUse<aws_sdk_cognitoidentityprovider::Client>>,
        config: &Config,
    ) -> Self {
        Self {
            blocks: Blocks::new(dynamodb, &config.blocks_table),
            groups: UserGroups::new(user_pools),
        }
    }
}

/// Answers one event: looks up the blocks, and the user's groups where a block lets some through, and decides.
///
/// # Errors
///
/// [`Failure::Refused`] when a rule speaks against the sign-in; [`Failure::Internal`] when blocks or groups cannot be read, and the
/// configuration does not say to go on without them.
pub async fn handle(
    event: Event,
    config: &Config,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<Decided<Response>, Failure> {
    let found = within_patience(find(&event, config, outside, now)).await;
    let (found, reason) = match (found, config.on_blocks_error) {
        (Ok(found), _) => (found, "Admitted"),
        (Err(error), OnBlocksError::Refuse) => return Err(error.into()),
        (Err(error), OnBlocksError::Allow) => {
            let cause = entrypoint::with_causes(&error);
            tracing::warn!(cause, "going on without the blocks");
            (Found::default(), "WithoutBlocks")
        }
    };
    rules::decide(config, &event, &found).map_err(Failure::refused)?;
    Ok(Decided::by(reason, Response::default()))
}

/// What was looked up.
#[derive(Debug, Default)]
struct Found {
    blocks: Vec<Block>,
    /// The user's groups; none unless a block lets groups through and the user is known.
    groups: Vec<String>,
}

async fn find(
    event: &Event,
    config: &Config,
    Outside { blocks, groups }: &Outside,
    now: OffsetDateTime,
) -> Result<Found, LookupError> {
    let blocks = blocks.look_up(&rules::subjects(config, event), now).await?;
    let groups = if rules::groups_matter(config, event, &blocks) {
        let listed = groups.of(&event.user_pool_id, event.user_name.as_str());
        listed.await?.ok_or(LookupError::NoUser)?
    } else {
        Vec::new()
    };
    Ok(Found { blocks, groups })
}

/// Why there is no telling whether the user is blocked.
#[derive(Debug, thiserror::Error)]
enum LookupError {
    #[error(transparent)]
    Blocks(#[from] BlocksError),
    #[error(transparent)]
    Groups(#[from] GroupsError),
    /// Cognito says in the event that there is one.
    #[error("failed to list the user's groups: there is no such user")]
    NoUser,
    #[error(transparent)]
    OutOfPatience(#[from] OutOfPatience),
}
