//! Define auth challenge: what comes next in a custom sign-in, as the session so far has it.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html>

use serde::{Deserialize, Serialize};

use crate::redacted::{Attributes, ClientMetadata};
use crate::session::{ChallengeName, ChallengeResult};
use crate::tolerant;

/// The event of this trigger.
pub type Event = crate::Event<TriggerSource, Request>;

/// What made Cognito call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TriggerSource {
    /// `CUSTOM_AUTH`, by `InitiateAuth` or `RespondToAuthChallenge`.
    #[serde(rename = "DefineAuthChallenge_Authentication")]
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
    /// The challenges so far, oldest first; none at the first call.
    #[serde(default, deserialize_with = "tolerant::list")]
    pub session: Vec<ChallengeResult>,
    /// What the app passed along with its call.
    #[serde(default)]
    pub client_metadata: ClientMetadata,
    /// There is no such user, and the app client keeps that secret (`PreventUserExistenceErrors`).
    #[serde(default, deserialize_with = "tolerant::or_default")]
    pub user_not_found: bool,
}

/// What the trigger answers: the next challenge, or tokens, or failure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Response {
    /// The next challenge; only [`ChallengeName::CustomChallenge`] leads to create auth challenge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge_name: Option<ChallengeName>,
    /// The user is signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issue_tokens: Option<bool>,
    /// The sign-in has failed. Together with `issue_tokens` it is undefined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_authentication: Option<bool>,
}
