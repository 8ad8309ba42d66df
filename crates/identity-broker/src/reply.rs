//! What is answered.

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use aws_lambda_events::encodings::Body;
use aws_lambda_events::http::{HeaderName, HeaderValue};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::identity_pool::Token;
use crate::sts::Credentials;

/// An OpenID token of the identity pool. Times are said besides, so that no client has to read the token for them.
pub(crate) fn token(token: &Token, now: OffsetDateTime) -> ApiGatewayV2httpResponse {
    let body = json!({
        "identityId": token.identity_id,
        "token": token.token.expose_secret(),
        "expiresIn": (token.expires_at - now).whole_seconds(),
        "expiresAt": text(token.expires_at),
        "serverTime": text(now),
    });
    of(200, JSON, &body)
}

/// Credentials of a role.
pub(crate) fn credentials(
    identity_id: &str,
    credentials: &Credentials,
    now: OffsetDateTime,
) -> ApiGatewayV2httpResponse {
    let body = json!({
        "identityId": identity_id,
        "credentials": {
            "accessKeyId": credentials.access_key_id,
            "secretAccessKey": credentials.secret_access_key.expose_secret(),
            "sessionToken": credentials.session_token.expose_secret(),
        },
        "expiration": text(credentials.expiration),
        "serverTime": text(now),
    });
    of(200, JSON, &body)
}

/// A challenge, and how long it can be answered.
pub(crate) fn challenge(challenge: &str, valid_for: Duration) -> ApiGatewayV2httpResponse {
    let body = json!({"challenge": challenge, "expiresIn": valid_for.whole_seconds()});
    of(200, JSON, &body)
}

/// It is done, and there is nothing to say.
pub(crate) fn done() -> ApiGatewayV2httpResponse {
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = 204;
    with_header(response, "cache-control", "no-store")
}

const JSON: &str = "application/json";

/// A response that no cache keeps and no browser takes for something else: it is about one user, and may hold a secret.
pub(crate) fn of(status: u16, content_type: &str, body: &Value) -> ApiGatewayV2httpResponse {
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = status.into();
    response.body = Some(Body::Text(body.to_string()));
    let response = with_header(response, "content-type", content_type);
    let response = with_header(response, "x-content-type-options", "nosniff");
    with_header(response, "cache-control", "no-store")
}

/// The response with one header more.
pub(crate) fn with_header(
    mut response: ApiGatewayV2httpResponse,
    name: &'static str,
    value: &str,
) -> ApiGatewayV2httpResponse {
    // Every value is ours, and visible ASCII.
    if let Ok(value) = HeaderValue::from_str(value) {
        let name = HeaderName::from_static(name);
        response.headers.insert(name, value);
    }
    response
}

fn text(time: OffsetDateTime) -> Option<String> {
    let whole = time.replace_nanosecond(0).unwrap_or(time);
    whole.format(&Rfc3339).ok()
}
