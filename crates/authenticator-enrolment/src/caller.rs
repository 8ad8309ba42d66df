use std::collections::HashMap;

use authenticators::Owner;
use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use secrecy::SecretString;
use time::{Duration, OffsetDateTime};

use crate::problem::Problem;

/// Who asks, as the token says that the API has verified.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(crate) owner: Owner,
    pub(crate) sub: String,
    /// The sign-in that the token comes from, the same for every token that a refresh made of it.
    pub(crate) session: String,
    pub(crate) token: SecretString,
    signed_in_at: OffsetDateTime,
}

impl Caller {
    /// The user of that pool whose access token the request bears.
    pub(crate) fn of(
        request: &ApiGatewayV2httpRequest,
        user_pool_id: &str,
    ) -> Result<Self, Problem> {
        let token = bearer_token(request).ok_or(Problem::NotSignedIn)?;
        let claims = claims(request).ok_or(Problem::NotSignedIn)?;
        let claim = |name: &str| claims.get(name).map(String::as_str);
        // An ID token passes the authorizer as well, and is made to be shown to others.
        if claim("token_use") != Some("access") {
            return Err(Problem::NotSignedIn);
        }
        let issuer = claim("iss").and_then(|issuer| issuer.rsplit('/').next());
        if issuer != Some(user_pool_id) {
            return Err(Problem::NotSignedIn);
        }
        // A machine client's token names no user, and says of no sign-in when it was.
        let sub = claim("sub").filter(|_| claim("username").is_some());
        let session = claim("origin_jti").or(claim("jti"));
        let signed_in_at = claim("auth_time").and_then(|seconds| {
            let seconds = seconds.parse().ok()?;
            OffsetDateTime::from_unix_timestamp(seconds).ok()
        });
        let (Some(sub), Some(session), Some(signed_in_at)) = (sub, session, signed_in_at) else {
            return Err(Problem::NotSignedIn);
        };
        Ok(Self {
            owner: Owner::new(user_pool_id, sub),
            sub: sub.to_owned(),
            session: session.to_owned(),
            token,
            signed_in_at,
        })
    }

    /// Whether the user showed who they are within that time.
    pub(crate) fn signed_in_within(&self, age: Duration, now: OffsetDateTime) -> bool {
        now - self.signed_in_at <= age
    }
}

fn claims(request: &ApiGatewayV2httpRequest) -> Option<&HashMap<String, String>> {
    let authorizer = request.request_context.authorizer.as_ref()?;
    Some(&authorizer.jwt.as_ref()?.claims)
}

/// The token with or without `Bearer` before it, as the authorizer takes it.
fn bearer_token(request: &ApiGatewayV2httpRequest) -> Option<SecretString> {
    let value = request.headers.get("authorization")?.to_str().ok()?;
    let token = match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => value,
    };
    Some(token.into())
}
