use serde_json::{Value, json};

use super::shapes::UserInput;
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::user_pool::Status;

/// Confirms the user without a code; no address is proven by that.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminConfirmSignUp.html>
pub(super) fn run(stand_in: &StandIn, input: &UserInput) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let mut state = pool.state();
    let user = state
        .users
        .find_for_administrator(&pool.config, &input.username)?
        .clone();
    if user.status != Status::Unconfirmed {
        return Err(Error::not_authorized(format!(
            "User cannot be confirmed. Current status is {}",
            user.status.as_str()
        ))); // W
    }
    state.codes.forget(&user.username);
    state
        .users
        .change(&pool.config, &user.username, stand_in.clock.now(), |user| {
            user.status = Status::Confirmed
        });
    Ok(json!({}))
}
