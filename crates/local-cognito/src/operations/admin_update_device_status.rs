use serde::Deserialize;
use serde_json::{Value, json};

use super::shapes::RememberedStatus;
use crate::error::Error;
use crate::stand_in::StandIn;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    username: String,
    device_key: String,
    device_remembered_status: Option<RememberedStatus>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUpdateDeviceStatus.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let user = pool.find_for_administrator(&input.username)?;
    let now = stand_in.clock.now();
    let mut state = pool.state();
    let devices = &mut state.devices;
    devices.change(&user.username, &input.device_key, |device| {
        if let Some(status) = input.device_remembered_status {
            device.remembered = status == RememberedStatus::Remembered;
            device.modified = now;
        }
    })?;
    Ok(json!({}))
}
