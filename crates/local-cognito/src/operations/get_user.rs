use serde::Deserialize;
use serde_json::{Value, json};

use super::shapes;
use crate::access_token;
use crate::error::Error;
use crate::stand_in::StandIn;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    access_token: String,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUser.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let bearer = access_token::check(stand_in, &input.access_token)?;
    Ok(
        json!({ "Username": bearer.user.username, "UserAttributes": shapes::attribute_list(&bearer.user) }),
    )
}
