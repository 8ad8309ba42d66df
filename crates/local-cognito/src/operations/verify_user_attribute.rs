use serde::Deserialize;
use serde_json::{Value, json};

use crate::access_token::{self, Bearer};
use crate::attributes;
use crate::error::Error;
use crate::stand_in::StandIn;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    access_token: String,
    attribute_name: String,
    code: String,
}

/// Calls no trigger.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifyUserAttribute.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let Bearer { pool, user, .. } = access_token::check(stand_in, &input.access_token)?;
    let now = stand_in.clock.now();
    attributes::verify(&pool, &user.sub, &input.attribute_name, &input.code, now)?;
    Ok(json!({}))
}
