use serde::Deserialize;
use serde_json::{Value, json};

use super::shapes;
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::user_pool::Group;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    group_name: String,
    description: Option<String>,
    precedence: Option<i64>,
    role_arn: Option<String>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateGroup.html>
pub(super) fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    if input.group_name.is_empty()
        || input.group_name.len() > 128
        || input.group_name.chars().any(char::is_whitespace)
    {
        return Err(Error::invalid(
            "1 validation error detected: Value at 'groupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
        ));
    }
    let group = Group {
        name: input.group_name,
        description: input.description,
        precedence: input.precedence,
        role_arn: input.role_arn,
        created: stand_in.clock.now(),
    };
    let mut state = pool.state();
    if state.groups.contains_key(&group.name) {
        return Err(Error::GroupExists);
    }
    let answer = json!({ "Group": shapes::group(&pool.config.id, &group) });
    state.groups.insert(group.name.clone(), group);
    Ok(answer)
}
