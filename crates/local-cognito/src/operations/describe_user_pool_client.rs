use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::stand_in::StandIn;
use crate::template::UserPoolClient;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    client_id: String,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolClient.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let (pool, client) = stand_in.client_of(&input.user_pool_id, &input.client_id)?;
    Ok(json!({ "UserPoolClient": shown(&pool.config.id, &client) }))
}

/// `UserPoolClientType`: what is, and over it what a client said, in its own units.
pub(super) fn shown(pool_id: &str, client: &UserPoolClient) -> Value {
    let mut shown = Map::new();
    if let Value::Object(settings) = settings(client) {
        shown.extend(settings);
    }
    shown.extend(client.described.clone());
    shown.insert("UserPoolId".to_owned(), json!(pool_id));
    Value::Object(shown)
}

fn settings(client: &UserPoolClient) -> Value {
    json!({
        "ClientName": client.name,
        "ClientId": client.id,
        "ClientSecret": client.secret.as_ref().map(ExposeSecret::expose_secret),
        "ExplicitAuthFlows": client.explicit_auth_flows,
        "PreventUserExistenceErrors": if client.prevent_user_existence_errors { "ENABLED" } else { "LEGACY" },
        "EnableTokenRevocation": client.enable_token_revocation,
        "AccessTokenValidity": client.access_token_validity.as_secs(),
        "IdTokenValidity": client.id_token_validity.as_secs(),
        "RefreshTokenValidity": client.refresh_token_validity.as_secs(),
        "TokenValidityUnits": { "AccessToken": "seconds", "IdToken": "seconds", "RefreshToken": "seconds" },
        "AuthSessionValidity": client.auth_session_validity.as_secs() / 60,
        "RefreshTokenRotation": client.refresh_token_rotation.map(|grace| json!({
            "Feature": "ENABLED",
            "RetryGracePeriodSeconds": grace.as_secs(),
        })),
        "AllowedOAuthFlows": client.oauth_flows,
        "AllowedOAuthScopes": client.oauth_scopes,
        "AllowedOAuthFlowsUserPoolClient": !client.oauth_flows.is_empty(),
        "ReadAttributes": client.read_attributes,
        "WriteAttributes": client.write_attributes,
        "SupportedIdentityProviders": client.supported_identity_providers,
        "CreationDate": client.dates.map(|dates| dates.created),
        "LastModifiedDate": client.dates.map(|dates| dates.modified),
    })
}
