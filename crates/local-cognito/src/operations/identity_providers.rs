//! Making, changing, showing, listing and deleting the identity providers of a pool.

use serde::Deserialize;
use serde_json::{Value, json};

use super::members;
use super::shapes::PageInput;
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::template::{Dates, IdentityProvider, Members, UserPool};

/// The most identity providers of a pool (D, quotas).
const MOST_PROVIDERS: usize = 300;

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html>
pub(super) fn create(stand_in: &StandIn, mut members: Members) -> Result<Value, Error> {
    let pool_id = members::take(&mut members, "UserPoolId")?;
    let mut provider = IdentityProvider::described(members).map_err(Error::InvalidParameter)?;
    let now = stand_in.clock.now();
    provider.dates = Some(Dates {
        created: now,
        modified: now,
    });
    let answer = json!({ "IdentityProvider": shown(&pool_id, &provider) });
    stand_in.change_pool(&pool_id, |pool| {
        if find(pool, &provider.name).is_ok() {
            return Err(Error::DuplicateProvider);
        }
        if pool.identity_providers.len() >= MOST_PROVIDERS {
            return Err(Error::LimitExceeded);
        }
        pool.identity_providers.push(provider);
        Ok(())
    })?;
    Ok(answer)
}

/// What the request does not say stays, and its name and type do.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateIdentityProvider.html>
pub(super) fn update(stand_in: &StandIn, mut members: Members) -> Result<Value, Error> {
    let pool_id = members::take(&mut members, "UserPoolId")?;
    let name = members::take(&mut members, "ProviderName")?;
    let now = stand_in.clock.now();
    stand_in.change_pool(&pool_id, |pool| {
        let at = find(pool, &name)?;
        let old = &pool.identity_providers[at];
        for (member, old) in [
            ("ProviderName", json!(old.name)),
            ("ProviderType", json!(old.provider_type)),
            ("ProviderDetails", json!(old.details)),
            ("AttributeMapping", json!(old.attribute_mapping)),
            ("IdpIdentifiers", json!(old.identifiers)),
        ] {
            members.entry(member).or_insert(old);
        }
        let changed = IdentityProvider::described(members).map_err(Error::InvalidParameter)?;
        let dates = old.dates.map(|dates| Dates {
            modified: now,
            ..dates
        });
        pool.identity_providers[at] = IdentityProvider { dates, ..changed };
        let provider = shown(&pool_id, &pool.identity_providers[at]);
        Ok(json!({ "IdentityProvider": provider }))
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    provider_name: String,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeIdentityProvider.html>
pub(super) fn describe(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let at = find(&pool.config, &input.provider_name)?;
    let provider = shown(&pool.config.id, &pool.config.identity_providers[at]);
    Ok(json!({ "IdentityProvider": provider }))
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteIdentityProvider.html>
pub(super) fn delete(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    stand_in.change_pool(&input.user_pool_id, |pool| {
        let at = find(pool, &input.provider_name)?;
        pool.identity_providers.remove(at);
        Ok(json!({}))
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct IdentifierInput {
    user_pool_id: String,
    idp_identifier: String,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetIdentityProviderByIdentifier.html>
pub(super) fn by_identifier(stand_in: &StandIn, input: &IdentifierInput) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let mut providers = pool.config.identity_providers.iter();
    let provider = providers
        .find(|provider| provider.identifiers.contains(&input.idp_identifier))
        .ok_or_else(|| not_found(&input.idp_identifier))?;
    Ok(json!({ "IdentityProvider": shown(&pool.config.id, provider) }))
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListIdentityProviders.html>
pub(super) fn list(stand_in: &StandIn, input: &PageInput) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let (providers, next) = input.page_of(
        &pool.config.identity_providers,
        |provider| &provider.name,
        60,
    )?;
    let providers = providers.iter().map(|provider| {
        json!({
            "ProviderName": provider.name,
            "ProviderType": provider.provider_type,
            "CreationDate": provider.dates.map(|dates| dates.created),
            "LastModifiedDate": provider.dates.map(|dates| dates.modified),
        })
    });
    Ok(json!({ "Providers": providers.collect::<Vec<_>>(), "NextToken": next }))
}

fn find(pool: &UserPool, name: &str) -> Result<usize, Error> {
    let mut providers = pool.identity_providers.iter();
    let found = providers.position(|provider| provider.name == name);
    found.ok_or_else(|| not_found(name))
}

fn not_found(name: &str) -> Error {
    Error::ResourceNotFound(format!("Identity provider {name} does not exist.")) // P
}

/// `IdentityProviderType`.
fn shown(pool_id: &str, provider: &IdentityProvider) -> Value {
    json!({
        "UserPoolId": pool_id,
        "ProviderName": provider.name,
        "ProviderType": provider.provider_type,
        "ProviderDetails": provider.details,
        "AttributeMapping": provider.attribute_mapping,
        "IdpIdentifiers": provider.identifiers,
        "CreationDate": provider.dates.map(|dates| dates.created),
        "LastModifiedDate": provider.dates.map(|dates| dates.modified),
    })
}
