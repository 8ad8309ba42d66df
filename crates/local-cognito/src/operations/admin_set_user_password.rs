use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::Error;
use crate::stand_in::StandIn;
use crate::user_pool::Status;
use crate::{passwords, srp};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    username: String,
    password: SecretString,
    permanent: Option<bool>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserPassword.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    passwords::check(
        &pool.config.password_policy,
        &input.password,
        passwords::By::Administrator,
    )?;
    let user = pool.find_for_administrator(&input.username)?;
    let verifier = srp::verifier(pool.short_name(), &user.username, &input.password);
    let now = stand_in.clock.now();
    let permanent = input.permanent.unwrap_or(false);
    let days = i64::from(pool.config.password_policy.temporary_password_validity_days);
    let mut state = pool.state();
    state.attempts.forget(&user.username);
    state
        .users
        .change(&pool.config, &user.username, now, |user| {
            user.password = Some(verifier);
            user.status = if permanent {
                Status::Confirmed
            } else {
                Status::ForceChangePassword
            };
            user.temporary_password_until = (!permanent).then_some(now + days * 24 * 60 * 60);
        });
    Ok(json!({}))
}
