//! Custom email sender: sends every e-mail of the pool, instead of Cognito. Nothing is read from its answer.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-email-sender.html>

use serde::{Deserialize, Serialize};

use crate::sender_request::SenderRequest;

/// The event of this trigger.
pub type Event = crate::Event<TriggerSource, SenderRequest>;

/// What made Cognito call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TriggerSource {
    /// The code after `SignUp`.
    #[serde(rename = "CustomEmailSender_SignUp")]
    SignUp,
    /// The temporary password of an invitation.
    #[serde(rename = "CustomEmailSender_AdminCreateUser")]
    AdminCreateUser,
    /// `ResendConfirmationCode`.
    #[serde(rename = "CustomEmailSender_ResendCode")]
    ResendCode,
    /// `ForgotPassword`, and `AdminResetUserPassword`.
    #[serde(rename = "CustomEmailSender_ForgotPassword")]
    ForgotPassword,
    /// A changed address or telephone number needs a code.
    #[serde(rename = "CustomEmailSender_UpdateUserAttribute")]
    UpdateUserAttribute,
    /// `GetUserAttributeVerificationCode`.
    #[serde(rename = "CustomEmailSender_VerifyUserAttribute")]
    VerifyUserAttribute,
    /// A code for signing in.
    #[serde(rename = "CustomEmailSender_Authentication")]
    Authentication,
    /// Threat protection has acted on a sign-in. In place of user attributes come names such as `IP_ADDRESS` and `LOGIN_TIME`.
    #[serde(rename = "CustomEmailSender_AccountTakeOverNotification")]
    AccountTakeOverNotification,
    /// A source that this version does not know; empty when there was none.
    #[serde(untagged)]
    Unknown(String),
}

impl Default for TriggerSource {
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}
