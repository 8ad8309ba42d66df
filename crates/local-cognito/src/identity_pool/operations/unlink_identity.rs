use serde::Deserialize;
use serde_json::Value;

use super::input;
use crate::identity_pool::identities::{Login, NotLinked};
use crate::identity_pool::logins::{self, Logins};
use crate::identity_pool::refused::Refused;
use crate::stand_in::StandIn;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    identity_id: String,
    logins: Logins,
    logins_to_remove: Vec<String>,
}

/// Who shows one login of an identity can take away each of its public ones.
///
/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UnlinkIdentity.html>
pub(super) async fn run(stand_in: &StandIn, input: Input) -> Result<Value, Refused> {
    let pool = input::pool_of_identity(stand_in, &input.identity_id)?;
    let proven = logins::verify(stand_in, &pool.config, &input.logins).await?;
    let developers = pool.config.developer_provider_name.as_ref();
    if input
        .logins_to_remove
        .iter()
        .any(|provider| Some(provider) == developers)
    {
        return Err(Refused::InvalidParameter(
            "Please provide a valid public provider".to_owned(),
        )); // W
    }
    let mut identities = pool.identities();
    let owned = |login: &Login| identities.owner(login) == Some(&input.identity_id);
    if !logins::of(&proven).iter().any(owned) {
        return Err(Refused::LoginsDoNotMatch);
    }
    let linked = identities.get(&input.identity_id);
    let linked = linked.map(|identity| identity.logins.clone());
    let linked = linked.unwrap_or_default();
    let to_remove: Vec<Login> = linked
        .into_iter()
        .filter(|login| input.logins_to_remove.contains(&login.provider))
        .collect();
    if to_remove.len() < input.logins_to_remove.len() {
        return Err(NotLinked::NoSuchLogin.into());
    }
    for login in &to_remove {
        identities.unlink(&input.identity_id, login, stand_in.clock.now())?;
    }
    Ok(Value::Null)
}
