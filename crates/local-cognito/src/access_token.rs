//! Who an access token speaks for.

use std::sync::Arc;

use serde_json::Value;

use crate::error::Error;
use crate::stand_in::StandIn;
use crate::template::UserPoolClient;
use crate::user_pool::{User, UserPool};

/// The bearer of a good access token.
pub(crate) struct Bearer {
    pub(crate) pool: Arc<UserPool>,
    /// The app client that the token was made for.
    pub(crate) client: Arc<UserPoolClient>,
    pub(crate) user: User,
}

/// Checks an access token as the user operations of `cognito-idp` do: signature, use, issuer, time, revocation, scope.
pub(crate) fn check(stand_in: &StandIn, token: &str) -> Result<Bearer, Error> {
    let invalid = || Error::not_authorized("Invalid Access Token"); // W
    let (pool, claims) = stand_in
        .pools
        .all()
        .into_iter()
        .find_map(|pool| {
            let claims = pool.keys.verify(token).ok()?;
            Some((pool, claims))
        })
        .ok_or_else(invalid)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = |name: &str| claims.get(name).and_then(Value::as_i64).unwrap_or_default();
    if text("token_use") != "access" || text("iss") != stand_in.issuer.of_pool(&pool.config.id) {
        return Err(invalid());
    }
    if stand_in.clock.now() >= number("exp") {
        return Err(Error::not_authorized("Access Token has expired")); // W
    }
    if !claims.contains_key("username") {
        // A machine client's token speaks for no user.
        return Err(Error::not_authorized(
            "Access Token does not have required scopes",
        )); // W
    }
    let user = pool
        .find(text("username"))
        .filter(|user| user.sub == text("sub"));
    let user = user.ok_or(Error::UserNotFound("User does not exist."))?;
    let signed_out = match claims.get("origin_jti").and_then(Value::as_str) {
        Some(origin_jti) => pool.state().grants.is_revoked(origin_jti),
        None => user.signed_out_at.is_some_and(|at| number("iat") <= at),
    };
    if signed_out {
        return Err(Error::not_authorized("Access Token has been revoked")); // W
    }
    if !user.enabled {
        return Err(Error::not_authorized("User is disabled.")); // P
    }
    if !text("scope")
        .split(' ')
        .any(|scope| scope == "aws.cognito.signin.user.admin")
    {
        return Err(Error::not_authorized(
            "Access Token does not have required scopes",
        )); // W
    }
    let client = pool.client(text("client_id")).ok_or_else(invalid)?;
    Ok(Bearer { pool, client, user })
}

/// Ends every sign-in of a user.
pub(crate) fn sign_out_everywhere(pool: &UserPool, username: &str, now: i64) {
    let mut state = pool.state();
    state.grants.revoke_all(username);
    state.users.change(&pool.config, username, now, |user| {
        user.signed_out_at = Some(now)
    });
}
