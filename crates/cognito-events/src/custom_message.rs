//! Custom message: the text of a message that Cognito is about to send. The code itself is never in the event.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html>

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::redacted::{Attributes, ClientMetadata};
use crate::tolerant;

/// The event of this trigger.
pub type Event = crate::Event<TriggerSource, Request>;

/// What made Cognito call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TriggerSource {
    /// The code or link after `SignUp`.
    #[serde(rename = "CustomMessage_SignUp")]
    SignUp,
    /// The invitation with a temporary password.
    #[serde(rename = "CustomMessage_AdminCreateUser")]
    AdminCreateUser,
    /// `ResendConfirmationCode`.
    #[serde(rename = "CustomMessage_ResendCode")]
    ResendCode,
    /// `ForgotPassword`, and `AdminResetUserPassword`.
    #[serde(rename = "CustomMessage_ForgotPassword")]
    ForgotPassword,
    /// A changed address or telephone number needs a code.
    #[serde(rename = "CustomMessage_UpdateUserAttribute")]
    UpdateUserAttribute,
    /// `GetUserAttributeVerificationCode`.
    #[serde(rename = "CustomMessage_VerifyUserAttribute")]
    VerifyUserAttribute,
    /// A code for signing in.
    #[serde(rename = "CustomMessage_Authentication")]
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
    /// The user's attributes.
    #[serde(default)]
    pub user_attributes: Attributes,
    /// What stands for the code in the text, `{####}`; every message must contain it.
    #[serde(default, deserialize_with = "tolerant::text")]
    pub code_parameter: String,
    /// What stands for the link, such as `{##Click Here##}`. Observed: not in AWS's documentation.
    pub link_parameter: Option<String>,
    /// What stands for the user name, `{username}`; only for an invitation, which must contain it.
    pub username_parameter: Option<String>,
    /// What the app passed along with its call.
    #[serde(default)]
    pub client_metadata: ClientMetadata,
}

/// What the trigger answers; a text that is absent is the pool's own template.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Response {
    /// At most 140 characters, the inserted code included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sms_message: Option<String>,
    /// HTML of at most 20,000 characters, the inserted code included; only in a pool that sends through its own SES.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_message: Option<String>,
    /// At most 140 characters; only in a pool that sends through its own SES.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_subject: Option<String>,
}

// A message addresses a person: `Debug` shows only which texts there are.
impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Response")
            .field("sms_message", &self.sms_message.is_some())
            .field("email_message", &self.email_message.is_some())
            .field("email_subject", &self.email_subject.is_some())
            .finish()
    }
}
