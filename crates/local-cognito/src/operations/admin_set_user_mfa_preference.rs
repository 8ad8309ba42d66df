use serde::Deserialize;
use serde_json::{Value, json};

use super::mfa_settings::MfaSettings;
use crate::error::Error;
use crate::stand_in::StandIn;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    username: String,
    #[serde(flatten)]
    settings: MfaSettings,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserMFAPreference.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let user = pool.find_for_administrator(&input.username)?;
    input.settings.apply(&pool, &user, stand_in.clock.now())?;
    Ok(json!({}))
}
