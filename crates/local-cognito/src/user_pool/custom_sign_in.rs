use cognito_events::RedactedMap;
use secrecy::SecretString;

/// A sign-in by custom challenges, as far as it has come.
#[derive(Clone)]
pub(crate) struct CustomSignIn {
    /// What was typed: the functions hear it of somebody who does not exist.
    pub(crate) typed: String,
    /// The client's public number for a proof of the password, until that is asked for.
    pub(crate) srp_a: Option<String>,
    /// The device that the client says it is.
    pub(crate) device_key: Option<String>,
    /// Whether a second factor was left out since the device is to prove itself.
    pub(crate) device_stands_in: bool,
    /// The `session` of the functions: the rounds so far, oldest first.
    pub(crate) rounds: Vec<Round>,
}

/// One round of a custom sign-in.
#[derive(Clone)]
pub(crate) struct Round {
    pub(crate) challenge: &'static str,
    pub(crate) passed: bool,
    /// What create auth challenge noted; only of its own challenges.
    pub(crate) metadata: Option<SecretString>,
}

/// What create auth challenge made.
pub(crate) struct CustomChallenge {
    /// For verify auth challenge response, in this round alone.
    pub(crate) private_parameters: RedactedMap<String>,
    /// For the rounds after this one.
    pub(crate) metadata: Option<SecretString>,
}

impl CustomSignIn {
    /// Notes a challenge of Cognito's own, of which the functions see only those that were passed.
    pub(crate) fn passed(&mut self, challenge: &'static str) {
        self.rounds.push(Round {
            challenge,
            passed: true,
            metadata: None,
        });
    }

    /// Whether the client has begun with a proof of the password, and nothing else has happened.
    pub(crate) fn begins_with_password(&self) -> bool {
        matches!(&self.rounds[..], [only] if only.challenge == "SRP_A")
    }

    /// Whether the password was proven.
    pub(crate) fn has_proven_password(&self) -> bool {
        let mut rounds = self.rounds.iter();
        rounds.any(|round| round.challenge == "PASSWORD_VERIFIER")
    }
}
