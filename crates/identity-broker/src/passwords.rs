//! Passwords of legacy users: the same work, the same calls and the same answer whether there is such a user or not.

use std::fmt;
use std::str::FromStr;

use legacy_password::{LegacyHash, Limits, Preparation, Unsupported};
use legacy_users::{LegacyName, LegacyUsers, LegacyUsersError, Standing, State, StoredHash};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::secrets::Secrets;

/// The table of legacy users, and the hash that stands for those whom it does not know.
#[derive(Debug)]
pub(crate) struct LegacyPasswords {
    pub(crate) users: LegacyUsers,
    pub(crate) sample: StoredHash,
}

impl LegacyPasswords {
    /// The user of that name, if the password is theirs. Who has moved to the user pool, or was deleted, is nobody here.
    pub(crate) async fn check(
        &self,
        name: &LegacyName,
        password: &SecretString,
        secrets: &Secrets,
    ) -> Result<Option<legacy_users::LegacyUser>, PasswordError> {
        let user = match self.users.find(name).await {
            Ok(Standing { row, state }) => row.filter(|_| state == State::Waiting),
            // Who has a row that cannot be read is nobody until somebody has corrected it.
            Err(LegacyUsersError::Malformed(malformed)) => {
                log_unusable(&malformed);
                None
            }
            Err(error) => return Err(error.into()),
        };
        let stored = user.as_ref().and_then(|user| user.hash.as_ref());
        let hash = self.hash_of(stored, secrets)?;
        let preparation = Preparation {
            pepper: secrets.pepper(),
            fallbacks: Vec::new(),
        };
        let password = password.clone();
        // Apart, so that the edge can answer meanwhile. Nothing ends the work sooner than its limits.
        let is_right = tokio::task::spawn_blocking(move || {
            hash.verify_prepared(password.expose_secret().as_bytes(), &preparation)
        });
        let is_right = is_right.await?;
        Ok(user.filter(|_| is_right))
    }

    fn hash_of(
        &self,
        stored: Option<&StoredHash>,
        secrets: &Secrets,
    ) -> Result<LegacyHash, Unsupported> {
        if let Some(stored) = stored {
            match read(stored, secrets) {
                Ok(hash) => return Ok(hash),
                Err(error) => log_unusable(&error),
            }
        }
        Ok(read(&self.sample, secrets)?.into_dummy())
    }
}

fn log_unusable(cause: &(dyn std::error::Error + 'static)) {
    tracing::error!(
        cause = entrypoint::with_causes(cause),
        "a legacy user cannot be used"
    );
}

fn read(stored: &StoredHash, secrets: &Secrets) -> Result<LegacyHash, Unsupported> {
    let limits = Limits::default();
    let text = stored.text.expose_secret();
    match stored.format {
        None => LegacyHash::parse(text, &limits),
        Some(format) => LegacyHash::parse_as(format, text, &settings(stored, secrets)?, &limits),
    }
}

/// The hash's own settings over those of its project.
fn settings(stored: &StoredHash, secrets: &Secrets) -> Result<Value, Unsupported> {
    let Some(project) = &stored.project else {
        return Ok(stored.settings.clone());
    };
    let shared = secrets.projects.get(project).and_then(Value::as_object);
    let mut settings = shared
        .ok_or(Unsupported::Settings("its project has none"))?
        .clone();
    let own = stored.settings.as_object();
    settings.extend(own.map_or_else(Map::new, Map::clone));
    Ok(Value::Object(settings))
}

/// Why nobody can say whether a password is right.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PasswordError {
    #[error("failed to look for the legacy user")]
    Table(#[from] LegacyUsersError),
    #[error("the sample hash cannot be used")]
    Sample(#[from] Unsupported),
    #[error("failed to check the password")]
    Work(#[from] tokio::task::JoinError),
}

/// A hash as a row of the table has it: its text alone, or an object of what a row has besides.
pub(crate) struct Sample(pub(crate) StoredHash);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    hash: String,
    format: Option<String>,
    #[serde(default)]
    settings: Value,
    project: Option<String>,
}

impl FromStr for Sample {
    type Err = NoSample;

    fn from_str(text: &str) -> Result<Self, NoSample> {
        // No hash is JSON, but some begin with a brace.
        let written = serde_json::from_str::<Written>(text).ok();
        if written.is_none() {
            LegacyHash::parse(text, &Limits::default()).map_err(|_| NoSample)?;
        }
        let written = written.unwrap_or_else(|| Written {
            hash: text.to_owned(),
            format: None,
            settings: Value::Null,
            project: None,
        });
        let format = written.format.map(|format| format.parse());
        Ok(Self(StoredHash {
            text: written.hash.into(),
            format: format.transpose().map_err(|_| NoSample)?,
            settings: written.settings,
            project: written.project,
        }))
    }
}

/// Not a hash that can be checked. It may be somebody's, so nothing of it is said.
#[derive(Debug)]
pub(crate) struct NoSample;

impl fmt::Display for NoSample {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the hash is of no known format")
    }
}
