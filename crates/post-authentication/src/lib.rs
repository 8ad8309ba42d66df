//! Post authentication: what is remembered of a sign-in.
//!
//! Cognito calls this trigger when credentials and all challenges were accepted, before it makes the tokens. This function notes the time
//! of the sign-in and counts it, makes a security record of a device that is new, makes the profile that is missing (of users whom an
//! administrator created, or who were migrated or linked: for them Cognito does not call post confirmation), gives the groups that
//! post confirmation could not give, notes that a migrated user has come, and carries on the membership that they have brought along, so that
//! the tokens of this very sign-in bear them.
//!
//! It decides nothing about the user, and gives nobody a group that no profile names: who creates a user decides that. Unless
//! `ON_SIGN_IN_ERROR` says otherwise, a sign-in that cannot be noted goes on, and an error is logged.
//!
//! Cognito does not call it at a refresh nor at a first federated sign-in, and says something of devices only in a pool that remembers them.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-authentication.html>

mod config;
mod migrated;

use aws_connection::OnFirstUse;
use cognito_events::post_authentication::{Event, Response, TriggerSource};
use entrypoint::{Decided, Failure, OutOfPatience, within_patience};
use legacy_users::{LegacyUsers, LegacyUsersError};
use profiles::{Groups, NoUser, PendingError, Profiles, ProfilesError, User};
use time::OffsetDateTime;

pub use config::Config;

use config::OnSignInError;
use migrated::Migrated;

/// What this function reaches.
pub struct Outside {
    profiles: Profiles,
    groups: Groups,
    migrated: Option<Migrated>,
}

impl Outside {
    /// The configured tables and the user pool that events come from, through these clients.
    pub fn new(
        dynamodb: aws_sdk_dynamodb::Client,
        user_pools: impl Into<OnFirstUse<aws_sdk_cognitoidentityprovider::Client>>,
        config: &Config,
    ) -> Self {
        let migrated = config.migration.as_ref().map(|tables| {
            let legacy_users = LegacyUsers::new(dynamodb.clone(), &tables.legacy_users);
            Migrated::new(legacy_users, &tables.memberships)
        });
        Self {
            profiles: Profiles::new(dynamodb, &config.profiles_table),
            groups: Groups::new(user_pools),
            migrated,
        }
    }
}

/// Answers one event.
///
/// # Errors
///
/// [`Failure::Internal`] when the sign-in could not be noted, if `ON_SIGN_IN_ERROR` is `refuse`.
pub async fn handle(
    event: Event,
    config: &Config,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<Decided<Response>, Failure> {
    if let TriggerSource::Unknown(_) = event.trigger_source {
        return Ok(Decided::by("UnknownSource", Response::default()));
    }
    let attributes = &event.request.user_attributes;
    let user = User::of(&event, attributes, &config.profile_attributes);
    let noted = match &user {
        Ok(user) => {
            let (noted, arrived) = tokio::join!(
                within_patience(note(user, event.request.new_device_used, outside, now)),
                within_patience(arrive(&event, user, outside, now)),
            );
            noted.and(arrived)
        }
        Err(nobody) => Err(NotNoted::Nobody(*nobody)),
    };
    match (noted, config.on_sign_in_error) {
        (Ok(()), _) => Ok(Decided::by("Noted", Response::default())),
        (Err(not_noted), OnSignInError::Refuse) => Err(not_noted.into()),
        (Err(not_noted), OnSignInError::Answer) => {
            tracing::error!(
                sub = user.as_ref().map(User::sub).ok(),
                cause = entrypoint::with_causes(&not_noted),
                "answering although the sign-in is not noted"
            );
            Ok(Decided::by("NotNoted", Response::default()))
        }
    }
}

/// The sign-in, and then the groups that wait in the profile.
async fn note(
    user: &User,
    new_device: bool,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<(), NotNoted> {
    let Outside {
        profiles, groups, ..
    } = outside;
    let pending = profiles.note_sign_in(user, new_device, now).await?;
    for group in profiles.give_pending(groups, user, pending).await? {
        tracing::warn!(sub = user.sub(), group, "the user pool has no such group");
    }
    Ok(())
}

/// What is to be done for a user of an older system.
async fn arrive(
    event: &Event,
    user: &User,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<(), NotNoted> {
    if let Some(migrated) = &outside.migrated {
        migrated.arrive(event, user.sub(), now).await?;
    }
    Ok(())
}

/// Why a sign-in is not noted, or groups or a membership wait on.
#[derive(Debug, thiserror::Error)]
enum NotNoted {
    #[error(transparent)]
    Nobody(NoUser),
    #[error(transparent)]
    Profiles(#[from] ProfilesError),
    #[error(transparent)]
    Pending(#[from] PendingError),
    #[error(transparent)]
    Migrated(#[from] LegacyUsersError),
    #[error(transparent)]
    OutOfPatience(#[from] OutOfPatience),
}
