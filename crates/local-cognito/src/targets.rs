//! The services that are told by `X-Amz-Target`, and those of the query protocol: whose call it is, whether they may, and what comes of it.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::access::NotAdmitted;
use crate::error::Error;
use crate::ids;
use crate::server::json_of;
use crate::signature::Protocol;
use crate::stand_in::StandIn;
use crate::{identity_pool, operations, providers, sts};

const JSON: &str = "application/x-amz-json-1.1";

/// The largest request that is read: DynamoDB's 16 MB for a batch.
const LARGEST_REQUEST_BYTES: usize = 16 * 1024 * 1024;

/// An AWS call by the JSON protocol, whose `X-Amz-Target` is `<service>.<operation>`, or by the query protocol of one service.
pub(crate) async fn call(State(stand_in): State<Arc<StandIn>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let target = parts.headers.get("x-amz-target");
    let target = target.and_then(|target| target.to_str().ok());
    let target = target.unwrap_or_default().to_owned();
    let Ok(body) = to_bytes(body, LARGEST_REQUEST_BYTES).await else {
        return identified(Error::Serialization("The request is too large").into_response());
    };
    let answer = match target.rsplit_once('.') {
        Some(("AWSCognitoIdentityProviderService", operation)) => {
            user_pools(&stand_in, operation, &parts, &body).await
        }
        Some(("AmazonSSM", operation)) => parameters(&stand_in, operation, &parts, &body),
        Some(("TrentService", operation)) => keys(&stand_in, operation, &parts, &body),
        Some(("PinpointSMSVoiceV2", operation)) => {
            Ok(providers::answer_text_message(&stand_in, operation, &parts, &body).await)
        }
        Some(("DynamoDB_20120810", operation)) => tables(&stand_in, operation, &parts, &body),
        Some(("AWSCognitoIdentityService", operation)) => {
            Ok(identity_pool::answer(&stand_in, operation, &parts, &body).await)
        }
        _ => Ok(by_query(&stand_in, &parts, &body).await.unwrap_or_else(|| {
            let text = format!("local-cognito does not support the target {target:?}");
            Error::UnsupportedOperation(text).into_response()
        })),
    };
    let protocol = match target.split_once('.') {
        Some(("DynamoDB_20120810", _)) => Protocol::DynamoDb,
        _ => Protocol::Json,
    };
    identified(answer.unwrap_or_else(|refused| refused.into_response(protocol)))
}

/// The services of the query protocol, which the form's version and action tell apart.
async fn by_query(stand_in: &StandIn, request: &Parts, body: &[u8]) -> Option<Response> {
    match sts::answer(stand_in, request, body).await {
        Some(answer) => Some(answer),
        None => providers::answer_notification(stand_in, request, body).await,
    }
}

async fn user_pools(
    stand_in: &StandIn,
    operation: &str,
    request: &Parts,
    body: &[u8],
) -> Result<Response, NotAdmitted> {
    // The others are open to anyone who knows a client id or holds a token, and what is signed of them nobody looks at.
    if operations::needs_credentials(operation) {
        stand_in.admit("cognito-idp", request, body, |caller| {
            stand_in.authorise_user_pools(caller, operation, body)
        })?;
    }
    Ok(match operations::answer(stand_in, operation, body).await {
        Ok(answer) => json_of(&answer, JSON),
        Err(error) => error.into_response(),
    })
}

fn parameters(
    stand_in: &StandIn,
    operation: &str,
    request: &Parts,
    body: &[u8],
) -> Result<Response, NotAdmitted> {
    stand_in.admit("ssm", request, body, |caller| {
        stand_in.authorise_parameters(caller, operation, body)
    })?;
    let now = stand_in.clock.now();
    let parameters = &stand_in.parameters;
    Ok(
        match parameters.answer(&stand_in.stack, operation, body, now) {
            Ok(answer) => json_of(&answer, JSON),
            Err(refused) => refused.into_response(),
        },
    )
}

fn keys(
    stand_in: &StandIn,
    operation: &str,
    request: &Parts,
    body: &[u8],
) -> Result<Response, NotAdmitted> {
    stand_in.admit("kms", request, body, |caller| {
        stand_in.authorise_key(caller, operation, body)
    })?;
    let now = stand_in.clock.now();
    Ok(match stand_in.kms.answer(operation, body, now) {
        Ok(answer) => json_of(&answer, JSON),
        Err(refused) => refused.into_response(),
    })
}

fn tables(
    stand_in: &StandIn,
    operation: &str,
    request: &Parts,
    body: &[u8],
) -> Result<Response, NotAdmitted> {
    stand_in.admit("dynamodb", request, body, |caller| {
        stand_in.authorise_tables(caller, operation, body)
    })?;
    let answer = stand_in.tables.answer(operation, body);
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = [(header::CONTENT_TYPE, "application/x-amz-json-1.0")];
    Ok((status, kind, answer.body).into_response())
}

/// Every answer of AWS has a request id.
fn identified(mut response: Response) -> Response {
    if let Ok(id) = HeaderValue::from_str(&ids::uuid()) {
        response.headers_mut().insert("x-amzn-requestid", id);
    }
    response
}
