use serde_json::{Value, json};

use super::get_group;
use super::shapes::UserAndGroupInput;
use crate::error::Error;
use crate::stand_in::StandIn;

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRemoveUserFromGroup.html>
pub(super) fn run(stand_in: &StandIn, input: &UserAndGroupInput) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let user = pool.find_for_administrator(&input.username)?;
    get_group::find(&pool, &input.group_name)?;
    pool.state()
        .users
        .change(&pool.config, &user.username, stand_in.clock.now(), |user| {
            user.groups.remove(&input.group_name);
        });
    Ok(json!({}))
}
