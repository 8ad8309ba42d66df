//! The JWT authorizer: whether a token is the issuer's, for one of the audience, and of now.
//!
//! Source: API Gateway Developer Guide, "Control access to HTTP APIs with JWT authorizers". As there, it knows neither of sign-outs nor of what a token
//! is for: an ID token passes as well as an access token.

use axum::http::HeaderMap;
use serde_json::{Map, Value, json};

use super::Refused;
use crate::stand_in::StandIn;
use crate::template::{JwtAuthorizer, Route};

/// What the function learns of the token, as `requestContext.authorizer`.
pub(super) fn authorize(
    stand_in: &StandIn,
    authorizer: &JwtAuthorizer,
    route: &Route,
    headers: &HeaderMap,
) -> Result<Value, Refused> {
    let header = headers.get(&authorizer.header);
    let Some(header) = header.and_then(|value| value.to_str().ok()) else {
        return Err(Refused::Unauthorized("Bearer".to_owned()));
    };
    let claims = verify(stand_in, authorizer, token_of(header));
    let claims = claims.map_err(|problem| {
        Refused::Unauthorized(format!(
            r#"Bearer scope="" error="invalid_token" error_description="{problem}""#
        ))
    })?;
    if !route.scopes.is_empty() && !has_one_of(&claims, &route.scopes) {
        let scopes = route.scopes.join(" ");
        return Err(Refused::Forbidden(format!(
            r#"Bearer scope="{scopes}" error="insufficient_scope" error_description="the required scopes are missing""#
        ))); // [U]
    }
    let scopes = (!route.scopes.is_empty()).then_some(&route.scopes);
    Ok(json!({ "jwt": { "claims": as_texts(&claims), "scopes": scopes } }))
}

/// The token, with or without its scheme.
fn token_of(header: &str) -> &str {
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => header,
    }
}

/// The claims of a token that is in order, or what is wrong with it. The texts are `[U]` but for the expired one.
fn verify(
    stand_in: &StandIn,
    authorizer: &JwtAuthorizer,
    token: &str,
) -> Result<Map<String, Value>, &'static str> {
    let issued_by = |pool_id: &str| {
        let own = stand_in.issuer.of_pool(pool_id);
        let region = &stand_in.stack.region;
        let of_aws = format!("https://cognito-idp.{region}.amazonaws.com/{pool_id}");
        [own, of_aws].contains(&authorizer.issuer)
    };
    let pools = stand_in.pools.all();
    let pool = pools.iter().find(|pool| issued_by(&pool.config.id));
    let pool = pool.ok_or("OIDC discovery endpoint communication error")?;
    let claims = pool.keys.verify(token).map_err(|_| "invalid signature")?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let number = |name: &str| claims.get(name).and_then(Value::as_i64);
    if text("iss") != Some(&stand_in.issuer.of_pool(&pool.config.id)) {
        return Err("invalid issuer");
    }
    // The client's id counts only in a token without an audience.
    let audience = text("aud").or(text("client_id"));
    if !audience.is_some_and(|audience| authorizer.audience.iter().any(|known| known == audience)) {
        return Err("invalid audience");
    }
    let now = stand_in.clock.now();
    if number("exp").is_none_or(|until| until <= now) {
        return Err("the token has expired");
    }
    if [number("nbf"), number("iat")]
        .into_iter()
        .flatten()
        .any(|from| from > now)
    {
        return Err("the token is not valid yet");
    }
    Ok(claims)
}

fn has_one_of(claims: &Map<String, Value>, wanted: &[String]) -> bool {
    let scopes = claims.get("scope").or(claims.get("scp"));
    let scopes = scopes.and_then(Value::as_str).unwrap_or_default();
    scopes
        .split(' ')
        .any(|scope| wanted.iter().any(|wanted| wanted == scope))
}

/// As functions get them: every claim is a text, and a list is written as Go writes it.
fn as_texts(claims: &Map<String, Value>) -> Map<String, Value> {
    let claims = claims.iter();
    claims
        .map(|(name, value)| (name.clone(), text_of(value).into()))
        .collect()
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(text_of).collect();
            format!("[{}]", items.join(" "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_texts() {
        let claims = json!({
            "sub": "u-1",
            "auth_time": 1_800_000_000,
            "email_verified": true,
            "cognito:groups": ["admins", "members"],
        });
        let expected = json!({
            "sub": "u-1",
            "auth_time": "1800000000",
            "email_verified": "true",
            "cognito:groups": "[admins members]",
        });
        assert_eq!(Value::from(as_texts(claims.as_object().unwrap())), expected);
    }

    #[test]
    fn a_token_comes_with_its_scheme_or_without() {
        for header in ["Bearer a.b.c", "bearer  a.b.c", "a.b.c"] {
            assert_eq!(token_of(header), "a.b.c", "{header}");
        }
    }
}
