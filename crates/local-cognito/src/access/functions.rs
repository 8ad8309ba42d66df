//! What the operations of Lambda are about. A function's own policy lets services of AWS call it, which need no role here.
//!
//! Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Lambda".

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Asked;
use crate::signature::Protocol;
use crate::stand_in::StandIn;

/// The most that is read of a call; Lambda itself says of less than that how far it is too large.
const LARGEST_REQUEST_BYTES: usize = 64 * 1024 * 1024;

/// Lets a call of Lambda's API pass if its caller may make it.
pub(crate) async fn admit_to_lambda(
    State(stand_in): State<Arc<StandIn>>,
    Path(name): Path<FunctionName>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_REQUEST_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let action = match (&parts.method, parts.uri.path().ends_with("/invocations")) {
        (_, true) => "lambda:InvokeFunction",
        (&Method::POST, false) => "lambda:AddPermission",
        (&Method::DELETE, false) => "lambda:RemovePermission",
        _ => "lambda:GetPolicy",
    };
    let admitted = stand_in.admit("lambda", &parts, &body, |caller| {
        stand_in.authorise_all(caller, || {
            let arn = stand_in.functions.arn(&name.name);
            vec![Asked::new(action.to_owned(), arn)]
        })
    });
    match admitted {
        Ok(_) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Err(refused) => refused.into_response(Protocol::RestJson),
    }
}

/// The part of the path that names a function.
#[derive(serde::Deserialize)]
pub(crate) struct FunctionName {
    name: String,
}
