//! ID tokens of user pools.

use serde_json::Value;

use super::Proven;
use super::unverified::Unverified;
use crate::identity_pool::identities::Login;
use crate::identity_pool::refused::{InvalidToken, Refused};
use crate::stand_in::StandIn;
use crate::template::{IdentityPool, without_scheme};
use crate::tokens::Claims;
use crate::user_pool::UserPool;

/// What AWS calls the user pool that a client names. Some clients make the name from the issuer of their token, which may be the
/// stand-in's own address.
pub(super) fn provider_name(stand_in: &StandIn, provider: &str) -> String {
    let pools = stand_in.pools.all();
    let local = pools.iter().find(|pool| {
        let issuer = stand_in.issuer.of_pool(&pool.config.id);
        without_scheme(&issuer) == provider
    });
    match local {
        Some(pool) => of_pool(stand_in, pool),
        None => provider.to_owned(),
    }
}

fn of_pool(stand_in: &StandIn, pool: &UserPool) -> String {
    let region = &stand_in.stack.region;
    let suffix = if region.starts_with("cn-") {
        "amazonaws.com.cn"
    } else {
        "amazonaws.com"
    };
    format!("cognito-idp.{region}.{suffix}/{}", pool.config.id)
}

/// Verifies an ID token: who issued it, for which app client, and when.
pub(super) fn verify(
    stand_in: &StandIn,
    pool: &IdentityPool,
    provider: &str,
    token: &str,
) -> Result<Proven, Refused> {
    let unverified = Unverified::read(token).ok_or(InvalidToken::Malformed)?;
    let audience = unverified.audience();
    let [client_id] = audience.as_slice() else {
        return Err(InvalidToken::NoAudience.into());
    };
    let issuer = unverified.issuer().unwrap_or_default();
    if provider_name(stand_in, without_scheme(issuer)) != provider {
        return Err(InvalidToken::OtherIssuer.into());
    }
    let mut clients = pool.cognito_identity_providers.iter();
    let client = clients
        .find(|client| client.provider_name == provider && client.client_id == *client_id)
        .ok_or(Refused::UnsupportedProvider)?;
    let mut user_pools = stand_in.pools.all().into_iter();
    let user_pool = user_pools.find(|user_pool| of_pool(stand_in, user_pool) == provider);
    let user_pool = user_pool.ok_or_else(|| Refused::ExternalService(provider.to_owned()))?;
    let claims = user_pool.keys.verify(token);
    let claims = claims.map_err(|_| InvalidToken::BadSignature)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("token_use") != "id" || text("sub").is_empty() {
        return Err(InvalidToken::Malformed.into());
    }
    let now = stand_in.clock.now();
    let expired = number(&claims, "exp");
    if now >= expired {
        return Err(InvalidToken::Expired { now, expired }.into());
    }
    if client.server_side_token_check && !is_active(&user_pool, &claims) {
        return Err(Refused::InactiveToken);
    }
    let sub = text("sub").to_owned();
    Ok(Proven {
        amr: [
            provider.to_owned(),
            format!("{provider}:CognitoSignIn:{sub}"),
        ],
        login: Login::new(provider, &sub),
        mapping_key: Some(client.mapping_key()),
        claims,
    })
}

/// Whether the user is still there, and has not signed out everywhere since.
fn is_active(pool: &UserPool, claims: &Claims) -> bool {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let user = text("cognito:username").and_then(|name| pool.find(name));
    let user = user.filter(|user| text("sub") == Some(&user.sub) && user.enabled);
    let Some(user) = user else { return false };
    match text("origin_jti") {
        Some(origin_jti) => !pool.state().grants.is_revoked(origin_jti),
        None => user
            .signed_out_at
            .is_none_or(|at| number(claims, "iat") > at),
    }
}

fn number(claims: &Claims, name: &str) -> i64 {
    claims.get(name).and_then(Value::as_i64).unwrap_or_default()
}
