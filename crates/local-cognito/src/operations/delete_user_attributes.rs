use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::access_token::{self, Bearer};
use crate::attributes;
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::user_pool::{AttributeRules, check_attributes};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    access_token: String,
    user_attribute_names: Vec<String>,
}

/// One that the user does not have is no error (V).
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserAttributes.html>
pub(super) fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let Bearer { pool, client, user } = access_token::check(stand_in, &input.access_token)?;
    let changes = removal_of(input.user_attribute_names);
    check_attributes(
        &pool.config,
        &changes,
        &AttributeRules::SignedInUser(&client),
    )?;
    attributes::change(&pool, &user.sub, changes, false, stand_in.clock.now())?;
    Ok(json!({}))
}

/// A blank value removes an attribute.
pub(super) fn removal_of(names: Vec<String>) -> BTreeMap<String, String> {
    names
        .into_iter()
        .map(|name| (name, String::new()))
        .collect()
}
