use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::client_token;
use crate::error::Error;
use crate::secret_hash;
use crate::stand_in::StandIn;
use crate::triggers::Metadata;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    client_id: String,
    secret: SecretString,
    scopes: Option<Vec<String>>,
    client_metadata: Option<Metadata>,
}

/// What the trigger's failure becomes is unconfirmed, since AWS declares no exception for it; here it is the same as at a sign-in.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetClientToken.html>
pub(super) async fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let (pool, client) = stand_in.client(&input.client_id)?;
    secret_hash::check_secret(&client, Some(&input.secret))?;
    let allowed = &client.explicit_auth_flows;
    if !allowed.contains("ALLOW_CLIENT_TOKEN_AUTH") {
        return Err(Error::invalid(
            "CLIENT_TOKEN_AUTH flow not enabled for this client",
        )); // ours, by the text of other flows
    }
    let asked = input.scopes.unwrap_or_default();
    let scopes = client_token::granted_scopes(&pool, &client, &asked);
    let scopes = scopes.ok_or_else(|| Error::invalid("invalid_scope"))?; // ours
    let metadata = input.client_metadata.as_ref();
    let token = client_token::issue(stand_in, &pool, &client, &scopes, metadata).await?;
    Ok(json!({ "ClientAuthenticationResult": {
        "AccessToken": token.access_token,
        "ExpiresIn": token.expires_in_seconds,
        "TokenType": "Bearer",
    }}))
}
