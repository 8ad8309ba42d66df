//! The token endpoint, `POST /oauth2/token`, for machine clients: `grant_type=client_credentials`.
//!
//! AWS serves it at the pool's domain. Here it is at `/<pool id>/oauth2/token`, which the discovery document names, and at
//! `/oauth2/token` for clients that are configured with nothing but a host: there the client's id tells the pool.
//!
//! Source: Cognito Developer Guide, "Token endpoint"; RFC 6749, sections 2.3.1, 4.4 and 5.

mod form;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use serde_json::{Value, json};

pub(crate) use self::form::{Form, decoded};
use crate::client_token::{self, ClientToken};
use crate::secret_hash;
use crate::stand_in::StandIn;
use crate::template::UserPoolClient;
use crate::triggers::Metadata;
use crate::user_pool::UserPool;

/// The largest request that is read, in bytes; ours, far above what a token request needs.
const LARGEST_REQUEST_BYTES: usize = 64 * 1024;

/// At the pool's own path.
pub(crate) async fn token_of_pool(
    State(stand_in): State<Arc<StandIn>>,
    Path(pool_id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    answer(token(&stand_in, Some(&pool_id), &headers, body).await)
}

/// At the path that all pools share.
pub(crate) async fn token_of_any_pool(
    State(stand_in): State<Arc<StandIn>>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    answer(token(&stand_in, None, &headers, body).await)
}

/// Why there is no token: a code of RFC 6749, and perhaps words for people. Status 400 for all of them (D).
struct Refusal {
    error: &'static str,
    description: Option<String>,
}

fn refused(error: &'static str) -> Refusal {
    Refusal {
        error,
        description: None,
    }
}

async fn token(
    stand_in: &StandIn,
    pool_id: Option<&str>,
    headers: &HeaderMap,
    body: Body,
) -> Result<ClientToken, Refusal> {
    let form = read_form(headers, body).await?;
    match form.get("grant_type") {
        Some("client_credentials") => {}
        Some("authorization_code" | "refresh_token") => {
            return Err(Refusal {
                error: "unsupported_grant_type",
                description: Some("local-cognito knows client_credentials alone".to_owned()),
            });
        }
        Some(_) => return Err(refused("unsupported_grant_type")),
        None => return Err(refused("invalid_request")),
    }
    let (pool, client) = authenticated(stand_in, pool_id, headers, &form)?;
    let allowed = |flow: &String| flow == "client_credentials";
    if !client.oauth_flows.iter().any(allowed) {
        return Err(refused("unauthorized_client"));
    }
    // RFC 6749, section 3.3: nothing but blanks stands between scopes.
    let asked = form.get("scope").unwrap_or_default().split(' ');
    let asked = asked.filter(|scope| !scope.is_empty());
    let asked: Vec<String> = asked.map(str::to_owned).collect();
    let scopes = client_token::granted_scopes(&pool, &client, &asked);
    let scopes = scopes.ok_or_else(|| refused("invalid_scope"))?; // W
    let metadata = read_metadata(&form)?;
    client_token::issue(stand_in, &pool, &client, &scopes, metadata.as_ref())
        .await
        .map_err(|error| Refusal {
            // Unconfirmed: AWS documents no code for a trigger that fails here. Redirects have this one, with the text (field).
            error: "invalid_request",
            description: Some(error.to_string()),
        })
}

async fn read_form(headers: &HeaderMap, body: Body) -> Result<Form, Refusal> {
    let malformed = || refused("invalid_request");
    let content_type = headers.get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let media_type = content_type.and_then(|value| value.split(';').next());
    let of_forms = |name: &str| {
        name.trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    };
    if !media_type.is_some_and(of_forms) {
        return Err(malformed());
    }
    let body = to_bytes(body, LARGEST_REQUEST_BYTES).await;
    let body = body.map_err(|_| malformed())?;
    let body = std::str::from_utf8(&body).map_err(|_| malformed())?;
    Form::read(body).ok_or_else(malformed)
}

/// The client, by its id and secret in the header or in the form, but not in both (RFC 6749, section 2.3).
fn authenticated(
    stand_in: &StandIn,
    pool_id: Option<&str>,
    headers: &HeaderMap,
    form: &Form,
) -> Result<(Arc<UserPool>, Arc<UserPoolClient>), Refusal> {
    let invalid = || refused("invalid_client");
    let (named, secret) = (form.get("client_id"), form.get("client_secret"));
    let (id, secret) = match (headers.get(header::AUTHORIZATION), secret) {
        (Some(_), Some(_)) => return Err(refused("invalid_request")),
        (Some(header), None) => {
            let (id, secret) = header
                .to_str()
                .ok()
                .and_then(read_basic)
                .ok_or_else(invalid)?;
            if named.is_some_and(|named| named != id) {
                return Err(invalid());
            }
            (id, secret)
        }
        (None, Some(secret)) => (named.ok_or_else(invalid)?.to_owned(), secret.to_owned()),
        (None, None) => return Err(invalid()),
    };
    let found = match pool_id {
        Some(pool_id) => stand_in.client_of(pool_id, &id),
        None => stand_in.client(&id),
    };
    let (pool, client) = found.map_err(|_| invalid())?;
    // A client without a secret cannot prove who it is.
    let secret = SecretString::from(secret);
    if client.secret.is_none() || secret_hash::check_secret(&client, Some(&secret)).is_err() {
        return Err(invalid());
    }
    Ok((pool, client))
}

/// `Basic <base64 of id:secret>`.
fn read_basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

/// `aws_client_metadata`: a JSON object of texts, for the trigger.
fn read_metadata(form: &Form) -> Result<Option<Metadata>, Refusal> {
    let read = |text| serde_json::from_str(text).map_err(|_| refused("invalid_request"));
    form.get("aws_client_metadata").map(read).transpose()
}

fn answer(result: Result<ClientToken, Refusal>) -> Response {
    let (status, body): (StatusCode, Value) = match result {
        Ok(token) => (
            StatusCode::OK,
            json!({
                "access_token": token.access_token,
                "expires_in": token.expires_in_seconds,
                "token_type": "Bearer",
            }),
        ),
        Err(Refusal {
            error,
            description: None,
        }) => (StatusCode::BAD_REQUEST, json!({ "error": error })),
        Err(Refusal { error, description }) => (
            StatusCode::BAD_REQUEST,
            json!({ "error": error, "error_description": description }),
        ),
    };
    let headers = [
        (header::CONTENT_TYPE, "application/json;charset=UTF-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::PRAGMA, "no-cache"),
    ];
    (status, headers, body.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_read_or_not() {
        let pair = |id: &str, secret: &str| Some((id.to_owned(), secret.to_owned()));
        for (header, expected) in [
            ("Basic aWQ6c2VjcmV0", pair("id", "secret")),
            ("basic aWQ6", pair("id", "")),
            ("Basic aWQ6YTpi", pair("id", "a:b")),
            ("Basic aWQ=", None),
            ("Basic !", None),
            ("Bearer aWQ6c2VjcmV0", None),
            ("Basic", None),
            ("", None),
        ] {
            assert_eq!(read_basic(header), expected, "{header}");
        }
    }
}
