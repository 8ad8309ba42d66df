//! Post authentication: credentials and all challenges were accepted, and no token has been issued yet.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-authentication.html>

use serde::{Deserialize, Serialize};

use crate::redacted::{Attributes, ClientMetadata};
use crate::tolerant;

/// The event of this trigger.
pub type Event = crate::Event<TriggerSource, Request>;

/// What made Cognito call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TriggerSource {
    /// The end of a sign-in.
    #[serde(rename = "PostAuthentication_Authentication")]
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

/// What the trigger is told.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The user's attributes.
    #[serde(default)]
    pub user_attributes: Attributes,
    /// The device is new; says something only in a pool that remembers devices.
    #[serde(default, deserialize_with = "tolerant::or_default")]
    pub new_device_used: bool,
    /// What the app passed along with its call.
    #[serde(default)]
    pub client_metadata: ClientMetadata,
}

/// What the trigger answers: nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {}
