//! Which claims of a provider become principal tags.

use serde::Deserialize;
use serde_json::{Value, json};

use super::input;
use crate::identity_pool::refused::Refused;
use crate::stand_in::StandIn;
use crate::template::{IdentityPool, Members, PrincipalTagMap};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SetInput {
    identity_pool_id: String,
    identity_provider_name: String,
    #[serde(flatten)]
    members: Members,
}

/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_SetPrincipalTagAttributeMap.html>
pub(super) fn set(stand_in: &StandIn, input: SetInput) -> Result<Value, Refused> {
    let pool = input::pool(stand_in, &input.identity_pool_id)?;
    let (id, provider) = (input.identity_pool_id, input.identity_provider_name);
    if !pool.config.takes_tags_from(&provider) {
        return Err(Refused::InvalidParameter(
            "The identity pool has no such identity provider".to_owned(), // ours
        ));
    }
    let map = PrincipalTagMap::described(input.members);
    let map = map.map_err(Refused::InvalidParameter)?;
    let shown = shown(&id, &provider, &map);
    let set = stand_in
        .identity_pools
        .change(&id, |config: &mut IdentityPool| {
            config.principal_tags.insert(provider, map);
            Ok(shown)
        });
    set.unwrap_or_else(|| Err(Refused::no_such_pool(&id)))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetInput {
    identity_pool_id: String,
    identity_provider_name: String,
}

/// What a provider without a map has is not documented; here it is an empty one.
///
/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetPrincipalTagAttributeMap.html>
pub(super) fn get(stand_in: &StandIn, input: &GetInput) -> Result<Value, Refused> {
    let pool = input::pool(stand_in, &input.identity_pool_id)?;
    let (id, provider) = (&input.identity_pool_id, &input.identity_provider_name);
    let map = pool.config.principal_tags.get(provider).cloned();
    Ok(shown(id, provider, &map.unwrap_or_default()))
}

fn shown(id: &str, provider: &str, map: &PrincipalTagMap) -> Value {
    json!({
        "IdentityPoolId": id,
        "IdentityProviderName": provider,
        "UseDefaults": map.use_defaults,
        "PrincipalTags": map.tags,
    })
}
