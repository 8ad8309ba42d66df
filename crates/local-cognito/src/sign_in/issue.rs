use std::time::Duration;

use serde_json::{Value, json};

use super::Place;
use super::device::SignInDevice;
use crate::error::Error;
use crate::ids;
use crate::tokens::{RefreshToken, SignIn, TokenClaims};
use crate::triggers::{
    Metadata, TokenCause, TokenRequest, post_authentication, pre_token_generation, preferred_role,
};
use crate::user_pool::{Grant, Progress, State, Status, User, listed};

/// The scope of every sign-in by API: it lets the user change their own account.
const API_SCOPE: &str = "aws.cognito.signin.user.admin";

/// Ends a sign-in: makes the tokens, and remembers it for refreshing. `user` is the one whose password was proven.
pub(super) async fn sign_in_complete(
    place: Place<'_>,
    user: &User,
    progress: &Progress,
    metadata: Option<&Metadata>,
) -> Result<Value, Error> {
    let now = place.now();
    let device = SignInDevice::of(place, user, progress)?;
    let grant = Grant {
        origin_jti: ids::uuid(),
        username: user.username.clone(),
        client_id: place.client.id.clone(),
        auth_time: now,
        expires: now + seconds(place.client.refresh_token_validity),
        revoked: false,
        device_key: device.key().map(str::to_owned),
    };
    let Place {
        stand_in,
        pool,
        client,
        ..
    } = place;
    post_authentication(stand_in, pool, &client.id, user, device.is_new(), metadata).await?;
    // What that function has changed, such as the user's groups, is in the tokens.
    let user = still_the_same(place, &pool.state(), user)?;
    let mut answer = tokens(place, &user, &grant, progress.cause, metadata).await?;
    let refresh_token = RefreshToken::generate();

    place.still_there()?;
    let mut state = pool.state();
    still_the_same(place, &state, &user)?;
    if let Some(metadata) = device.signed_in(&mut state, &user, now)? {
        answer["AuthenticationResult"]["NewDeviceMetadata"] = metadata;
    }
    state.grants.add(grant, refresh_token.hash(), now);
    Ok(with_refresh_token(answer, &refresh_token))
}

/// The user as they are now. While a trigger decided they may have been disabled or deleted, or have got or need another password.
fn still_the_same(place: Place<'_>, state: &State, user: &User) -> Result<User, Error> {
    let found = state.users.find(&place.pool.config, &user.sub);
    let found = found
        .filter(|found| found.salt() == user.salt())
        .ok_or_else(Error::wrong_credentials)?;
    if !found.enabled {
        return Err(Error::not_authorized("User is disabled.")); // P
    }
    if found.status == Status::ResetRequired {
        return Err(Error::PasswordResetRequired);
    }
    Ok(found.clone())
}

/// `AuthenticationResult` with an ID token and an access token.
pub(super) async fn tokens(
    place: Place<'_>,
    user: &User,
    grant: &Grant,
    cause: TokenCause,
    metadata: Option<&Metadata>,
) -> Result<Value, Error> {
    let Place {
        stand_in,
        pool,
        client,
        ..
    } = place;
    let groups = pool.groups_of(user);
    let scopes = [API_SCOPE.to_owned()];
    let asked = TokenRequest {
        cause,
        client_id: &client.id,
        user,
        groups: &groups,
        scopes: &scopes,
        client_metadata: metadata,
    };
    let changes = pre_token_generation(stand_in, pool, &asked).await?;

    let attributes = user
        .attributes
        .iter()
        .filter(|(name, _)| listed(client.read_attributes.as_deref(), name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let sign_in = SignIn {
        issuer: stand_in.issuer.of_pool(&pool.config.id),
        client_id: client.id.clone(),
        username: user.username.clone(),
        sub: user.sub.clone(),
        attributes,
        groups: groups.iter().map(|group| group.name.clone()).collect(),
        roles: groups
            .iter()
            .filter_map(|group| group.role_arn.clone())
            .collect(),
        preferred_role: preferred_role(&groups),
        scopes: scopes.into(),
        origin_jti: client
            .enable_token_revocation
            .then(|| grant.origin_jti.clone()),
        event_id: ids::uuid(),
        device_key: grant.device_key.clone(),
        auth_time: grant.auth_time,
        now: place.now(),
        id_token_seconds: seconds(client.id_token_validity),
        access_token_seconds: seconds(client.access_token_validity),
    };
    let claims = TokenClaims::of(&sign_in).changed(&changes);
    claims.judged(&stand_in.strictness)?;
    Ok(json!({
        "ChallengeParameters": {},
        "AuthenticationResult": {
            "AccessToken": pool.keys.sign_access(&claims.access),
            "IdToken": pool.keys.sign_id(&claims.id),
            "TokenType": "Bearer",
            "ExpiresIn": sign_in.access_token_seconds,
        },
    }))
}

/// Puts a refresh token beside the others.
pub(super) fn with_refresh_token(mut answer: Value, token: &RefreshToken) -> Value {
    if let Some(result) = answer
        .get_mut("AuthenticationResult")
        .and_then(Value::as_object_mut)
    {
        result.insert("RefreshToken".to_owned(), Value::from(token.expose()));
    }
    answer
}

pub(super) fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
