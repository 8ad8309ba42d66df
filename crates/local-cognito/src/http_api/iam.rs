//! The IAM authorizer: whether a request is signed, by somebody who may call the route.
//!
//! The signature is of the path as it is sent, so of the API's own place here too.
//!
//! Source: API Gateway Developer Guide, "Control access to HTTP APIs with IAM authorization"; for the ARN of a route "Control access for
//! invoking an API".

use axum::http::request::Parts;
use iam_policy::Context;
use serde_json::{Value, json};

use super::Refused;
use crate::access::{Caller, CallerKind};
use crate::roles::WebIdentity;
use crate::stand_in::StandIn;
use crate::template::HttpApi;

/// Whose identities API Gateway tells functions about.
const IDENTITY_POOLS: &str = "cognito-identity.amazonaws.com";

/// What the function learns of the caller, as `requestContext.authorizer`.
pub(super) fn authorize(
    stand_in: &StandIn,
    api: &HttpApi,
    path: &str,
    request: &Parts,
    body: &[u8],
) -> Result<Value, Refused> {
    let route = format!("{}/$default/{}{path}", api.id, request.method);
    let route = stand_in.stack.arn("execute-api", &route);
    let caller = stand_in.admit("execute-api", request, body, |caller| {
        stand_in.authorise(caller, "execute-api:Invoke", &route, Context::default())
    });
    let caller = caller.map_err(|_| Refused::NotAllowed)?;
    Ok(json!({ "iam": described(&caller) }))
}

/// Source: API Gateway Developer Guide, "Working with AWS Lambda proxy integrations for HTTP APIs"; `cognitoIdentity` from public fixtures.
fn described(caller: &Caller) -> Value {
    let identity = match &caller.kind {
        CallerKind::Administrator => None,
        CallerKind::Session(session) => session.identity.as_ref(),
    };
    let identity = identity.filter(|identity| identity.provider == IDENTITY_POOLS);
    json!({
        "accessKey": caller.access_key_id,
        "accountId": caller.account,
        "callerId": caller.user_id,
        "cognitoIdentity": identity.map(of_identity_pool),
        "principalOrgId": null,
        "userArn": caller.arn,
        "userId": caller.user_id,
    })
}

fn of_identity_pool(identity: &WebIdentity) -> Value {
    json!({
        "amr": identity.amr,
        "identityId": identity.subject,
        "identityPoolId": identity.audience,
    })
}
