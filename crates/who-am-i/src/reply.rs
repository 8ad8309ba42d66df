//! What is answered: JSON, and problem details (RFC 9457) with codes that stay.

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use aws_lambda_events::encodings::Body;
use aws_lambda_events::http::{HeaderName, HeaderValue};
use entrypoint::UNAVAILABLE;
use serde_json::{Value, json};

/// Why a request has no other answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The token is no access token of a user.
    NotSignedIn,
    /// No identity pool gave the credentials.
    NoIdentity,
    NotFound,
    Unavailable,
}

impl Problem {
    /// What the log calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NotSignedIn => "NotSignedIn",
            Self::NoIdentity => "NoIdentity",
            Self::NotFound => "NotFound",
            Self::Unavailable => "Unavailable",
        }
    }

    pub(crate) fn response(self) -> ApiGatewayV2httpResponse {
        let (status, code, title) = match self {
            Self::NotSignedIn => (401, "not-signed-in", "Please sign in"),
            Self::NoIdentity => (
                403,
                "no-identity",
                "The request is not signed for anybody of the identity pool",
            ),
            Self::NotFound => (404, "not-found", "There is nothing here"),
            Self::Unavailable => (503, "unavailable", UNAVAILABLE),
        };
        let problem = json!({
            "type": format!("urn:lifeguard:problem:{code}"),
            "status": status,
            "title": title,
            "code": code,
        });
        response(status, "application/problem+json", &problem)
    }
}

pub(crate) fn json(body: &Value) -> ApiGatewayV2httpResponse {
    response(200, "application/json", body)
}

/// A response that no cache keeps, since it is about one caller.
fn response(status: i64, content_type: &'static str, body: &Value) -> ApiGatewayV2httpResponse {
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = status;
    response.body = Some(Body::Text(body.to_string()));
    for (name, value) in [
        ("content-type", content_type),
        ("cache-control", "no-store"),
    ] {
        let (name, value) = (
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
        response.headers.insert(name, value);
    }
    response
}
