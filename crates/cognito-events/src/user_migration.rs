//! User migration: a name that the pool does not know signs in with a plain password, or has forgotten it.
//!
//! The event's user name is what the person typed.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html>

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::redacted::{Attributes, ClientMetadata, RedactedMap};
use crate::tolerant;

/// The event of this trigger.
pub type Event = crate::Event<TriggerSource, Request>;

/// What made Cognito call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TriggerSource {
    /// Sign-in with a plain password.
    #[serde(rename = "UserMigration_Authentication")]
    Authentication,
    /// `ForgotPassword`.
    #[serde(rename = "UserMigration_ForgotPassword")]
    ForgotPassword,
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
    /// What the person typed; none when the password was forgotten.
    #[serde(default, deserialize_with = "tolerant::secret")]
    pub password: Option<SecretString>,
    /// What the app passed along when it began the sign-in.
    #[serde(default)]
    pub validation_data: Attributes,
    /// What the app passed along with its call.
    #[serde(default)]
    pub client_metadata: ClientMetadata,
}

/// What the trigger answers; without attributes there is no such user.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Response {
    /// The attributes of the new user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_attributes: Option<RedactedMap<String>>,
    /// Whether the user may go on with this password; absent is [`FinalUserStatus::ResetRequired`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub final_user_status: Option<FinalUserStatus>,
    /// Absent, a welcome message is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_action: Option<MessageAction>,
    /// How the welcome message is sent; absent is by SMS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desired_delivery_mediums: Option<Vec<DeliveryMedium>>,
    /// Takes an alias away from its present owner; otherwise the migration fails when it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub force_alias_creation: Option<bool>,
    /// Turns on codes by SMS for the user, who must have a telephone number.
    #[serde(rename = "enableSMSMFA", skip_serializing_if = "Option::is_none")]
    pub enable_sms_mfa: Option<bool>,
}

/// How a migrated user begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FinalUserStatus {
    /// The user signs in with the same password.
    Confirmed,
    /// The user must set a new password.
    ResetRequired,
}

/// Whether a migrated user is greeted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MessageAction {
    /// No welcome message.
    Suppress,
}

/// How a message reaches a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeliveryMedium {
    /// By e-mail.
    Email,
    /// By SMS.
    Sms,
}
