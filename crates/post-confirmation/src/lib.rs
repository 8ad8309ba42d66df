//! Post confirmation: what is remembered of a user who was confirmed, and which groups they get.
//!
//! Cognito calls this trigger when a user is confirmed (by a code, by an administrator, by pre sign-up, or by a first federated sign-in),
//! and when a user has set a new password after forgetting the old one. It has happened by then, and no answer undoes it: an error is
//! shown to the user, who is confirmed all the same and cannot confirm again.
//!
//! A confirmed user gets a profile, once, and the groups that the table of default groups gives to everyone, to the app client, to the
//! domain of the verified address, and those of the invitation that the account was made with. A new password is noted as a security
//! record and, if the configuration says so, ends the user's sessions. Nothing that an app sends along is read. Others hear of it through
//! the table's stream.
//!
//! What happens when that fails, by what can be repaired:
//!
//! - **The groups, when the pool does not take them**: they wait in the profile, and post authentication gives them at the next sign-in.
//! - **The profile, when its table does not take it**: the groups are given without it, since nothing else would remember them. Post
//!   authentication makes the profile at the next sign-in.
//! - **The groups, when it cannot be read which**: no profile is written. Sending the event to the function again repairs it at any time,
//!   even when post authentication has made the profile meanwhile.
//! - **The end of the sessions**: always shown as an error, because a user who is told nothing believes that it happened. Unlike a
//!   confirmation, a reset can be repeated.
//!
//! For all but the last, `ON_CONFIRMATION_ERROR` says whether the user sees it; an error is logged either way.
//!
//! Cognito does not call this trigger for users whom an administrator creates, or who are migrated or linked.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html>

mod config;
mod default_groups;
mod rules;
mod sessions;

use aws_connection::OnFirstUse;
use cognito_events::post_confirmation::{Event, Response, TriggerSource};
use email_address::EmailAddress;
use entrypoint::{Decided, Failure, within_patience};
use invitations::{Invitations, Redeemer};
use profiles::{Groups, Profiles, User};
use time::OffsetDateTime;

pub use config::Config;

use config::OnConfirmationError;
use default_groups::DefaultGroups;
use rules::Grant;
use sessions::Sessions;

/// What this function reaches.
pub struct Outside {
    profiles: Profiles,
    default_groups: DefaultGroups,
    invitations: Option<Invitations>,
    groups: Groups,
    sessions: Sessions,
}

impl Outside {
    /// The configured tables and the user pool that events come from, through these clients.
    pub fn new(
        dynamodb: aws_sdk_dynamodb::Client,
        user_pools: impl Into<OnFirstUse<aws_sdk_cognitoidentityprovider::Client>>,
        config: &Config,
    ) -> Self {
        let user_pools = user_pools.into();
        let invitations = config.invitations_table.as_deref();
        Self {
            profiles: Profiles::new(dynamodb.clone(), &config.profiles_table),
            default_groups: DefaultGroups::new(dynamodb.clone(), &config.default_groups_table),
            invitations: invitations.map(|table| Invitations::new(dynamodb, table)),
            groups: Groups::new(user_pools.clone()),
            sessions: Sessions::new(user_pools),
        }
    }
}

/// Answers one event.
///
/// # Errors
///
/// [`Failure::Internal`] when the event names no user, or the user's sessions could not be ended; and when anything else could not be done,
/// if `ON_CONFIRMATION_ERROR` is `fail`.
pub async fn handle(
    event: Event,
    config: &Config,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<Decided<Response>, Failure> {
    let attributes = &event.request.user_attributes;
    let user = User::of(&event, attributes, &config.profile_attributes);
    match event.trigger_source {
        TriggerSource::ConfirmSignUp => {
            let user = user?;
            let confirmed = within_patience(confirm(&event, &user, outside, now)).await;
            answer("Confirmed", confirmed, &user, config)
        }
        TriggerSource::ConfirmForgotPassword => {
            let user = user?;
            let (ended, noted) = tokio::join!(
                within_patience(end_sessions(&user, config, outside)),
                within_patience(note_password_reset(&user, outside, now)),
            );
            ended?;
            answer("PasswordReset", noted, &user, config)
        }
        TriggerSource::Unknown(_) => Ok(Decided::by("UnknownSource", Response::default())),
    }
}

/// The profile, and then the groups that wait in it.
async fn confirm(
    event: &Event,
    user: &User,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<(), Failure> {
    let (grants, left_out) = rules::decide(granted(event, outside, now).await?);
    for Grant { rule, .. } in left_out {
        tracing::warn!(
            sub = user.sub(),
            rule,
            "left out a group that none can be named"
        );
    }
    let groups: Vec<_> = grants.iter().map(|grant| grant.group.clone()).collect();
    let missing = match outside.profiles.confirm(user, &groups, now).await {
        Ok(pending) => {
            let given = outside
                .profiles
                .give_pending(&outside.groups, user, pending);
            given.await?
        }
        Err(error) => {
            for group in &groups {
                outside.groups.give(user, group).await?;
            }
            return Err(error.into());
        }
    };
    for group in missing {
        let mut by = grants.iter().filter(|grant| grant.group == group);
        let rule = by.next().map(|grant| &*grant.rule);
        tracing::warn!(
            sub = user.sub(),
            group,
            rule,
            "the user pool has no such group"
        );
    }
    Ok(())
}

/// All that the rules give, by the table of default groups and by the invitation.
async fn granted(
    event: &Event,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<Vec<Grant>, Failure> {
    let rules = rules::keys(event);
    let (by_rules, by_invitation) = tokio::join!(
        outside.default_groups.of_rules(&rules),
        invited(event, outside, now),
    );
    let mut granted = by_rules?;
    granted.extend(by_invitation?);
    Ok(granted)
}

async fn invited(
    event: &Event,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<Vec<Grant>, Failure> {
    let (pool, user_name) = (&event.user_pool_id, event.user_name.as_str());
    let email = event.request.user_attributes.get("email");
    let email = email.and_then(EmailAddress::parse);
    let (Some(invitations), Some(account), Some(redeemer)) = (
        &outside.invitations,
        Redeemer::account(pool, user_name),
        Redeemer::of(pool, email.as_ref(), user_name),
    ) else {
        return Ok(Vec::new());
    };
    let groups = invitations.groups_of(&account, &redeemer, now).await?;
    let grants = groups.into_iter().map(|group| Grant {
        group,
        rule: "invitation".to_owned(),
    });
    Ok(grants.collect())
}

async fn end_sessions(user: &User, config: &Config, outside: &Outside) -> Result<(), Failure> {
    if config.sign_out_on_password_reset {
        outside.sessions.end_all(user).await?;
    }
    Ok(())
}

async fn note_password_reset(
    user: &User,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<(), Failure> {
    Ok(outside.profiles.note_password_reset(user, now).await?)
}

fn answer(
    reason: &'static str,
    done: Result<(), Failure>,
    user: &User,
    config: &Config,
) -> Result<Decided<Response>, Failure> {
    match (done, config.on_confirmation_error) {
        (Ok(()), _) => Ok(Decided::by(reason, Response::default())),
        (Err(Failure::Internal(cause)), OnConfirmationError::Answer) => {
            tracing::error!(
                sub = user.sub(),
                cause = entrypoint::with_causes(&*cause),
                "answering although not everything was done"
            );
            Ok(Decided::by("NotEverythingDone", Response::default()))
        }
        (Err(failure), _) => Err(failure),
    }
}
