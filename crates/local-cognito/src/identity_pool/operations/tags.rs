//! Tags of an identity pool.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::identity_pool::refused::Refused;
use crate::stand_in::StandIn;
use crate::template::IdentityPool;

/// The most tags of a resource (D).
const MOST_TAGS: usize = 50;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TagInput {
    resource_arn: String,
    tags: BTreeMap<String, String>,
}

/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_TagResource.html>
pub(super) fn tag(stand_in: &StandIn, input: TagInput) -> Result<Value, Refused> {
    change(stand_in, &input.resource_arn, |pool| {
        pool.tags.extend(input.tags);
        check(&pool.tags)
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UntagInput {
    resource_arn: String,
    tag_keys: Vec<String>,
}

/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UntagResource.html>
pub(super) fn untag(stand_in: &StandIn, input: &UntagInput) -> Result<Value, Refused> {
    change(stand_in, &input.resource_arn, |pool| {
        pool.tags.retain(|key, _| !input.tag_keys.contains(key));
        Ok(())
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListInput {
    resource_arn: String,
}

/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_ListTagsForResource.html>
pub(super) fn list(stand_in: &StandIn, input: &ListInput) -> Result<Value, Refused> {
    let pools = stand_in.identity_pools.all();
    let pool = pools
        .iter()
        .find(|pool| pool.config.arn == input.resource_arn);
    let pool = pool.ok_or_else(|| no_such_resource(&input.resource_arn))?;
    Ok(json!({ "Tags": pool.config.tags }))
}

/// Whether a pool can have these tags.
pub(super) fn check(tags: &BTreeMap<String, String>) -> Result<(), Refused> {
    let fits = |(key, value): (&String, &String)| {
        let fits = (1..=128).contains(&key.chars().count()) && value.chars().count() <= 256;
        fits && !key.to_lowercase().starts_with("aws:")
    };
    if tags.len() <= MOST_TAGS && tags.iter().all(fits) {
        return Ok(());
    }
    Err(Refused::InvalidParameter(
        "Tags: expected at most 50, keys of 1 to 128 and values of at most 256 characters, and no key that begins with aws:".to_owned(),
    )) // ours; the bounds D
}

fn change(
    stand_in: &StandIn,
    arn: &str,
    change: impl FnOnce(&mut IdentityPool) -> Result<(), Refused>,
) -> Result<Value, Refused> {
    let pools = stand_in.identity_pools.all();
    let pool = pools.iter().find(|pool| pool.config.arn == arn);
    let pool = pool.ok_or_else(|| no_such_resource(arn))?;
    let changed = stand_in.identity_pools.change(&pool.config.id, change);
    changed.unwrap_or_else(|| Err(no_such_resource(arn)))?;
    Ok(json!({}))
}

fn no_such_resource(arn: &str) -> Refused {
    Refused::ResourceNotFound(format!("Resource '{arn}' not found.")) // ours
}
