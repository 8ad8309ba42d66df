//! Pre token generation, in its versions V1_0, V2_0 and V3_0.
//!
//! V1_0 changes text claims of the ID token and groups. V2_0 adds the access token, scopes and claims of any JSON type. V3_0 is V2_0 that
//! is also called for machine clients (`TokenGeneration_ClientCredentials`).
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html>

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::redacted::{Attributes, ClientMetadata, Names};
use crate::tolerant;

/// The event of this trigger, in all its versions.
pub type Event = crate::Event<TriggerSource, Request>;

/// What made Cognito call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TriggerSource {
    /// Sign-in through managed login.
    #[serde(rename = "TokenGeneration_HostedAuth")]
    HostedAuth,
    /// Sign-in through the API; AWS also lists it for `GetTokensFromRefreshToken`.
    #[serde(rename = "TokenGeneration_Authentication")]
    Authentication,
    /// Sign-in that ends by answering `NEW_PASSWORD_REQUIRED`.
    #[serde(rename = "TokenGeneration_NewPasswordChallenge")]
    NewPasswordChallenge,
    /// End of a sign-in with a remembered device.
    #[serde(rename = "TokenGeneration_AuthenticateDevice")]
    AuthenticateDevice,
    /// Refresh; nothing is remembered from the sign-in.
    #[serde(rename = "TokenGeneration_RefreshTokens")]
    RefreshTokens,
    /// A machine client; V3_0 only.
    #[serde(rename = "TokenGeneration_ClientCredentials")]
    ClientCredentials,
    /// A source that this version does not know; empty when there was none.
    #[serde(untagged)]
    Unknown(String),
}

impl Default for TriggerSource {
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}

/// What the trigger is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The user's attributes; empty for a machine client.
    #[serde(default)]
    pub user_attributes: Attributes,
    /// The groups and roles that the token would bear.
    #[serde(default, deserialize_with = "tolerant::or_default")]
    pub group_configuration: GroupConfiguration,
    /// The scopes that the token would bear; V2_0 and later.
    #[serde(default, deserialize_with = "tolerant::list")]
    pub scopes: Vec<String>,
    /// What the app passed along with its call.
    #[serde(default)]
    pub client_metadata: ClientMetadata,
}

/// The groups and roles that the token would bear.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupConfiguration {
    /// The user's groups.
    #[serde(default, deserialize_with = "tolerant::list")]
    pub groups_to_override: Vec<String>,
    /// The roles of those groups.
    #[serde(default, deserialize_with = "tolerant::list")]
    pub iam_roles_to_override: Vec<String>,
    /// The role of the group with the best precedence.
    pub preferred_role: Option<String>,
}

/// What the trigger answers to a V1_0 event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResponseV1 {
    /// Changes; none leaves the tokens as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims_override_details: Option<ClaimsOverrideDetails>,
}

/// Changes to the ID token's claims, and to the groups of both tokens.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClaimsOverrideDetails {
    /// Claims of the ID token; text alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims_to_add_or_override: Option<BTreeMap<String, String>>,
    /// Claims that leave the ID token; suppressing wins over adding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims_to_suppress: Option<Vec<String>>,
    /// Replaces every group. Even an empty object removes them all, so absent is the only way to leave them alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_override_details: Option<GroupOverrideDetails>,
}

/// What the trigger answers to a V2_0 or V3_0 event; `Claim` is any JSON value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResponseV2<Claim> {
    /// Changes; none leaves the tokens as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims_and_scope_override_details: Option<ClaimsAndScopeOverrideDetails<Claim>>,
}

/// Changes to both tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClaimsAndScopeOverrideDetails<Claim> {
    /// Changes to the ID token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_generation: Option<IdTokenGeneration<Claim>>,
    /// Changes to the access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token_generation: Option<AccessTokenGeneration<Claim>>,
    /// Replaces every group. Even an empty object removes them all, so absent is the only way to leave them alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_override_details: Option<GroupOverrideDetails>,
}

/// Changes to the ID token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdTokenGeneration<Claim> {
    /// Claims to set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims_to_add_or_override: Option<BTreeMap<String, Claim>>,
    /// Claims to leave out; suppressing wins over adding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims_to_suppress: Option<Vec<String>>,
}

/// Changes to the access token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessTokenGeneration<Claim> {
    /// Claims to set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims_to_add_or_override: Option<BTreeMap<String, Claim>>,
    /// Claims to leave out; suppressing wins over adding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims_to_suppress: Option<Vec<String>>,
    /// Scopes to add; no blanks in them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes_to_add: Option<Vec<String>>,
    /// Scopes to leave out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes_to_suppress: Option<Vec<String>>,
}

/// Groups and roles that replace the user's own in both tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupOverrideDetails {
    /// `cognito:groups`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups_to_override: Option<Vec<String>>,
    /// `cognito:roles`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iam_roles_to_override: Option<Vec<String>>,
    /// `cognito:preferred_role`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_role: Option<String>,
}

// No change is the default for every type of claim; a derived default would ask that `Claim` have one.
impl<Claim> Default for ResponseV2<Claim> {
    fn default() -> Self {
        Self {
            claims_and_scope_override_details: None,
        }
    }
}

impl<Claim> Default for ClaimsAndScopeOverrideDetails<Claim> {
    fn default() -> Self {
        Self {
            id_token_generation: None,
            access_token_generation: None,
            group_override_details: None,
        }
    }
}

impl<Claim> Default for IdTokenGeneration<Claim> {
    fn default() -> Self {
        Self {
            claims_to_add_or_override: None,
            claims_to_suppress: None,
        }
    }
}

impl<Claim> Default for AccessTokenGeneration<Claim> {
    fn default() -> Self {
        Self {
            claims_to_add_or_override: None,
            claims_to_suppress: None,
            scopes_to_add: None,
            scopes_to_suppress: None,
        }
    }
}

// Claims are about a person: `Debug` shows their names alone.
impl fmt::Debug for ClaimsOverrideDetails {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let claims = self.claims_to_add_or_override.as_ref().map(Names);
        formatter
            .debug_struct("ClaimsOverrideDetails")
            .field("claims_to_add_or_override", &claims)
            .field("claims_to_suppress", &self.claims_to_suppress)
            .field("group_override_details", &self.group_override_details)
            .finish()
    }
}

impl<Claim> fmt::Debug for IdTokenGeneration<Claim> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let claims = self.claims_to_add_or_override.as_ref().map(Names);
        formatter
            .debug_struct("IdTokenGeneration")
            .field("claims_to_add_or_override", &claims)
            .field("claims_to_suppress", &self.claims_to_suppress)
            .finish()
    }
}

impl<Claim> fmt::Debug for AccessTokenGeneration<Claim> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let claims = self.claims_to_add_or_override.as_ref().map(Names);
        formatter
            .debug_struct("AccessTokenGeneration")
            .field("claims_to_add_or_override", &claims)
            .field("claims_to_suppress", &self.claims_to_suppress)
            .field("scopes_to_add", &self.scopes_to_add)
            .field("scopes_to_suppress", &self.scopes_to_suppress)
            .finish()
    }
}
