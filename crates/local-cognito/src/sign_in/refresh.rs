use serde_json::Value;

use super::{Parameters, Place, issue, required};
use crate::error::Error;
use crate::secret_hash;
use crate::tokens::RefreshToken;
use crate::triggers::{Metadata, TokenCause};
use crate::user_pool::{Grant, State, User};

/// A refresh token as a client presents it.
pub(crate) struct Presented<'a> {
    pub(crate) token: &'a str,
    /// The device that the client says it is.
    pub(crate) device_key: Option<&'a str>,
    pub(crate) cause: TokenCause,
    pub(crate) metadata: Option<&'a Metadata>,
}

/// `REFRESH_TOKEN_AUTH`.
pub(super) async fn initiate(place: Place<'_>, parameters: &Parameters) -> Result<Value, Error> {
    let token = required(parameters, "REFRESH_TOKEN")?;
    if place.client.refresh_token_rotation.is_some() {
        // D: with rotation only GetTokensFromRefreshToken takes them.
        return Err(Error::invalid(
            "REFRESH_TOKEN_AUTH flow not enabled for this client",
        ));
    }
    let device_key = parameters.get("DEVICE_KEY").map(String::as_str);
    if place.client.secret.is_some() {
        let secret_hash = parameters.get("SECRET_HASH").map(String::as_str);
        secret_hash::check_present(place.client, secret_hash)?;
        let hash = RefreshToken::hash_of(token);
        let (grant, _) = granted(place, &place.pool.state(), &hash, device_key)?;
        secret_hash::check_on_refresh(place.client, &grant.username, secret_hash)?;
    }
    refresh(
        place,
        Presented {
            token,
            device_key,
            cause: TokenCause::RefreshTokens,
            metadata: None,
        },
    )
    .await
}

/// New tokens for a sign-in that goes on. The trigger decides anew; nothing of the first tokens is remembered.
pub(crate) async fn refresh(place: Place<'_>, presented: Presented<'_>) -> Result<Value, Error> {
    let hash = RefreshToken::hash_of(presented.token);
    let device_key = presented.device_key;
    let (grant, user) = granted(place, &place.pool.state(), &hash, device_key)?;
    let answer = issue::tokens(place, &user, &grant, presented.cause, presented.metadata).await?;

    // While the trigger decided, the user may have been signed out, disabled or deleted, or the token replaced by another refresh; or
    // the app client was deleted.
    place.still_there()?;
    let mut state = place.pool.state();
    granted(place, &state, &hash, device_key)?;
    let Some(grace) = place.client.refresh_token_rotation else {
        return Ok(answer);
    };
    let next = RefreshToken::generate();
    state
        .grants
        .rotate(&hash, next.hash(), issue::seconds(grace), place.now());
    Ok(issue::with_refresh_token(answer, &next))
}

/// The sign-in that the token continues, and its user.
fn granted(
    place: Place<'_>,
    state: &State,
    hash: &str,
    device_key: Option<&str>,
) -> Result<(Grant, User), Error> {
    let grant = state
        .grants
        .by_refresh_token(hash, &place.client.id, place.now())?;
    let user = state
        .users
        .find(&place.pool.config, &grant.username)
        .ok_or_else(Error::invalid_refresh_token)?;
    if !user.enabled {
        return Err(Error::not_authorized("User is disabled.")); // P
    }
    // W: what was issued to a device is refreshed by that device alone; by one that was confirmed and not forgotten since.
    if let Some(key) = &grant.device_key {
        let known = state.devices.find(&user.username, key);
        known.map_err(|_| Error::invalid_refresh_token())?;
        if device_key != Some(key) {
            return Err(Error::invalid_refresh_token());
        }
    }
    Ok((grant, user.clone()))
}
