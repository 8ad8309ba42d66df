use serde::Deserialize;
use serde_json::{Value, json};

use super::input;
use crate::identity_pool::identities::Shown;
use crate::identity_pool::logins::{self, Logins};
use crate::identity_pool::refused::Refused;
use crate::stand_in::StandIn;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    identity_pool_id: String,
    account_id: Option<String>,
    logins: Option<Logins>,
}

/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html>
pub(super) async fn run(stand_in: &StandIn, input: Input) -> Result<Value, Refused> {
    let pool = input::pool(stand_in, &input.identity_pool_id)?;
    if let Some(account) = &input.account_id
        && *account != stand_in.stack.account_id
    {
        return Err(Refused::no_such_pool(&input.identity_pool_id)); // ours
    }
    let logins = input.logins.unwrap_or_default();
    let region = &stand_in.stack.region;
    let now = stand_in.clock.now();
    if logins.is_empty() {
        if !pool.config.allow_unauthenticated_identities {
            return Err(Refused::NoGuests);
        }
        let id = pool.identities().add_guest(region, now);
        return Ok(json!({ "IdentityId": id }));
    }
    let proven = logins::verify(stand_in, &pool.config, &logins).await?;
    let shown = Shown {
        logins: &logins::of(&proven),
        identity_id: None,
        developer_provider: pool.config.developer_provider_name.as_deref(),
    };
    let id = pool.identities().resolve(&shown, region, now)?;
    Ok(json!({ "IdentityId": id }))
}
