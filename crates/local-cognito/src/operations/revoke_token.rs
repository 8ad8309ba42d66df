use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::Error;
use crate::secret_hash;
use crate::stand_in::StandIn;
use crate::tokens::RefreshToken;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    client_id: String,
    token: String,
    client_secret: Option<SecretString>,
}

/// Ends the sign-in that the refresh token continues, its access tokens included.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeToken.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let (pool, client) = stand_in.client(&input.client_id)?;
    secret_hash::check_secret(&client, input.client_secret.as_ref())?;
    if !client.enable_token_revocation {
        return Err(Error::UnsupportedOperation(
            "Token revocation is not enabled for this client".to_owned(),
        )); // D says only the name
    }
    if pool.keys.verify(&input.token).is_ok() {
        return Err(Error::UnsupportedTokenType);
    }
    let hash = RefreshToken::hash_of(&input.token);
    let mut state = pool.state();
    match state
        .grants
        .by_refresh_token(&hash, &client.id, stand_in.clock.now())
    {
        Ok(grant) => {
            state.grants.revoke(&grant.origin_jti);
            Ok(json!({}))
        }
        // Revoking twice is no error (RFC 7009, section 2.2).
        Err(Error::NotAuthorized(text)) if text == "Refresh Token has been revoked" => {
            Ok(json!({}))
        }
        Err(error) => Err(error),
    }
}
