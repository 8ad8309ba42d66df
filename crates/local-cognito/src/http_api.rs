//! The HTTP APIs of API Gateway: from a request to a function and back, in payload format 2.0.
//!
//! Each is served under `/_api/<logical id>`, in place of `https://<id>.execute-api.<region>.amazonaws.com`. What the API does itself is done
//! here: it finds the route, verifies the token or the signature, answers browsers' questions about origins, and ends what takes too long.
//!
//! Source: API Gateway Developer Guide, "HTTP APIs". Its texts are from there and from recorded answers; where nobody has written them down,
//! `[U]` says so.

mod cors;
mod event;
mod iam;
mod jwt;
mod response;
mod route;

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::json;

use self::event::Arrived;
use crate::functions::Invocation;
use crate::ids;
use crate::stand_in::StandIn;
use crate::template::{Authorization, HttpApi};

/// Where the APIs are.
pub(crate) const PREFIX: &str = "/_api/";

/// The largest request. Source: API Gateway, quotas of HTTP APIs: 10 MB.
const MAX_REQUEST_BYTES: usize = 10 * 1024 * 1024;

/// The largest event, and the largest answer. Source: Lambda quotas: 6 MB.
const MAX_EVENT_BYTES: usize = 6 * 1024 * 1024;

pub(crate) fn routes() -> Router<Arc<StandIn>> {
    Router::new().route("/_api/{*api}", any(serve))
}

async fn serve(State(stand_in): State<Arc<StandIn>>, request: Request) -> Response {
    let path = request.uri().path();
    let path = path.strip_prefix(PREFIX).unwrap_or_default();
    let (name, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
    let mut apis = stand_in.stack.http_apis.iter();
    let Some(api) = apis.find(|api| api.logical_id == name || api.id == name) else {
        // No such host in AWS.
        return (StatusCode::NOT_FOUND, "no HTTP API has this id\n").into_response();
    };
    let path = if rest.is_empty() { "/" } else { rest };
    let path = path.to_owned();
    let request_id = ids::opaque(12);
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = match cors::preflight(api, &request) {
        Some(preflight) => preflight,
        None => {
            let answer = answer(&stand_in, api, &path, request, &request_id).await;
            let mut response = answer.unwrap_or_else(Refused::into_response);
            cors::apply(api, origin.as_ref(), &mut response);
            response
        }
    };
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert("apigw-requestid", id);
    }
    response
}

async fn answer(
    stand_in: &StandIn,
    api: &HttpApi,
    path: &str,
    request: Request,
    request_id: &str,
) -> Result<Response, Refused> {
    let found = route::find(api, request.method().as_str(), path).ok_or(Refused::NotFound)?;
    let route = found.route;
    let arrived = Arrived {
        api,
        found,
        path,
        request_id,
    };
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_REQUEST_BYTES).await;
    let body = body.map_err(|_| Refused::TooLarge)?;
    let authorizer = match &route.authorization {
        Authorization::None => None,
        Authorization::Jwt(name) => {
            let authorizer = api.auth.authorizers.get(name).ok_or(Refused::Integration)?;
            Some(jwt::authorize(stand_in, authorizer, route, &parts.headers)?)
        }
        Authorization::Iam => Some(iam::authorize(stand_in, api, path, &parts, &body)?),
    };
    let event = event::build(stand_in, &arrived, &parts, &body, authorizer);
    let event = event.to_string();
    if event.len() > MAX_EVENT_BYTES {
        return Err(Refused::TooLarge);
    }
    let invoked = stand_in.functions.invoke(&route.function, event.into());
    match tokio::time::timeout(route.timeout, invoked).await {
        Err(_) => Err(Refused::TimedOut),
        Ok(Ok(Invocation::Answered(answer))) if answer.len() <= MAX_EVENT_BYTES => {
            response::read(&answer).ok_or(Refused::Integration)
        }
        Ok(_) => Err(Refused::Integration),
    }
}

/// What the API answers by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Refused {
    NotFound,
    /// With the `WWW-Authenticate` header.
    Unauthorized(String),
    /// The token has none of the route's scopes.
    Forbidden(String),
    /// The request is not signed, or not by anybody who may call the route; which of these is not said.
    NotAllowed,
    TooLarge,
    /// The function failed, or answered with something that is no response.
    Integration,
    TimedOut,
}

impl Refused {
    fn into_response(self) -> Response {
        let (status, message) = match &self {
            Self::NotFound => (StatusCode::NOT_FOUND, "Not Found"),
            Self::Unauthorized(_) => (StatusCode::UNAUTHORIZED, "Unauthorized"),
            Self::Forbidden(_) | Self::NotAllowed => (StatusCode::FORBIDDEN, "Forbidden"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large"),
            Self::Integration => (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
            Self::TimedOut => (StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
        };
        let json = [(header::CONTENT_TYPE, "application/json")];
        let body = json!({ "message": message }).to_string();
        let mut response = (status, json, body).into_response();
        if let Self::Unauthorized(challenge) | Self::Forbidden(challenge) = &self
            && let Ok(challenge) = HeaderValue::from_str(challenge)
        {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
