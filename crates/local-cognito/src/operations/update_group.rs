use serde::Deserialize;
use serde_json::{Value, json};

use super::{create_group, get_group, shapes};
use crate::error::Error;
use crate::stand_in::StandIn;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    group_name: String,
    description: Option<String>,
    precedence: Option<i64>,
    role_arn: Option<String>,
}

/// What the request does not say stays (unconfirmed).
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateGroup.html>
pub(super) fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let mut group = get_group::find(&pool, &input.group_name)?;
    group.description = input.description.or(group.description);
    group.precedence = input.precedence.or(group.precedence);
    group.role_arn = input.role_arn.or(group.role_arn);
    group.modified = Some(stand_in.clock.now());
    create_group::check(&group)?;
    let answer = json!({ "Group": shapes::group(&pool.config.id, &group) });
    pool.state().groups.insert(group.name.clone(), group);
    Ok(answer)
}
