use serde::Deserialize;
use serde_json::{Value, json};

use super::get_group;
use crate::error::Error;
use crate::stand_in::StandIn;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    group_name: String,
}

/// Its users leave it, so that a later group of the same name starts empty.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteGroup.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    get_group::find(&pool, &input.group_name)?;
    let mut state = pool.state();
    state.groups.remove(&input.group_name);
    let members: Vec<String> = state
        .users
        .iter()
        .filter(|user| user.groups.contains(&input.group_name))
        .map(|user| user.username.clone())
        .collect();
    for username in members {
        let now = stand_in.clock.now();
        state.users.change(&pool.config, &username, now, |user| {
            user.groups.retain(|name| *name != input.group_name);
        });
    }
    Ok(json!({}))
}
