use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::tolerant;

/// One round of a custom sign-in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChallengeResult {
    /// The challenge.
    #[serde(default, deserialize_with = "tolerant::name")]
    pub challenge_name: ChallengeName,
    /// Whether it was passed. `SRP_A` passes without any password, so a result says nothing without the name.
    #[serde(default, deserialize_with = "tolerant::or_default")]
    pub challenge_result: bool,
    /// What create auth challenge kept for later rounds; only of a custom challenge.
    #[serde(default, deserialize_with = "tolerant::secret")]
    pub challenge_metadata: Option<SecretString>,
}

/// A challenge, as it stands in a session and in the answer of define auth challenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChallengeName {
    /// What create auth challenge makes.
    CustomChallenge,
    /// The client has begun the password proof; nothing is proved yet.
    SrpA,
    /// The password proof.
    PasswordVerifier,
    /// A code by SMS.
    SmsMfa,
    /// A code by e-mail.
    EmailOtp,
    /// A code of an authenticator app.
    SoftwareTokenMfa,
    /// The client has begun the proof of a remembered device.
    DeviceSrpAuth,
    /// The proof of a remembered device.
    DevicePasswordVerifier,
    /// A plain password, by an administrator's call.
    AdminNoSrpAuth,
    /// A challenge that this version does not know; empty when there was none.
    #[serde(untagged)]
    Unknown(String),
}

impl Default for ChallengeName {
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}
