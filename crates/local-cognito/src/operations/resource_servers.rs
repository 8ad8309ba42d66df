//! Making, changing, showing, listing and deleting resource servers: APIs, whose scopes app clients are granted.

use serde::Deserialize;
use serde_json::{Value, json};

use super::members;
use super::shapes::PageInput;
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::template::{Members, ResourceServer, UserPool};

/// The most resource servers of a pool (D, quotas).
const MOST_SERVERS: usize = 25;

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateResourceServer.html>
pub(super) fn create(stand_in: &StandIn, mut members: Members) -> Result<Value, Error> {
    let pool_id = members::take(&mut members, "UserPoolId")?;
    let server = ResourceServer::described(members).map_err(Error::InvalidParameter)?;
    let answer = json!({ "ResourceServer": shown(&pool_id, &server) });
    stand_in.change_pool(&pool_id, |pool| {
        if find(pool, &server.identifier).is_ok() {
            let (identifier, id) = (&server.identifier, &pool.id);
            return Err(Error::invalid(format!(
                "{identifier} already exists in user pool {id}."
            ))); // P
        }
        if pool.resource_servers.len() >= MOST_SERVERS {
            return Err(Error::LimitExceeded);
        }
        pool.resource_servers.push(server);
        Ok(())
    })?;
    Ok(answer)
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateResourceServer.html>
pub(super) fn update(stand_in: &StandIn, mut members: Members) -> Result<Value, Error> {
    let pool_id = members::take(&mut members, "UserPoolId")?;
    let server = ResourceServer::described(members).map_err(Error::InvalidParameter)?;
    let answer = json!({ "ResourceServer": shown(&pool_id, &server) });
    stand_in.change_pool(&pool_id, |pool| {
        let at = find(pool, &server.identifier)?;
        pool.resource_servers[at] = server;
        Ok(())
    })?;
    Ok(answer)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    identifier: String,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeResourceServer.html>
pub(super) fn describe(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let at = find(&pool.config, &input.identifier)?;
    let server = shown(&pool.config.id, &pool.config.resource_servers[at]);
    Ok(json!({ "ResourceServer": server }))
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteResourceServer.html>
pub(super) fn delete(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    stand_in.pool(&input.user_pool_id)?;
    stand_in.change_pool(&input.user_pool_id, |pool| {
        let at = find(pool, &input.identifier)?;
        pool.resource_servers.remove(at);
        Ok(json!({}))
    })
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListResourceServers.html>
pub(super) fn list(stand_in: &StandIn, input: &PageInput) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let (servers, next) = input.page_of(
        &pool.config.resource_servers,
        |server| &server.identifier,
        50,
    )?;
    let servers = servers.iter().map(|server| shown(&pool.config.id, server));
    Ok(json!({ "ResourceServers": servers.collect::<Vec<_>>(), "NextToken": next }))
}

fn find(pool: &UserPool, identifier: &str) -> Result<usize, Error> {
    let mut servers = pool.resource_servers.iter();
    let found = servers.position(|server| server.identifier == identifier);
    found.ok_or_else(|| {
        Error::ResourceNotFound(format!("Resource server {identifier} does not exist."))
        // ours
    })
}

/// `ResourceServerType`.
fn shown(pool_id: &str, server: &ResourceServer) -> Value {
    let scopes = server
        .scopes
        .iter()
        .map(|(name, description)| json!({ "ScopeName": name, "ScopeDescription": description }));
    json!({
        "UserPoolId": pool_id,
        "Identifier": server.identifier,
        "Name": server.name,
        "Scopes": scopes.collect::<Vec<_>>(),
    })
}
