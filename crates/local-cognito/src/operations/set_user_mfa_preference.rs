use serde::Deserialize;
use serde_json::{Value, json};

use super::mfa_settings::MfaSettings;
use crate::access_token::{self, Bearer};
use crate::error::Error;
use crate::stand_in::StandIn;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    access_token: String,
    #[serde(flatten)]
    settings: MfaSettings,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserMFAPreference.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let Bearer { pool, user, .. } = access_token::check(stand_in, &input.access_token)?;
    input.settings.apply(&pool, &user, stand_in.clock.now())?;
    Ok(json!({}))
}
