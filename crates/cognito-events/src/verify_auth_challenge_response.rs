//! Verify auth challenge response: whether the answer to a custom challenge is right. A wrong one does not end the sign-in by itself.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-verify-auth-challenge-response.html>

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::redacted::{Attributes, ClientMetadata};
use crate::tolerant;

/// The event of this trigger.
pub type Event = crate::Event<TriggerSource, Request>;

/// What made Cognito call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TriggerSource {
    /// `CUSTOM_AUTH`, by `RespondToAuthChallenge`.
    #[serde(rename = "VerifyAuthChallengeResponse_Authentication")]
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

/// What the trigger is asked. There is no session in it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The user's attributes; none when the user was not found.
    #[serde(default)]
    pub user_attributes: Attributes,
    /// What create auth challenge kept for this.
    #[serde(default)]
    pub private_challenge_parameters: Attributes,
    /// What the person answered.
    #[serde(default, deserialize_with = "tolerant::secret")]
    pub challenge_answer: Option<SecretString>,
    /// What the app passed along with its call.
    #[serde(default)]
    pub client_metadata: ClientMetadata,
    /// There is no such user, and the app client keeps that secret (`PreventUserExistenceErrors`).
    #[serde(default, deserialize_with = "tolerant::or_default")]
    pub user_not_found: bool,
}

/// What the trigger answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Response {
    /// The answer is right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_correct: Option<bool>,
}
