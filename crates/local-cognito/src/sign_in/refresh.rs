use serde_json::Value;

use super::{Parameters, Place, issue, required};
use crate::error::Error;
use crate::secret_hash;
use crate::tokens::RefreshToken;
use crate::triggers::{Metadata, TokenCause};

/// A refresh token as a client presents it.
pub(crate) struct Presented<'a> {
    pub(crate) token: &'a str,
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
    if place.client.secret.is_some() {
        let grant = place.pool.state().grants.by_refresh_token(
            &RefreshToken::hash_of(token),
            &place.client.id,
            place.now(),
        )?;
        secret_hash::check_on_refresh(
            place.client,
            &grant.username,
            parameters.get("SECRET_HASH").map(String::as_str),
        )?;
    }
    refresh(
        place,
        Presented {
            token,
            cause: TokenCause::RefreshTokens,
            metadata: None,
        },
    )
    .await
}

/// New tokens for a sign-in that goes on. The trigger decides anew; nothing of the first tokens is remembered.
pub(crate) async fn refresh(place: Place<'_>, presented: Presented<'_>) -> Result<Value, Error> {
    let hash = RefreshToken::hash_of(presented.token);
    let grant = place
        .pool
        .state()
        .grants
        .by_refresh_token(&hash, &place.client.id, place.now())?;
    let user = place
        .pool
        .find(&grant.username)
        .ok_or_else(Error::invalid_refresh_token)?;
    if !user.enabled {
        return Err(Error::not_authorized("User is disabled.")); // P
    }
    let answer = issue::tokens(place, &user, &grant, presented.cause, presented.metadata).await?;
    let Some(grace) = place.client.refresh_token_rotation else {
        return Ok(answer);
    };
    let next = RefreshToken::generate();
    place
        .pool
        .state()
        .grants
        .rotate(&hash, next.hash(), issue::seconds(grace), place.now());
    Ok(issue::with_refresh_token(answer, &next))
}
