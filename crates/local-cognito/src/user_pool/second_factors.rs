use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{SoftwareToken, State, Status, Tried, User};
use crate::error::Error;
use crate::template;

/// What a user can show besides a password, by Cognito's name for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum SecondFactor {
    /// A code sent to the user's number.
    #[serde(rename = "SMS_MFA")]
    Sms,
    /// A code that an authenticator app shows.
    #[serde(rename = "SOFTWARE_TOKEN_MFA")]
    SoftwareToken,
    /// A code sent to the user's address.
    #[serde(rename = "EMAIL_OTP")]
    Email,
}

/// How a user has set up the second step of their sign-in.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct SecondFactors {
    /// `UserMFASettingList`.
    pub(crate) active: BTreeSet<SecondFactor>,
    /// `PreferredMfaSetting`.
    pub(crate) preferred: Option<SecondFactor>,
    /// The authenticator app, once a code of it was seen.
    pub(crate) software_token: Option<SoftwareToken>,
    /// One that was handed out, and of which no code was seen.
    pub(crate) new_software_token: Option<SoftwareToken>,
}

impl SecondFactor {
    pub(crate) const ALL: [Self; 3] = [Self::Sms, Self::SoftwareToken, Self::Email];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "SMS_MFA",
            Self::SoftwareToken => "SOFTWARE_TOKEN_MFA",
            Self::Email => "EMAIL_OTP",
        }
    }

    /// The factor of this name, if it is one.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|factor| factor.as_str() == name)
    }

    /// Whether users of the pool can set it up.
    pub(crate) fn offered(self, pool: &template::UserPool) -> bool {
        pool.mfa_configuration != "OFF"
            && pool.enabled_mfas.iter().any(|name| name == self.as_str())
    }

    /// Whether the user has what it needs. A number or address need not be verified (D).
    pub(crate) fn set_up(self, user: &User) -> bool {
        match self {
            Self::Sms => user.attributes.contains_key("phone_number"),
            Self::SoftwareToken => user.second_factors.software_token.is_some(),
            Self::Email => user.attributes.contains_key("email"),
        }
    }
}

impl User {
    /// The second factors among which this user chooses at sign-in; none where a password is enough, or where none is set up.
    ///
    /// Source: Cognito Developer Guide, "Adding MFA to a user pool", "User MFA preferences".
    pub(crate) fn asked_second_factors(&self, pool: &template::UserPool) -> Vec<SecondFactor> {
        if pool.mfa_configuration == "OFF" {
            return Vec::new();
        }
        let SecondFactors {
            active, preferred, ..
        } = &self.second_factors;
        // An authenticator app goes on to work where the pool offers them no longer (D).
        let usable = |factor: &SecondFactor| {
            factor.set_up(self) && (factor.offered(pool) || *factor == SecondFactor::SoftwareToken)
        };
        if let Some(preferred) = preferred.filter(usable) {
            return vec![preferred];
        }
        let chosen: Vec<_> = active.iter().copied().filter(usable).collect();
        if chosen.is_empty() && pool.mfa_configuration == "ON" {
            return SecondFactor::ALL.into_iter().filter(usable).collect();
        }
        chosen
    }

    /// Whether codes may take the place of the password: never where a second factor is asked for (D).
    pub(crate) fn may_sign_in_without_password(&self, pool: &template::UserPool) -> bool {
        self.status == Status::Confirmed
            && match pool.mfa_configuration.as_str() {
                "OFF" => true,
                "ON" => false,
                _ => self.second_factors.active.is_empty(),
            }
    }
}

impl State {
    /// Gives a user the secret of a new authenticator app. One that they have stays as it is until the new one has shown a code.
    pub(crate) fn hand_out_software_token(
        &mut self,
        pool: &template::UserPool,
        username: &str,
        now: i64,
    ) -> Result<String, Error> {
        if !SecondFactor::SoftwareToken.offered(pool) {
            return Err(Error::SoftwareTokenMfaNotFound(
                "Software Token MFA has not been enabled by the userPool",
            )); // D
        }
        let token = SoftwareToken::generate();
        let secret_code = token.secret_code();
        self.users.change(pool, username, now, |user| {
            user.second_factors.new_software_token = Some(token);
        });
        Ok(secret_code)
    }

    /// Takes the new authenticator app in the place of an old one, once it has shown a code. The code is used by that.
    pub(crate) fn verify_software_token(
        &mut self,
        pool: &template::UserPool,
        username: &str,
        code: &str,
        now: i64,
    ) -> Result<(), Error> {
        let user = self.users.find(pool, username);
        let token = user.and_then(|user| user.second_factors.new_software_token.clone());
        // The text is ours for this case.
        let mut token = token.ok_or(Error::SoftwareTokenMfaNotFound(
            "Software Token MFA does not exist for the user.",
        ))?;
        if token.try_code(code, now) != Tried::Right {
            return Err(Error::EnableSoftwareTokenMfa);
        }
        self.users.change(pool, username, now, |user| {
            let factors = &mut user.second_factors;
            factors.new_software_token = None;
            factors.software_token = Some(token);
        });
        Ok(())
    }
}
