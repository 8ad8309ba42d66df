use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::access_token::{self, Bearer};
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::user_pool::{Status, User, UserPool};
use crate::{passwords, recovery, srp};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    access_token: String,
    previous_password: Option<SecretString>,
    proposed_password: SecretString,
}

/// Tokens that were issued before stay good.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ChangePassword.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let Bearer { pool, user, .. } = access_token::check(stand_in, &input.access_token)?;
    passwords::check(
        &pool.config.password_policy,
        &input.proposed_password,
        passwords::By::User,
    )?;
    match user.status {
        Status::Confirmed => {}
        Status::Unconfirmed => return Err(Error::UserNotConfirmed),
        Status::ResetRequired => return Err(Error::PasswordResetRequired),
        Status::ForceChangePassword | Status::ExternalProvider => {
            return Err(recovery::Unrecoverable::NoPasswordOfTheirOwn.into()); // ours: AWS's text is not known
        }
    }
    let now = stand_in.clock.now();
    check_previous(&pool, &user, input.previous_password.as_ref(), now)?;
    let verifier = srp::verifier(pool.short_name(), &user.username, &input.proposed_password);
    let mut state = pool.state();
    let found = state.users.find(&pool.config, &user.sub);
    // Another may have set a password, or an administrator may have had a say, while this one was compared.
    let unchanged = found.is_some_and(|found| {
        found.salt() == user.salt() && found.status == user.status && found.enabled
    });
    if !unchanged {
        return Err(Error::wrong_credentials());
    }
    state
        .users
        .change(&pool.config, &user.username, now, |user| {
            user.password = Some(verifier)
        });
    Ok(json!({}))
}

/// A user who has a password must know it. Wrong ones count like those of a sign-in.
fn check_previous(
    pool: &UserPool,
    user: &User,
    previous: Option<&SecretString>,
    now: i64,
) -> Result<(), Error> {
    let Some(verifier) = &user.password else {
        return Ok(()); // D: passwordless users have none to show
    };
    let Some(previous) = previous else {
        return Err(Error::invalid(
            "Missing required parameter PreviousPassword",
        )); // ours: AWS's text is not known
    };
    let locked = |_| Error::LimitExceeded; // W
    let name = &user.username;
    pool.state().attempts.check(name, now).map_err(locked)?;
    let right = verifier.matches(pool.short_name(), name, previous);
    let mut state = pool.state();
    state.attempts.check(name, now).map_err(locked)?;
    state.attempts.judge(name, right, true, now)
}
