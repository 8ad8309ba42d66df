//! Pre sign-up: the only trigger that runs before a user exists.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html>

use serde::{Deserialize, Serialize};

use crate::redacted::{Attributes, ClientMetadata};
use crate::tolerant;

/// The event of this trigger.
pub type Event = crate::Event<TriggerSource, Request>;

/// What made Cognito call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TriggerSource {
    /// `SignUp`, and the sign-up page of managed login.
    #[serde(rename = "PreSignUp_SignUp")]
    SignUp,
    /// `AdminCreateUser`, and the console.
    #[serde(rename = "PreSignUp_AdminCreateUser")]
    AdminCreateUser,
    /// The first sign-in of a federated identity that is not linked yet.
    #[serde(rename = "PreSignUp_ExternalProvider")]
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

/// What the trigger is asked. The password is never in it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The attributes that the new user would have. `sub` is allocated later.
    #[serde(default)]
    pub user_attributes: Attributes,
    /// What the app sent for this decision alone.
    #[serde(default)]
    pub validation_data: Attributes,
    /// What the app passed along with its call.
    #[serde(default)]
    pub client_metadata: ClientMetadata,
}

/// What the trigger answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Response {
    /// Confirms the user without a code.
    #[serde(default, deserialize_with = "tolerant::or_default")]
    pub auto_confirm_user: bool,
    /// Marks the e-mail address as verified; where it is an alias, this takes the alias away from its present owner.
    #[serde(default, deserialize_with = "tolerant::or_default")]
    pub auto_verify_email: bool,
    /// Marks the telephone number as verified; where it is an alias, this takes the alias away from its present owner.
    #[serde(default, deserialize_with = "tolerant::or_default")]
    pub auto_verify_phone: bool,
}
