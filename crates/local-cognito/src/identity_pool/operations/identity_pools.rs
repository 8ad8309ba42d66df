//! Making, changing, describing, listing and deleting identity pools.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{input, tags};
use crate::identity_pool::IdentityPool;
use crate::identity_pool::refused::Refused;
use crate::ids;
use crate::stand_in::StandIn;
use crate::template::{self, Members};

/// What describes a pool.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateInput {
    identity_pool_name: String,
    #[serde(default)]
    identity_pool_tags: BTreeMap<String, String>,
    #[serde(flatten)]
    members: Members,
}

/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_CreateIdentityPool.html>
pub(super) fn create(stand_in: &StandIn, input: CreateInput) -> Result<Value, Refused> {
    let id = format!("{}:{}", stand_in.stack.region, ids::uuid());
    let config = described(stand_in, &id, input)?;
    let shown = shown(&config);
    stand_in.identity_pools.add(IdentityPool::new(config, None));
    Ok(shown)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateInput {
    identity_pool_id: String,
    #[serde(flatten)]
    described: CreateInput,
}

/// What the request does not say goes back to its default (D). Roles and tag maps are not of the pool's own description, and stay.
///
/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UpdateIdentityPool.html>
pub(super) fn update(stand_in: &StandIn, input: UpdateInput) -> Result<Value, Refused> {
    let id = input.identity_pool_id;
    input::pool(stand_in, &id)?;
    let changed = described(stand_in, &id, input.described)?;
    let replace = |config: &mut template::IdentityPool| {
        let old = &*config;
        if old.developer_provider_name.is_some()
            && old.developer_provider_name != changed.developer_provider_name
        {
            return Err(Refused::InvalidParameter(
                "The developer provider name cannot be changed once it is set".to_owned(), // ours; D that it cannot
            ));
        }
        let changed = template::IdentityPool {
            logical_id: old.logical_id.clone(),
            roles: old.roles.clone(),
            role_mappings: old.role_mappings.clone(),
            principal_tags: old.principal_tags.clone(),
            of_template: old.of_template,
            ..changed
        };
        let shown = shown(&changed);
        *config = changed;
        Ok(shown)
    };
    let changed = stand_in.identity_pools.change(&id, replace);
    changed.unwrap_or_else(|| Err(Refused::no_such_pool(&id)))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PoolInput {
    identity_pool_id: String,
}

/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DescribeIdentityPool.html>
pub(super) fn describe(stand_in: &StandIn, input: &PoolInput) -> Result<Value, Refused> {
    let pool = input::pool(stand_in, &input.identity_pool_id)?;
    Ok(shown(&pool.config))
}

/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DeleteIdentityPool.html>
pub(super) fn delete(stand_in: &StandIn, input: &PoolInput) -> Result<Value, Refused> {
    input::pool(stand_in, &input.identity_pool_id)?;
    stand_in.identity_pools.remove(&input.identity_pool_id);
    Ok(Value::Null)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListInput {
    max_results: usize,
    next_token: Option<String>,
}

/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_ListIdentityPools.html>
pub(super) fn list(stand_in: &StandIn, input: &ListInput) -> Result<Value, Refused> {
    let pools = stand_in.identity_pools.all();
    let token = input.next_token.as_deref();
    let (pools, next) = input::page(pools, |pool| &pool.config.id, input.max_results, token)?;
    let pools = pools.iter().map(
        |pool| json!({"IdentityPoolId": pool.config.id, "IdentityPoolName": pool.config.name}),
    );
    Ok(json!({ "IdentityPools": pools.collect::<Vec<_>>(), "NextToken": next }))
}

fn described(
    stand_in: &StandIn,
    id: &str,
    input: CreateInput,
) -> Result<template::IdentityPool, Refused> {
    tags::check(&input.identity_pool_tags)?;
    let (name, tags) = (input.identity_pool_name, input.identity_pool_tags);
    let described = stand_in.stack.identity_pool(id, name, tags, input.members);
    described.map_err(Refused::InvalidParameter)
}

/// A pool as AWS describes it.
fn shown(config: &template::IdentityPool) -> Value {
    let providers = config.cognito_identity_providers.iter().map(|provider| {
        json!({
            "ProviderName": provider.provider_name,
            "ClientId": provider.client_id,
            "ServerSideTokenCheck": provider.server_side_token_check,
        })
    });
    let providers: Vec<Value> = providers.collect();
    let arns = &config.open_id_connect_provider_arns;
    json!({
        "IdentityPoolId": config.id,
        "IdentityPoolName": config.name,
        "AllowUnauthenticatedIdentities": config.allow_unauthenticated_identities,
        "AllowClassicFlow": config.allow_classic_flow,
        "DeveloperProviderName": config.developer_provider_name,
        "CognitoIdentityProviders": (!providers.is_empty()).then_some(providers),
        "OpenIdConnectProviderARNs": (!arns.is_empty()).then_some(arns),
        "IdentityPoolTags": config.tags,
    })
}
