use serde::Deserialize;
use serde_json::Value;

use super::shapes;
use crate::error::Error;
use crate::stand_in::StandIn;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    username: String,
    limit: Option<usize>,
    pagination_token: Option<String>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListDevices.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let user = pool.find_for_administrator(&input.username)?;
    let devices = pool.state().devices.of(&user.username);
    shapes::devices(devices, input.pagination_token.as_deref(), input.limit)
}
