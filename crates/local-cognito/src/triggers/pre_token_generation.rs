use cognito_events::pre_token_generation::{ResponseV1, ResponseV2};
use serde_json::{Map, Value, json};

use super::{Envelope, Metadata, attributes_of, fire};
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::tokens::TokenChanges;
use crate::user_pool::{Group, User, UserPool};

/// Why tokens are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenCause {
    /// Sign-in; also `GetTokensFromRefreshToken`, by AWS's own table.
    Authentication,
    NewPasswordChallenge,
    /// A device proved its password.
    AuthenticateDevice,
    RefreshTokens,
}

impl TokenCause {
    fn trigger_source(self) -> &'static str {
        match self {
            Self::Authentication => "TokenGeneration_Authentication",
            Self::NewPasswordChallenge => "TokenGeneration_NewPasswordChallenge",
            Self::AuthenticateDevice => "TokenGeneration_AuthenticateDevice",
            Self::RefreshTokens => "TokenGeneration_RefreshTokens",
        }
    }
}

/// The tokens that are about to be made.
pub(crate) struct TokenRequest<'a> {
    pub(crate) cause: TokenCause,
    pub(crate) client_id: &'a str,
    pub(crate) user: &'a User,
    /// The best precedence first.
    pub(crate) groups: &'a [Group],
    pub(crate) scopes: &'a [String],
    pub(crate) client_metadata: Option<&'a Metadata>,
}

/// Asks the pre token generation trigger what to change.
pub(crate) async fn pre_token_generation(
    stand_in: &StandIn,
    pool: &UserPool,
    asked: &TokenRequest<'_>,
) -> Result<TokenChanges, Error> {
    let version = event_version(pool);
    let envelope = Envelope {
        pool,
        trigger: "PreTokenGeneration",
        version,
        trigger_source: asked.cause.trigger_source(),
        client_id: Some(asked.client_id),
        username: &asked.user.username,
    };
    let roles: Vec<&String> = asked
        .groups
        .iter()
        .filter_map(|group| group.role_arn.as_ref())
        .collect();
    let mut request = Map::new();
    request.insert("userAttributes".to_owned(), attributes_of(asked.user));
    request.insert(
        "groupConfiguration".to_owned(),
        json!({
            "groupsToOverride": asked.groups.iter().map(|group| &group.name).collect::<Vec<_>>(),
            "iamRolesToOverride": roles,
            "preferredRole": preferred_role(asked.groups),
        }),
    );
    if version != "1" {
        request.insert("scopes".to_owned(), json!(asked.scopes));
    }
    if let Some(metadata) = asked.client_metadata {
        request.insert("clientMetadata".to_owned(), json!(metadata));
    }
    if version == "1" {
        let response: Option<ResponseV1> = fire(
            stand_in,
            envelope,
            request,
            json!({"claimsOverrideDetails": null}),
        )
        .await?;
        return Ok(response.map_or(TokenChanges::None, TokenChanges::V1));
    }
    let response: Option<ResponseV2<Value>> = fire(
        stand_in,
        envelope,
        request,
        json!({"claimsAndScopeOverrideDetails": null}),
    )
    .await?;
    Ok(response.map_or(TokenChanges::None, TokenChanges::V2))
}

/// A machine client's token that is about to be made.
pub(crate) struct ClientTokenRequest<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) scopes: &'a [String],
    pub(crate) client_metadata: Option<&'a Metadata>,
}

/// Asks the pre token generation trigger what to change about a machine client's token. Only its third version is asked (D).
///
/// What the event holds in place of a user is unconfirmed: here it names the client, and has neither attributes nor groups.
pub(crate) async fn pre_token_generation_for_client(
    stand_in: &StandIn,
    pool: &UserPool,
    asked: &ClientTokenRequest<'_>,
) -> Result<TokenChanges, Error> {
    if event_version(pool) != "3" {
        return Ok(TokenChanges::None);
    }
    let envelope = Envelope {
        pool,
        trigger: "PreTokenGeneration",
        version: "3",
        trigger_source: "TokenGeneration_ClientCredentials",
        client_id: Some(asked.client_id),
        username: asked.client_id,
    };
    let mut request = Map::new();
    request.insert("userAttributes".to_owned(), json!({}));
    let no_groups =
        json!({ "groupsToOverride": [], "iamRolesToOverride": [], "preferredRole": null });
    request.insert("groupConfiguration".to_owned(), no_groups);
    request.insert("scopes".to_owned(), json!(asked.scopes));
    if let Some(metadata) = asked.client_metadata {
        request.insert("clientMetadata".to_owned(), json!(metadata));
    }
    let unchanged = json!({ "claimsAndScopeOverrideDetails": null });
    let response = fire(stand_in, envelope, request, unchanged).await?;
    Ok(response.map_or(TokenChanges::None, TokenChanges::V2))
}

/// The version of the event that the pool asks its trigger with.
fn event_version(pool: &UserPool) -> &'static str {
    let wired = pool.config.triggers.get("PreTokenGeneration");
    match wired.map_or("V1_0", |wired| wired.version.as_str()) {
        "V3_0" => "3",
        "V2_0" => "2",
        _ => "1",
    }
}

/// The role of the group with the best precedence, unless two groups share that precedence with different roles (D).
pub(crate) fn preferred_role(groups: &[Group]) -> Option<String> {
    let first = groups
        .iter()
        .find(|group| group.role_arn.is_some() && group.precedence.is_some())?;
    let tied = groups.iter().any(|group| {
        group.precedence == first.precedence
            && group.role_arn.is_some()
            && group.role_arn != first.role_arn
    });
    first.role_arn.clone().filter(|_| !tied)
}
