//! What is answered.

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use http_answers::json;
use secrecy::ExposeSecret;
use serde_json::json;
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
    json(&body)
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
    json(&body)
}

/// A challenge, and how long it can be answered.
pub(crate) fn challenge(challenge: &str, valid_for: Duration) -> ApiGatewayV2httpResponse {
    let body = json!({"challenge": challenge, "expiresIn": valid_for.whole_seconds()});
    json(&body)
}

fn text(time: OffsetDateTime) -> Option<String> {
    let whole = time.replace_nanosecond(0).unwrap_or(time);
    whole.format(&Rfc3339).ok()
}
