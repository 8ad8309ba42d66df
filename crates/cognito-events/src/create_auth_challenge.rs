//! Create auth challenge: the challenge that define auth challenge asked for.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-create-auth-challenge.html>

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

use crate::redacted::{Attributes, ClientMetadata, RedactedMap};
use crate::session::{ChallengeName, ChallengeResult};
use crate::tolerant;

/// The event of this trigger.
pub type Event = crate::Event<TriggerSource, Request>;

/// What made Cognito call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TriggerSource {
    /// `CUSTOM_AUTH`, by `InitiateAuth` or `RespondToAuthChallenge`.
    #[serde(rename = "CreateAuthChallenge_Authentication")]
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
    /// The challenge to create.
    #[serde(default, deserialize_with = "tolerant::name")]
    pub challenge_name: ChallengeName,
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

/// What the trigger answers.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Response {
    /// What the app, and so anyone, sees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_challenge_parameters: Option<RedactedMap<String>>,
    /// What only verify auth challenge response sees, in this round alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_challenge_parameters: Option<RedactedMap<String>>,
    /// What later rounds find in their session, and no app sees.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "exposed")]
    pub challenge_metadata: Option<SecretString>,
}

/// The metadata goes to Cognito as it is.
fn exposed<S: Serializer>(secret: &Option<SecretString>, serializer: S) -> Result<S::Ok, S::Error> {
    secret
        .as_ref()
        .map(ExposeSecret::expose_secret)
        .serialize(serializer)
}
