use serde_json::{Value, json};

use super::shapes::UserInput;
use crate::error::Error;
use crate::stand_in::StandIn;

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUser.html>
pub(super) fn run(stand_in: &StandIn, input: &UserInput) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let mut state = pool.state();
    let user = state
        .users
        .find_for_administrator(&pool.config, &input.username)?;
    let username = user.username.clone();
    state.remove(&pool.config, &username);
    Ok(json!({}))
}
