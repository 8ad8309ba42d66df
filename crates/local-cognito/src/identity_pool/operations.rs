//! What an identity pool can be asked: which operations there are, who may ask them, and what runs each.

mod developer_identities;
mod get_credentials_for_identity;
mod get_id;
mod get_open_id_token;
mod get_open_id_token_for_developer_identity;
mod identities;
mod identity_pool_roles;
mod identity_pools;
mod input;
mod principal_tag_attribute_maps;
mod tags;
mod unlink_identity;

use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use iam_policy::Context;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::StrDeserializer;
use serde_json::Value;

use self::input::{Named, read};
use super::refused::Refused;
use crate::access::Caller;
use crate::error::refusal;
use crate::operations::without_nulls;
use crate::providers::Service;
use crate::server::json_of;
use crate::signature::{self, Protocol};
use crate::stand_in::StandIn;

/// What a client can ask here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Operation {
    CreateIdentityPool,
    DeleteIdentities,
    DeleteIdentityPool,
    DescribeIdentity,
    DescribeIdentityPool,
    GetCredentialsForIdentity,
    GetId,
    GetIdentityPoolRoles,
    GetOpenIdToken,
    GetOpenIdTokenForDeveloperIdentity,
    GetPrincipalTagAttributeMap,
    ListIdentities,
    ListIdentityPools,
    ListTagsForResource,
    LookupDeveloperIdentity,
    MergeDeveloperIdentities,
    SetIdentityPoolRoles,
    SetPrincipalTagAttributeMap,
    TagResource,
    UnlinkDeveloperIdentity,
    UnlinkIdentity,
    UntagResource,
    UpdateIdentityPool,
}

impl Operation {
    /// The operation of this name, if it is one of these.
    fn named(name: &str) -> Option<Self> {
        let name: StrDeserializer<'_, serde::de::value::Error> = name.into_deserializer();
        Self::deserialize(name).ok()
    }

    /// Whether everybody may ask; a signature is not looked at.
    fn is_public(self) -> bool {
        use Operation::*;
        matches!(
            self,
            GetCredentialsForIdentity | GetId | GetOpenIdToken | UnlinkIdentity
        )
    }

    /// Whether policies can name the pool that it is about. Source: Service Authorization Reference, "Amazon Cognito Identity".
    fn is_about_a_pool(self) -> bool {
        use Operation::*;
        !matches!(
            self,
            CreateIdentityPool
                | DeleteIdentities
                | DescribeIdentity
                | ListIdentityPools
                | SetIdentityPoolRoles
                | SetPrincipalTagAttributeMap
        )
    }
}

/// Answers one call.
pub(crate) async fn answer(
    stand_in: &StandIn,
    operation: &str,
    request: &Parts,
    body: &[u8],
) -> Response {
    let region = &stand_in.stack.region;
    if let Err(fault) = stand_in.faults.suffer(Service::IdentityPools, region).await {
        let mut response = refusal(fault.name, &fault.message);
        *response.status_mut() = fault.status;
        return response;
    }
    let Some(known) = Operation::named(operation) else {
        return Refused::UnknownOperation(operation.to_owned()).into_response();
    };
    let answer = if known.is_public() {
        run_public(stand_in, known, body).await
    } else {
        let caller = match stand_in.caller("cognito-identity", request, body) {
            Ok(Some(caller)) => caller,
            Ok(None) => return signature::Refused::Unsigned.into_response(Protocol::Json),
            Err(refused) => return refused.into_response(Protocol::Json),
        };
        match authorise(stand_in, known, operation, &caller, body) {
            Ok(()) => run(stand_in, known, &caller, body).await,
            Err(refused) => Err(refused),
        }
    };
    match answer.map(without_nulls) {
        // Actions without an output have an empty body.
        Ok(Value::Null) => ().into_response(),
        Ok(answer) => json_of(&answer, "application/x-amz-json-1.1"),
        Err(refused) => refused.into_response(),
    }
}

/// Whether the caller may ask this of the pool.
fn authorise(
    stand_in: &StandIn,
    operation: Operation,
    name: &str,
    caller: &Caller,
    body: &[u8],
) -> Result<(), Refused> {
    let action = format!("cognito-identity:{name}");
    let named: Named = read(body)?;
    let pools = named.pools(stand_in);
    let any_pool = Context::default();
    if operation.is_about_a_pool() {
        for arn in pools {
            stand_in.authorise(caller, &action, &arn, any_pool.clone())?;
        }
        return Ok(());
    }
    if pools.is_empty() {
        stand_in.authorise(caller, &action, "*", any_pool.clone())?;
    }
    // The two that are about identities can be narrowed by their pools.
    for arn in pools {
        let context = any_pool
            .clone()
            .with("cognito-identity:IdentityPoolArn", arn);
        stand_in.authorise(caller, &action, "*", context)?;
    }
    Ok(())
}

async fn run_public(
    stand_in: &StandIn,
    operation: Operation,
    body: &[u8],
) -> Result<Value, Refused> {
    match operation {
        Operation::GetCredentialsForIdentity => {
            get_credentials_for_identity::run(stand_in, read(body)?).await
        }
        Operation::GetId => get_id::run(stand_in, read(body)?).await,
        Operation::GetOpenIdToken => get_open_id_token::run(stand_in, read(body)?).await,
        Operation::UnlinkIdentity => unlink_identity::run(stand_in, read(body)?).await,
        _ => Err(Refused::UnknownOperation(format!("{operation:?}"))),
    }
}

async fn run(
    stand_in: &StandIn,
    operation: Operation,
    caller: &Caller,
    body: &[u8],
) -> Result<Value, Refused> {
    use Operation::*;
    match operation {
        CreateIdentityPool => identity_pools::create(stand_in, read(body)?),
        DeleteIdentities => identities::delete(stand_in, &read(body)?),
        DeleteIdentityPool => identity_pools::delete(stand_in, &read(body)?),
        DescribeIdentity => identities::describe(stand_in, &read(body)?),
        DescribeIdentityPool => identity_pools::describe(stand_in, &read(body)?),
        GetIdentityPoolRoles => identity_pool_roles::get(stand_in, &read(body)?),
        GetOpenIdTokenForDeveloperIdentity => {
            get_open_id_token_for_developer_identity::run(stand_in, read(body)?).await
        }
        GetPrincipalTagAttributeMap => principal_tag_attribute_maps::get(stand_in, &read(body)?),
        ListIdentities => identities::list(stand_in, &read(body)?),
        ListIdentityPools => identity_pools::list(stand_in, &read(body)?),
        ListTagsForResource => tags::list(stand_in, &read(body)?),
        LookupDeveloperIdentity => developer_identities::lookup(stand_in, &read(body)?),
        MergeDeveloperIdentities => developer_identities::merge(stand_in, &read(body)?),
        SetIdentityPoolRoles => identity_pool_roles::set(stand_in, caller, read(body)?),
        SetPrincipalTagAttributeMap => principal_tag_attribute_maps::set(stand_in, read(body)?),
        TagResource => tags::tag(stand_in, read(body)?),
        UnlinkDeveloperIdentity => developer_identities::unlink(stand_in, &read(body)?),
        UntagResource => tags::untag(stand_in, &read(body)?),
        UpdateIdentityPool => identity_pools::update(stand_in, read(body)?),
        GetCredentialsForIdentity | GetId | GetOpenIdToken | UnlinkIdentity => {
            run_public(stand_in, operation, body).await
        }
    }
}
