//! Which second factors a user has, as two operations set it and two show it.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::Error;
use crate::user_pool::{SecondFactor, SecondFactors, User, UserPool};

/// What `SetUserMFAPreference` changes; a factor that it leaves out stays as it is.
#[derive(Deserialize)]
pub(super) struct MfaSettings {
    #[serde(rename = "SMSMfaSettings")]
    sms: Option<Setting>,
    #[serde(rename = "SoftwareTokenMfaSettings")]
    software_token: Option<Setting>,
    #[serde(rename = "EmailMfaSettings")]
    email: Option<Setting>,
    #[serde(rename = "WebAuthnMfaSettings")]
    passkey: Option<Value>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Setting {
    #[serde(default)]
    enabled: bool,
    #[serde(default)]
    preferred_mfa: bool,
}

impl MfaSettings {
    /// Changes the user's factors, all of them or none.
    pub(super) fn apply(&self, pool: &UserPool, user: &User, now: i64) -> Result<(), Error> {
        if self.passkey.is_some() {
            return Err(Error::UnsupportedOperation(
                "local-cognito does not support WebAuthnMfaSettings".to_owned(),
            ));
        }
        let mut state = pool.state();
        let user = state
            .users
            .find_for_administrator(&pool.config, &user.sub)?
            .clone();
        let mut factors = user.second_factors.clone();
        let settings = [
            (SecondFactor::Sms, self.sms),
            (SecondFactor::SoftwareToken, self.software_token),
            (SecondFactor::Email, self.email),
        ];
        for (factor, setting) in settings {
            if let Some(setting) = setting {
                set(&mut factors, pool, &user, factor, setting)?;
            }
        }
        let preferred = |(_, setting): &&(_, Option<Setting>)| {
            setting.is_some_and(|setting| setting.preferred_mfa)
        };
        if settings.iter().filter(preferred).count() > 1 {
            // The text is ours; D: "Only one factor can be set as preferred."
            return Err(Error::invalid("Only one MFA factor can be preferred"));
        }
        let turned_off = !user.second_factors.active.is_empty() && factors.active.is_empty();
        if turned_off && pool.config.mfa_configuration == "ON" {
            // The text is ours; D: that it cannot be done.
            return Err(Error::invalid(
                "MFA cannot be turned off for a user of a user pool that requires it",
            ));
        }
        state
            .users
            .change(&pool.config, &user.username, now, |user| {
                user.second_factors = factors;
            });
        Ok(())
    }
}

fn set(
    factors: &mut SecondFactors,
    pool: &UserPool,
    user: &User,
    factor: SecondFactor,
    setting: Setting,
) -> Result<(), Error> {
    if setting.enabled {
        if !factor.offered(&pool.config) || !factor.set_up(user) {
            return Err(Error::invalid(format!(
                "User does not have delivery config set to turn on {}",
                factor.as_str()
            ))); // W, for an app that is not set up
        }
        factors.active.insert(factor);
    } else {
        factors.active.remove(&factor);
    }
    match (setting.preferred_mfa, setting.enabled) {
        (true, true) => factors.preferred = Some(factor),
        (true, false) => {
            // The text is ours.
            return Err(Error::invalid(format!(
                "{} cannot be preferred without being enabled",
                factor.as_str()
            )));
        }
        (false, _) if factors.preferred == Some(factor) => factors.preferred = None,
        (false, _) => {}
    }
    Ok(())
}

/// `UserMFASettingList`, which AWS leaves out where it is empty.
pub(super) fn list(user: &User) -> Value {
    let active = user.second_factors.active.iter();
    let names: Vec<_> = active.map(|factor| factor.as_str()).collect();
    if names.is_empty() {
        return Value::Null;
    }
    json!(names)
}

/// `PreferredMfaSetting`.
pub(super) fn preferred(user: &User) -> Option<&'static str> {
    user.second_factors.preferred.map(SecondFactor::as_str)
}
