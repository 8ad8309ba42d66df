use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

use crate::error::Error;
use crate::secret_hash;
use crate::sign_in::{Place, Presented, refresh};
use crate::stand_in::StandIn;
use crate::triggers::{Metadata, TokenCause};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    client_id: String,
    refresh_token: String,
    client_secret: Option<SecretString>,
    device_key: Option<String>,
    client_metadata: Option<Metadata>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html>
pub(super) async fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let (pool, client) = stand_in.client(&input.client_id)?;
    secret_hash::check_secret(&client, input.client_secret.as_ref())?;
    let place = Place {
        stand_in,
        pool: &pool,
        client: &client,
        administrator: false,
    };
    // AWS's table of trigger sources lists Authentication for this operation, not RefreshTokens.
    let presented = Presented {
        token: &input.refresh_token,
        device_key: input.device_key.as_deref(),
        cause: TokenCause::Authentication,
        metadata: input.client_metadata.as_ref(),
    };
    refresh(place, presented).await
}
