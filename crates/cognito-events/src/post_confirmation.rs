//! Post confirmation: the user is confirmed, or has set a new password, and nothing can stop that any more.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html>

use serde::{Deserialize, Serialize};

use crate::redacted::{Attributes, ClientMetadata};

/// The event of this trigger.
pub type Event = crate::Event<TriggerSource, Request>;

/// What made Cognito call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TriggerSource {
    /// The user is confirmed: by a code, by an administrator, by pre sign-up, or by a first federated sign-in.
    #[serde(rename = "PostConfirmation_ConfirmSignUp")]
    ConfirmSignUp,
    /// The user has set a new password after forgetting the old one.
    #[serde(rename = "PostConfirmation_ConfirmForgotPassword")]
    ConfirmForgotPassword,
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
    /// What the app passed along with its call.
    #[serde(default)]
    pub client_metadata: ClientMetadata,
}

/// What the trigger answers: nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {}
