//! Tags of a user pool.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::Error;
use crate::stand_in::StandIn;

/// The most tags of a resource (D).
const MOST_TAGS: usize = 50;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TagInput {
    resource_arn: String,
    tags: BTreeMap<String, String>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_TagResource.html>
pub(super) fn tag(stand_in: &StandIn, input: TagInput) -> Result<Value, Error> {
    let id = pool_id(stand_in, &input.resource_arn)?;
    let fits = |(key, value): (&String, &String)| {
        let fits = (1..=128).contains(&key.chars().count()) && value.chars().count() <= 256;
        fits && !key.to_ascii_lowercase().starts_with("aws:")
    };
    if !input.tags.iter().all(fits) {
        return Err(Error::invalid(
            "Tags: expected keys of 1 to 128 and values of at most 256 characters, and no key that begins with aws:",
        )); // ours; the bounds and AWS's prefix D
    }
    stand_in.change_pool(&id, |pool| {
        pool.tags.extend(input.tags);
        if pool.tags.len() > MOST_TAGS {
            return Err(Error::invalid(format!(
                "Tags: expected at most {MOST_TAGS}"
            ))); // ours
        }
        Ok(json!({}))
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UntagInput {
    resource_arn: String,
    tag_keys: Vec<String>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UntagResource.html>
pub(super) fn untag(stand_in: &StandIn, input: &UntagInput) -> Result<Value, Error> {
    let id = pool_id(stand_in, &input.resource_arn)?;
    stand_in.change_pool(&id, |pool| {
        pool.tags.retain(|key, _| !input.tag_keys.contains(key));
        Ok(json!({}))
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListInput {
    resource_arn: String,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListTagsForResource.html>
pub(super) fn list(stand_in: &StandIn, input: &ListInput) -> Result<Value, Error> {
    let id = pool_id(stand_in, &input.resource_arn)?;
    Ok(json!({ "Tags": stand_in.pool(&id)?.config.tags }))
}

/// The id of the pool with this ARN.
fn pool_id(stand_in: &StandIn, arn: &str) -> Result<String, Error> {
    let mut pools = stand_in.pools.all().into_iter();
    let pool = pools.find(|pool| pool.config.arn == arn);
    match pool {
        Some(pool) => Ok(pool.config.id.clone()),
        None => Err(Error::ResourceNotFound(format!(
            "Resource {arn} does not exist."
        ))), // ours
    }
}
