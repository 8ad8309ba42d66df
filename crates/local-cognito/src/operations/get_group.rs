use serde::Deserialize;
use serde_json::{Value, json};

use super::shapes;
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::user_pool::{Group, UserPool};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    group_name: String,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetGroup.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let group = find(&pool, &input.group_name)?;
    Ok(json!({ "Group": shapes::group(&pool.config.id, &group) }))
}

pub(super) fn find(pool: &UserPool, name: &str) -> Result<Group, Error> {
    pool.state()
        .groups
        .get(name)
        .cloned()
        .ok_or_else(|| Error::ResourceNotFound("Group not found.".to_owned())) // P
}
