//! Making, changing, listing and deleting app clients.

use std::sync::Arc;

use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::shapes::PageInput;
use super::{describe_user_pool_client, members};
use crate::error::Error;
use crate::ids;
use crate::stand_in::StandIn;
use crate::template::{Dates, Members, UserPool, UserPoolClient};

/// The most app clients of a pool (D, quotas).
const MOST_CLIENTS: usize = 1_000;

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html>
pub(super) fn create(stand_in: &StandIn, mut members: Members) -> Result<Value, Error> {
    let pool_id = members::take(&mut members, "UserPoolId")?;
    let name = members::take_name(&mut members, "ClientName")?;
    let secret = take_secret(&mut members)?;
    let id = ids::client_id();
    let now = stand_in.clock.now();
    let add = |pool: &mut UserPool| {
        if pool.clients.len() >= MOST_CLIENTS {
            return Err(Error::LimitExceeded);
        }
        let mut client = described(pool, &id, &name, secret, members)?;
        client.dates = Some(Dates {
            created: now,
            modified: now,
        });
        let client = Arc::new(client);
        pool.clients.push(Arc::clone(&client));
        Ok(client)
    };
    let client = stand_in.change_pool(&pool_id, add)?;
    Ok(json!({ "UserPoolClient": describe_user_pool_client::shown(&pool_id, &client) }))
}

/// What the request does not say goes back to its default (D); the name and the secret stay.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolClient.html>
pub(super) fn update(stand_in: &StandIn, mut members: Members) -> Result<Value, Error> {
    let pool_id = members::take(&mut members, "UserPoolId")?;
    let id = members::take(&mut members, "ClientId")?;
    let (_, old) = stand_in.client_of(&pool_id, &id)?;
    let name = match members.contains_key("ClientName") {
        true => members::take_name(&mut members, "ClientName")?,
        false => old.name.clone(),
    };
    let secret = old.secret.as_ref();
    let secret = secret.map(|secret| secret.expose_secret().to_owned());
    let now = stand_in.clock.now();
    let change = |pool: &mut UserPool| {
        let mut client = described(pool, &id, &name, secret, members)?;
        let clients = pool.clients.iter_mut();
        let old = clients.into_iter().find(|client| client.id == id);
        let old = old.ok_or_else(|| Error::no_such_client(&id))?;
        client.logical_id.clone_from(&old.logical_id);
        client.dates = old.dates.map(|dates| Dates {
            modified: now,
            ..dates
        });
        *old = Arc::new(client);
        Ok(Arc::clone(old))
    };
    let client = stand_in.change_pool(&pool_id, change)?;
    Ok(json!({ "UserPoolClient": describe_user_pool_client::shown(&pool_id, &client) }))
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolClient.html>
pub(super) fn delete(stand_in: &StandIn, mut members: Members) -> Result<Value, Error> {
    let pool_id = members::take(&mut members, "UserPoolId")?;
    let id = members::take(&mut members, "ClientId")?;
    stand_in.client_of(&pool_id, &id)?;
    stand_in.change_pool(&pool_id, |pool| {
        pool.clients.retain(|client| client.id != id);
        Ok(())
    })?;
    Ok(json!({}))
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPoolClients.html>
pub(super) fn list(stand_in: &StandIn, input: &PageInput) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let (clients, next) = input.page_of(&pool.config.clients, |client| &client.id, 60)?;
    let clients = clients.iter().map(|client| {
        json!({
            "ClientId": client.id,
            "UserPoolId": pool.config.id,
            "ClientName": client.name,
        })
    });
    Ok(json!({ "UserPoolClients": clients.collect::<Vec<_>>(), "NextToken": next }))
}

/// The secret of a new client: one that is made, one that the request brings, or none.
fn take_secret(members: &mut Members) -> Result<Option<String>, Error> {
    let made = match members.remove("GenerateSecret") {
        None => false,
        Some(Value::Bool(made)) => made,
        Some(_) => return Err(Error::Serialization("The request could not be read")),
    };
    if !members.contains_key("ClientSecret") {
        return Ok(made.then(|| ids::client_id() + &ids::client_id()));
    }
    let brought = members::take(members, "ClientSecret")?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'+';
    if made || !(24..=64).contains(&brought.len()) || !brought.bytes().all(allowed) {
        return Err(Error::invalid(
            "ClientSecret: expected 24 to 64 letters, digits, underscores and plus signs, and no GenerateSecret",
        )); // ours; the bounds D
    }
    Ok(Some(brought))
}

fn described(
    pool: &UserPool,
    id: &str,
    name: &str,
    secret: Option<String>,
    members: Members,
) -> Result<UserPoolClient, Error> {
    let client = pool.app_client(id, name, secret, members);
    let client = client.map_err(Error::InvalidParameter)?;
    match pool.unknown_scope(&client.oauth_scopes) {
        Some(scope) => Err(Error::ScopeDoesNotExist(scope.clone())),
        None => Ok(client),
    }
}
