use serde::Deserialize;
use serde_json::{Value, json};

use super::delete_user_attributes::removal_of;
use crate::attributes;
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::user_pool::{AttributeRules, check_attributes};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    username: String,
    user_attribute_names: Vec<String>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUserAttributes.html>
pub(super) fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let changes = removal_of(input.user_attribute_names);
    check_attributes(&pool.config, &changes, &AttributeRules::Administrator)?;
    let sub = pool.find_for_administrator(&input.username)?.sub;
    attributes::change(&pool, &sub, changes, true, stand_in.clock.now())?;
    Ok(json!({}))
}
