//! Inbound federation: what an identity provider said about a user, before it is stored. It runs at every federated sign-in.
//!
//! The provider's values are any JSON: choose the type that reads them as `Value`.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-inbound-federation.html>

use serde::{Deserialize, Serialize};

use crate::redacted::RedactedMap;
use crate::tolerant;

/// The event of this trigger.
pub type Event<Value> = crate::Event<TriggerSource, Request<Value>>;

/// What made Cognito call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TriggerSource {
    /// Any federated sign-in.
    #[serde(rename = "InboundFederation_ExternalProvider")]
    ExternalProvider,
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
#[derive(Debug, Deserialize)]
#[serde(
    rename_all = "camelCase",
    bound(deserialize = "Value: Deserialize<'de>")
)]
pub struct Request<Value> {
    /// The provider's name in the pool.
    #[serde(default, deserialize_with = "tolerant::text")]
    pub provider_name: String,
    /// The provider's kind.
    #[serde(default, deserialize_with = "tolerant::name")]
    pub provider_type: ProviderType,
    /// What the provider said.
    #[serde(default, deserialize_with = "tolerant::or_default")]
    pub attributes: ProviderAttributes<Value>,
}

impl<Value> Default for Request<Value> {
    fn default() -> Self {
        Self {
            provider_name: String::new(),
            provider_type: ProviderType::default(),
            attributes: ProviderAttributes::default(),
        }
    }
}

/// The kind of an identity provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProviderType {
    /// Any OpenID Connect provider.
    #[serde(rename = "OIDC")]
    Oidc,
    /// Any SAML provider.
    #[serde(rename = "SAML")]
    Saml,
    /// Facebook.
    Facebook,
    /// Google.
    Google,
    /// Apple.
    SignInWithApple,
    /// Amazon.
    LoginWithAmazon,
    /// A kind that this version does not know; empty when there was none.
    #[serde(untagged)]
    Unknown(String),
}

impl Default for ProviderType {
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}

/// What a provider said: the first three from OpenID Connect and social providers, the last from SAML providers.
#[derive(Debug, Deserialize)]
#[serde(
    rename_all = "camelCase",
    bound(deserialize = "Value: Deserialize<'de>")
)]
pub struct ProviderAttributes<Value> {
    /// The token endpoint's answer, with the provider's own tokens.
    #[serde(default, deserialize_with = "tolerant::or_default")]
    pub token_response: RedactedMap<Value>,
    /// The claims of the ID token.
    #[serde(default, deserialize_with = "tolerant::or_default")]
    pub id_token: RedactedMap<Value>,
    /// The user info endpoint's answer; may be empty.
    #[serde(default, deserialize_with = "tolerant::or_default")]
    pub user_info: RedactedMap<Value>,
    /// The attributes of the SAML assertion.
    #[serde(default, deserialize_with = "tolerant::or_default")]
    pub saml_response: RedactedMap<Value>,
}

impl<Value> Default for ProviderAttributes<Value> {
    fn default() -> Self {
        Self {
            token_response: RedactedMap::default(),
            id_token: RedactedMap::default(),
            user_info: RedactedMap::default(),
            saml_response: RedactedMap::default(),
        }
    }
}

/// What the trigger answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    bound(deserialize = "Value: Deserialize<'de>")
)]
pub struct Response<Value> {
    /// The provider's attributes that are to be mapped. Empty keeps them all; otherwise what is left out is dropped.
    #[serde(default, deserialize_with = "tolerant::or_default")]
    pub user_attributes_to_map: RedactedMap<Value>,
}

impl<Value> Default for Response<Value> {
    fn default() -> Self {
        Self {
            user_attributes_to_map: RedactedMap::default(),
        }
    }
}
