use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::confirm_sign_up::take_alias;
use super::shapes::AttributeList;
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::user_pool::{AttributeRules, check_attributes};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    username: String,
    user_attributes: AttributeList,
}

/// A changed address or number is unverified, unless the same call says otherwise.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUpdateUserAttributes.html>
pub(super) fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let changes: BTreeMap<String, String> = input.user_attributes.into();
    check_attributes(&pool.config, &changes, &AttributeRules::Administrator)?;
    let before = pool.find_for_administrator(&input.username)?;
    let mut after = before.clone();
    for (name, value) in changes {
        let changed = before.attributes.get(&name) != Some(&value);
        if changed && (name == "email" || name == "phone_number") {
            // In the order of names `email_verified` comes after `email`, so the same call can set it again.
            after
                .attributes
                .insert(format!("{name}_verified"), "false".to_owned());
        }
        after.attributes.insert(name, value);
    }
    let now = stand_in.clock.now();
    let mut state = pool.state();
    for attribute in ["email", "phone_number"] {
        let is_name = pool
            .config
            .username_attributes
            .iter()
            .any(|name| name == attribute);
        if is_name || after.verified(attribute) {
            take_alias(&pool.config, &mut state, &after, attribute, !is_name, now)?;
        }
    }
    state
        .users
        .change(&pool.config, &before.username, now, |user| {
            user.attributes = after.attributes
        });
    Ok(json!({}))
}
