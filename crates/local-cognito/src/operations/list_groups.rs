use serde::Deserialize;
use serde_json::{Value, json};

use super::shapes;
use crate::error::Error;
use crate::stand_in::StandIn;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    limit: Option<usize>,
    next_token: Option<String>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListGroups.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let groups: Vec<_> = pool.state().groups.values().cloned().collect();
    let limit = shapes::limit(input.limit, 60)?;
    let (groups, next) = shapes::page(
        groups,
        |group| &group.name,
        input.next_token.as_deref(),
        limit,
    )?;
    let groups: Vec<Value> = groups
        .iter()
        .map(|group| shapes::group(&pool.config.id, group))
        .collect();
    Ok(json!({ "Groups": groups, "NextToken": next }))
}
