//! Custom SMS sender: sends every SMS of the pool, instead of Cognito. Nothing is read from its answer.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-sms-sender.html>

use serde::{Deserialize, Serialize};

use crate::sender_request::SenderRequest;

/// The event of this trigger.
pub type Event = crate::Event<TriggerSource, SenderRequest>;

/// What made Cognito call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TriggerSource {
    /// The code after `SignUp`.
    #[serde(rename = "CustomSMSSender_SignUp")]
    SignUp,
    /// The temporary password of an invitation.
    #[serde(rename = "CustomSMSSender_AdminCreateUser")]
    AdminCreateUser,
    /// `ResendConfirmationCode`.
    #[serde(rename = "CustomSMSSender_ResendCode")]
    ResendCode,
    /// `ForgotPassword`, and `AdminResetUserPassword`.
    #[serde(rename = "CustomSMSSender_ForgotPassword")]
    ForgotPassword,
    /// A changed address or telephone number needs a code.
    #[serde(rename = "CustomSMSSender_UpdateUserAttribute")]
    UpdateUserAttribute,
    /// `GetUserAttributeVerificationCode`.
    #[serde(rename = "CustomSMSSender_VerifyUserAttribute")]
    VerifyUserAttribute,
    /// A code for signing in.
    #[serde(rename = "CustomSMSSender_Authentication")]
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
