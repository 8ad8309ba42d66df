use serde_json::{Value, json};

use super::shapes::UserInput;
use crate::error::Error;
use crate::stand_in::StandIn;

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUser.html>
pub(super) fn run(stand_in: &StandIn, input: &UserInput) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let user = pool.find_for_administrator(&input.username)?;
    let mut state = pool.state();
    state.codes.forget(&user.username);
    state.grants.forget(&user.username);
    state.users.remove(&pool.config, &user.username);
    Ok(json!({}))
}
