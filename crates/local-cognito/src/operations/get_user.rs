use serde::Deserialize;
use serde_json::{Value, json};

use super::{mfa_settings, shapes};
use crate::access_token::{self, Bearer};
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::user_pool::listed;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    access_token: String,
}

/// Shows what the app client that signed in may read.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUser.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let Bearer {
        client, mut user, ..
    } = access_token::check(stand_in, &input.access_token)?;
    let list = client.read_attributes.as_deref();
    user.attributes.retain(|name, _| listed(list, name));
    // A client without a list reads the user's identities too. Observed: they are in every ID token of a federated user.
    if !list.is_none_or(|list| list.iter().any(|name| name == "identities")) {
        user.identities.clear();
    }
    Ok(json!({
        "Username": user.username,
        "UserAttributes": shapes::attribute_list(&user),
        "UserMFASettingList": mfa_settings::list(&user),
        "PreferredMfaSetting": mfa_settings::preferred(&user),
    }))
}
