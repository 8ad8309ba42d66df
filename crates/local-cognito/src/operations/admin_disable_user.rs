use serde_json::{Value, json};

use super::shapes::UserInput;
use crate::access_token;
use crate::error::Error;
use crate::stand_in::StandIn;

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableUser.html>
pub(super) fn run(stand_in: &StandIn, input: &UserInput) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let user = pool.find_for_administrator(&input.username)?;
    let now = stand_in.clock.now();
    access_token::sign_out_everywhere(&pool, &user.username, now); // D: disabling revokes all access tokens
    pool.state()
        .users
        .change(&pool.config, &user.username, now, |user| {
            user.enabled = false
        });
    Ok(json!({}))
}
