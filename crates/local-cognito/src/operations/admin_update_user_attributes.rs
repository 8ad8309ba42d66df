use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::shapes::AttributeList;
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::user_pool::{AttributeRules, Status, check_attributes, fold_names};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    username: String,
    user_attributes: AttributeList,
}

/// A changed address or number is unverified, unless the same call says otherwise; then it is an alias that moves to this user (D).
/// A blank value removes an attribute.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUpdateUserAttributes.html>
pub(super) fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let mut changes: BTreeMap<String, String> = input.user_attributes.into();
    fold_names(&pool.config, &mut changes);
    check_attributes(&pool.config, &changes, &AttributeRules::Administrator)?;
    let now = stand_in.clock.now();
    let mut state = pool.state();
    let mut changed = state
        .users
        .find_for_administrator(&pool.config, &input.username)?
        .clone();
    if changed.status == Status::Unconfirmed && changes.contains_key("preferred_username") {
        let aliases = &pool.config.alias_attributes;
        if aliases.iter().any(|alias| alias == "preferred_username") {
            return Err(Error::invalid(
                "Preferred username cannot be provided for unconfirmed account, since user pool is configured for preferred username alias.",
            )); // W, at sign-up
        }
    }
    changed.change_attributes(changes);
    state.take_names(&pool.config, &changed, true, now)?;
    let username = changed.username.clone();
    state
        .users
        .change(&pool.config, &username, now, |user| *user = changed);
    Ok(json!({}))
}
