//! Making, changing, listing and deleting user pools.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{describe_user_pool, members, shapes};
use crate::error::Error;
use crate::ids;
use crate::saved::Saved;
use crate::stand_in::StandIn;
use crate::template::{Dates, Members, UserPool};

/// What a pool keeps for life; `UpdateUserPool` has no members for it (D).
const FOR_LIFE: [&str; 4] = [
    "AliasAttributes",
    "Schema",
    "UsernameAttributes",
    "UsernameConfiguration",
];

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html>
pub(super) async fn create(stand_in: &StandIn, mut members: Members) -> Result<Value, Error> {
    let name = members::take_name(&mut members, "PoolName")?;
    let id = format!("{}_{}", stand_in.stack.region, ids::pool_name());
    let now = stand_in.clock.now();
    let mut config = described(stand_in, &id, &name, members)?;
    config.dates = Some(Dates {
        created: now,
        modified: now,
    });
    // The search for the keys' primes takes too long for a thread that others wait for.
    let pool = tokio::task::spawn_blocking(move || Saved::fresh_pool(&config, now))
        .await
        .expect("making keys does not panic");
    stand_in.pools.add(pool);
    let pool = stand_in.pool(&id)?;
    Ok(json!({ "UserPool": describe_user_pool::shown(stand_in, &pool) }))
}

/// What the request does not say goes back to its default, the triggers too (D); tags are no exception here.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html>
pub(super) fn update(stand_in: &StandIn, mut members: Members) -> Result<Value, Error> {
    let id = members::take(&mut members, "UserPoolId")?;
    let pool = stand_in.pool(&id)?;
    if let Some(member) = FOR_LIFE.iter().find(|name| members.contains_key(**name)) {
        return Err(Error::invalid(format!(
            "{member} cannot be changed once the user pool is made"
        ))); // ours
    }
    let name = match members.contains_key("PoolName") {
        true => members::take_name(&mut members, "PoolName")?,
        false => pool.config.name.clone(),
    };
    let changed = described(stand_in, &id, &name, members)?;
    let now = stand_in.clock.now();
    let replace = |config: &mut UserPool| {
        let old = std::mem::replace(config, changed);
        config.logical_id = old.logical_id;
        config.username_attributes = old.username_attributes;
        config.alias_attributes = old.alias_attributes;
        config.case_sensitive = old.case_sensitive;
        config.schema = old.schema;
        config.clients = old.clients;
        config.groups = old.groups;
        config.resource_servers = old.resource_servers;
        config.identity_providers = old.identity_providers;
        config.domains = old.domains;
        config.dates = old.dates.map(|dates| Dates {
            modified: now,
            ..dates
        });
        Ok(())
    };
    stand_in.change_pool(&id, replace)?;
    Ok(json!({}))
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPool.html>
pub(super) fn delete(stand_in: &StandIn, mut members: Members) -> Result<Value, Error> {
    let id = members::take(&mut members, "UserPoolId")?;
    let pool = stand_in.pool(&id)?;
    if pool.config.deletion_protection {
        return Err(Error::invalid(
            "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.",
        )); // W
    }
    if !pool.config.domains.is_empty() {
        return Err(Error::invalid(
            "User pool cannot be deleted. It has a domain configured that should be deleted first.",
        )); // W
    }
    stand_in.pools.remove(&id);
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListInput {
    max_results: usize,
    next_token: Option<String>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPools.html>
pub(super) fn list(stand_in: &StandIn, input: &ListInput) -> Result<Value, Error> {
    let limit = members::max_results(input.max_results, 60)?;
    let pools = stand_in.pools.all();
    let token = input.next_token.as_deref();
    let (pools, next) = shapes::page(pools, |pool| &pool.config.id, token, limit)?;
    let pools = pools.iter().map(|pool| {
        let config = &pool.config;
        json!({
            "Id": config.id,
            "Name": config.name,
            "LambdaConfig": describe_user_pool::lambda_config(stand_in, config),
            "CreationDate": config.dates.map(|dates| dates.created),
            "LastModifiedDate": config.dates.map(|dates| dates.modified),
        })
    });
    Ok(json!({ "UserPools": pools.collect::<Vec<_>>(), "NextToken": next }))
}

/// The pool that the members describe, if this stand-in can play it.
fn described(
    stand_in: &StandIn,
    id: &str,
    name: &str,
    members: Members,
) -> Result<UserPool, Error> {
    check_tier(&members)?;
    let described = stand_in.stack.user_pool(id, name, members);
    described.map_err(Error::InvalidParameter)
}

/// The later events of pre token generation are not for the lowest tier (D).
fn check_tier(members: &Members) -> Result<(), Error> {
    let version = members
        .get("LambdaConfig")
        .and_then(|config| config.pointer("/PreTokenGenerationConfig/LambdaVersion"))
        .and_then(Value::as_str)
        .unwrap_or("V1_0");
    let tier = members.get("UserPoolTier").and_then(Value::as_str);
    if tier == Some("LITE") && ["V2_0", "V3_0"].contains(&version) {
        return Err(Error::FeatureUnavailableInTier(version.to_owned()));
    }
    Ok(())
}
