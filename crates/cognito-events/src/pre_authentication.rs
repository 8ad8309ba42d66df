//! Pre authentication: a sign-in begins, and no password has been checked yet.
//!
//! It does not run for a refresh, nor for a first federated sign-in.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html>

use serde::{Deserialize, Serialize};

use crate::redacted::{Attributes, ClientMetadata};
use crate::tolerant;

/// The event of this trigger.
pub type Event = crate::Event<TriggerSource, Request>;

/// What made Cognito call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TriggerSource {
    /// The start of a sign-in.
    #[serde(rename = "PreAuthentication_Authentication")]
    Authentication,
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
    /// The user's attributes; none when the user was not found.
    #[serde(default)]
    pub user_attributes: Attributes,
    /// What the app passed along when it began the sign-in.
    #[serde(default)]
    pub validation_data: Attributes,
    /// What the app passed along with its call; AWS does not document it here.
    #[serde(default)]
    pub client_metadata: ClientMetadata,
    /// There is no such user, and the app client keeps that secret (`PreventUserExistenceErrors`).
    #[serde(default, deserialize_with = "tolerant::or_default")]
    pub user_not_found: bool,
}

/// What the trigger answers: nothing. It refuses by failing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {}
