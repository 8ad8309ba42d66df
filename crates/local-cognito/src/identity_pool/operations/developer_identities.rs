//! What a developer's own administrators ask: whose a user is, whether two are one, and that one is so no more.

use serde::Deserialize;
use serde_json::{Value, json};

use super::input;
use crate::identity_pool::IdentityPool;
use crate::identity_pool::identities::{Login, NotLinked};
use crate::identity_pool::refused::Refused;
use crate::stand_in::StandIn;

/// A page of all, where the request does not say (U).
const DEFAULT_RESULTS: usize = 60;
/// The longest user identifier (D).
const LONGEST_USER: usize = 1_024;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct LookupInput {
    identity_pool_id: String,
    identity_id: Option<String>,
    developer_user_identifier: Option<String>,
    max_results: Option<usize>,
    next_token: Option<String>,
}

/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_LookupDeveloperIdentity.html>
pub(super) fn lookup(stand_in: &StandIn, input: &LookupInput) -> Result<Value, Refused> {
    let pool = input::pool(stand_in, &input.identity_pool_id)?;
    let provider = developer_provider(&pool)?;
    let found = match &input.developer_user_identifier {
        Some(user) => Some(identity_of(&pool, provider, user)?),
        None => None,
    };
    let identity_id = match (&input.identity_id, found) {
        (Some(id), Some(found)) if *id != found => {
            // W: the API reference says that a conflict is told.
            return Err(Refused::ResourceConflict(
                "The identity and the developer user identifier do not belong together",
            ));
        }
        (_, Some(found)) => found,
        (Some(id), None) => id.clone(),
        (None, None) => {
            return Err(Refused::InvalidParameter(
                "Either IdentityId or DeveloperUserIdentifier is needed".to_owned(), // ours
            ));
        }
    };
    input::check_id(&identity_id, "identityId")?;
    let identities = pool.identities();
    let identity = identities.get(&identity_id);
    let identity = identity.ok_or_else(|| Refused::no_such_identity(&identity_id))?;
    let mut users: Vec<String> = identity.subjects_of(provider).map(str::to_owned).collect();
    users.sort();
    let size = input.max_results.unwrap_or(DEFAULT_RESULTS);
    let (users, next) = input::page(users, |user| user, size, input.next_token.as_deref())?;
    Ok(json!({
        "IdentityId": identity_id,
        "DeveloperUserIdentifierList": users,
        "NextToken": next,
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct MergeInput {
    source_user_identifier: String,
    destination_user_identifier: String,
    developer_provider_name: String,
    identity_pool_id: String,
}

/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_MergeDeveloperIdentities.html>
pub(super) fn merge(stand_in: &StandIn, input: &MergeInput) -> Result<Value, Refused> {
    let pool = input::pool(stand_in, &input.identity_pool_id)?;
    let provider = named_provider(&pool, &input.developer_provider_name)?;
    let source = identity_of(&pool, provider, &input.source_user_identifier)?;
    let destination = identity_of(&pool, provider, &input.destination_user_identifier)?;
    let now = stand_in.clock.now();
    pool.identities()
        .merge(&source, &destination, Some(provider), now)?;
    Ok(json!({ "IdentityId": destination }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UnlinkInput {
    identity_id: String,
    identity_pool_id: String,
    developer_provider_name: String,
    developer_user_identifier: String,
}

/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UnlinkDeveloperIdentity.html>
pub(super) fn unlink(stand_in: &StandIn, input: &UnlinkInput) -> Result<Value, Refused> {
    let pool = input::pool(stand_in, &input.identity_pool_id)?;
    input::check_id(&input.identity_id, "identityId")?;
    let provider = named_provider(&pool, &input.developer_provider_name)?;
    if pool.identities().get(&input.identity_id).is_none() {
        return Err(Refused::no_such_identity(&input.identity_id));
    }
    let user = &input.developer_user_identifier;
    if identity_of(&pool, provider, user)? != input.identity_id {
        return Err(Refused::ResourceConflict(
            "The developer user identifier is of another identity",
        )); // ours
    }
    let login = Login::new(provider, user);
    let now = stand_in.clock.now();
    pool.identities().unlink(&input.identity_id, &login, now)?;
    Ok(Value::Null)
}

fn developer_provider(pool: &IdentityPool) -> Result<&str, Refused> {
    let provider = pool.config.developer_provider_name.as_deref();
    provider.ok_or_else(|| {
        Refused::InvalidParameter("The identity pool has no developer provider".to_owned()) // ours
    })
}

fn named_provider<'p>(pool: &'p IdentityPool, name: &str) -> Result<&'p str, Refused> {
    let provider = pool.config.developer_provider_name.as_deref();
    provider
        .filter(|provider| *provider == name)
        .ok_or_else(|| {
            Refused::InvalidParameter(
                "This identity pool does not support the specified developer provider".to_owned(), // W
            )
        })
}

/// The identity of a developer's user.
fn identity_of(pool: &IdentityPool, provider: &str, user: &str) -> Result<String, Refused> {
    input::check_length(user, "developerUserIdentifier", 1, LONGEST_USER)?;
    let identities = pool.identities();
    let owner = identities.owner(&Login::new(provider, user)).cloned();
    owner.ok_or_else(|| NotLinked::NoSuchLogin.into())
}
