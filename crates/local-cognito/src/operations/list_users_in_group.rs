use serde::Deserialize;
use serde_json::{Value, json};

use super::{get_group, list_users, shapes};
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::user_pool::User;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    group_name: String,
    limit: Option<usize>,
    next_token: Option<String>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsersInGroup.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    get_group::find(&pool, &input.group_name)?;
    let users: Vec<User> = pool
        .state()
        .users
        .iter()
        .filter(|user| user.groups.contains(&input.group_name))
        .cloned()
        .collect();
    let limit = shapes::limit(input.limit, 60)?;
    let token = input.next_token.as_deref();
    let (users, next) = shapes::page(users, |user| &user.username, token, limit)?;
    let users: Vec<Value> = users
        .iter()
        .map(|user| list_users::shown(user, None))
        .collect();
    Ok(json!({ "Users": users, "NextToken": next }))
}
