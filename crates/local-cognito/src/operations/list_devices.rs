use serde::Deserialize;
use serde_json::Value;

use super::shapes;
use crate::access_token::{self, Bearer};
use crate::error::Error;
use crate::stand_in::StandIn;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    access_token: String,
    limit: Option<usize>,
    pagination_token: Option<String>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListDevices.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let Bearer { pool, user, .. } = access_token::check(stand_in, &input.access_token)?;
    let devices = pool.state().devices.of(&user.username);
    shapes::devices(devices, input.pagination_token.as_deref(), input.limit)
}
