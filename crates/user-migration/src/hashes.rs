use std::sync::Arc;

use legacy_password::{LegacyHash, Preparation, Unsupported};
use legacy_users::StoredHash;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::config::HashRules;
use crate::secrets::{SecretStore, Secrets};
use crate::source::SourceError;

/// Checks passwords against hashes of older systems.
#[derive(Debug)]
pub(crate) struct Hashes {
    pub(crate) rules: HashRules,
    pub(crate) secrets: Arc<SecretStore>,
}

impl Hashes {
    /// Whether the password is the hash's. Where there is no hash, or none that can be used, the sample is checked, which no password fits.
    pub(crate) async fn fits(
        &self,
        stored: Option<&StoredHash>,
        password: &SecretString,
        now: OffsetDateTime,
    ) -> Result<bool, SourceError> {
        let secrets = self.secrets.get(now).await?;
        let hash = self.hash_of(stored, &secrets)?;
        let preparation = Preparation {
            pepper: secrets.pepper(),
            fallbacks: self.rules.fallbacks.clone(),
        };
        let password = password.clone();
        // Apart, so that the edge can answer meanwhile. Nothing ends the work sooner than its limits.
        let is_right = tokio::task::spawn_blocking(move || {
            hash.verify_prepared(password.expose_secret().as_bytes(), &preparation)
        });
        Ok(is_right.await?)
    }

    fn hash_of(
        &self,
        stored: Option<&StoredHash>,
        secrets: &Secrets,
    ) -> Result<LegacyHash, SourceError> {
        if let Some(stored) = stored {
            match self.read(stored, secrets) {
                Ok(hash) => return Ok(hash),
                Err(error) => tracing::error!(
                    cause = entrypoint::with_causes(&error),
                    "a legacy user's hash cannot be used"
                ),
            }
        }
        Ok(self.read(&self.rules.sample, secrets)?.into_dummy())
    }

    fn read(&self, stored: &StoredHash, secrets: &Secrets) -> Result<LegacyHash, Unsupported> {
        let limits = &self.rules.limits;
        let text = stored.text.expose_secret();
        match stored.format {
            None => LegacyHash::parse(text, limits),
            Some(format) => LegacyHash::parse_as(format, text, &settings(stored, secrets)?, limits),
        }
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
    let own = stored
        .settings
        .as_object()
        .map_or_else(Map::new, Map::clone);
    settings.extend(own);
    Ok(Value::Object(settings))
}

#[cfg(test)]
mod tests;
