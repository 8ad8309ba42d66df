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
    let group = Group {
        name: input.group_name,
        description: input.description,
        precedence: input.precedence,
        role_arn: input.role_arn,
        created: stand_in.clock.now(),
        modified: None,
    };
    check(&group)?;
    let mut state = pool.state();
    if state.groups.contains_key(&group.name) {
        return Err(Error::GroupExists);
    }
    let answer = json!({ "Group": shapes::group(&pool.config.id, &group) });
    state.groups.insert(group.name.clone(), group);
    Ok(answer)
}

/// Whether a group has the form that AWS asks for (D).
pub(super) fn check(group: &Group) -> Result<(), Error> {
    let failed = |member: &str, constraint: &str| {
        Err(Error::invalid(format!(
            "1 validation error detected: Value at '{member}' failed to satisfy constraint: {constraint}"
        )))
    };
    if !(1..=128).contains(&group.name.chars().count()) || group.name.contains(char::is_whitespace)
    {
        return failed(
            "groupName",
            "Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
        );
    }
    let longest = 2_048;
    let description = group.description.as_deref().unwrap_or_default();
    if description.chars().count() > longest {
        return failed(
            "description",
            "Member must have length less than or equal to 2048",
        );
    }
    if group.precedence.is_some_and(|precedence| precedence < 0) {
        return failed(
            "precedence",
            "Member must have value greater than or equal to 0",
        );
    }
    let role = group.role_arn.as_deref();
    if role.is_some_and(|role| !role.starts_with("arn:") || !(20..=longest).contains(&role.len())) {
        return failed(
            "roleArn",
            "Member must satisfy regular expression pattern: arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:([\\w+=/,.@-]*)?:[0-9]+:[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?",
        );
    }
    Ok(())
}
