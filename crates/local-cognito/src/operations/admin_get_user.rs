use serde_json::{Value, json};

use super::mfa_settings;
use super::shapes::{self, UserInput};
use crate::error::Error;
use crate::stand_in::StandIn;

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html>
pub(super) fn run(stand_in: &StandIn, input: &UserInput) -> Result<Value, Error> {
    let user = stand_in
        .pool(&input.user_pool_id)?
        .find_for_administrator(&input.username)?;
    Ok(json!({
        "Username": user.username,
        "UserAttributes": shapes::attribute_list(&user),
        "UserCreateDate": user.created,
        "UserLastModifiedDate": user.modified,
        "Enabled": user.enabled,
        "UserStatus": user.status.as_str(),
        "UserMFASettingList": mfa_settings::list(&user),
        "PreferredMfaSetting": mfa_settings::preferred(&user),
    }))
}
