//! Describing, listing and deleting identities.

use serde::Deserialize;
use serde_json::{Value, json};

use super::input;
use crate::identity_pool::identities::Identity;
use crate::identity_pool::refused::Refused;
use crate::stand_in::StandIn;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeInput {
    identity_id: String,
}

/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DescribeIdentity.html>
pub(super) fn describe(stand_in: &StandIn, input: &DescribeInput) -> Result<Value, Refused> {
    let pool = input::pool_of_identity(stand_in, &input.identity_id)?;
    let identities = pool.identities();
    let identity = identities.get(&input.identity_id);
    let identity = identity.ok_or_else(|| Refused::no_such_identity(&input.identity_id))?;
    Ok(shown(&input.identity_id, identity))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListInput {
    identity_pool_id: String,
    max_results: usize,
    next_token: Option<String>,
    #[serde(default)]
    hide_disabled: bool,
}

/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_ListIdentities.html>
pub(super) fn list(stand_in: &StandIn, input: &ListInput) -> Result<Value, Refused> {
    let pool = input::pool(stand_in, &input.identity_pool_id)?;
    let identities = pool.identities();
    let listed = identities
        .all()
        .filter(|(_, identity)| !input.hide_disabled || identity.merged_into.is_none());
    let token = input.next_token.as_deref();
    let (page, next) = input::page(listed.collect(), |(id, _)| id, input.max_results, token)?;
    let page: Vec<Value> = page
        .into_iter()
        .map(|(id, identity)| shown(id, identity))
        .collect();
    Ok(json!({
        "IdentityPoolId": input.identity_pool_id,
        "Identities": page,
        "NextToken": next,
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteInput {
    identity_ids_to_delete: Vec<String>,
}

/// Identities that are not there are as good as deleted (U).
///
/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DeleteIdentities.html>
pub(super) fn delete(stand_in: &StandIn, input: &DeleteInput) -> Result<Value, Refused> {
    let ids = &input.identity_ids_to_delete;
    if !(1..=60).contains(&ids.len()) {
        return Err(Refused::Validation(
            "Value at 'identityIdsToDelete' failed to satisfy constraint: Member must have length greater than or equal to 1 and less than or equal to 60".to_owned(),
        ));
    }
    for id in ids {
        input::check_id(id, "identityIdsToDelete")?;
    }
    for id in ids {
        if let Some(pool) = stand_in.identity_pools.with_identity(id) {
            pool.identities().remove(id);
        }
    }
    Ok(json!({ "UnprocessedIdentityIds": [] }))
}

fn shown(id: &str, identity: &Identity) -> Value {
    json!({
        "IdentityId": id,
        "Logins": identity.providers(),
        "CreationDate": identity.created,
        "LastModifiedDate": identity.modified,
    })
}
