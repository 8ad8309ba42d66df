use serde::Deserialize;
use serde_json::{Value, json};

use super::shapes;
use crate::access_token::{self, Bearer};
use crate::error::Error;
use crate::stand_in::StandIn;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    access_token: String,
    device_key: String,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetDevice.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let Bearer { pool, user, .. } = access_token::check(stand_in, &input.access_token)?;
    let state = pool.state();
    let device = state.devices.find(&user.username, &input.device_key)?;
    Ok(json!({ "Device": shapes::device(device) }))
}
