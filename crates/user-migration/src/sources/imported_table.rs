use std::sync::Arc;

use legacy_password::{Fallback, LegacyHash, Limits, Preparation, Unsupported};
use legacy_users::{LegacyUser, StoredHash};
use secrecy::ExposeSecret;
use serde_json::{Map, Value};

use crate::secrets::{SecretStore, Secrets};
use crate::source::{Asking, Found, Proof, Question, Source, SourceError};

/// The users whom `lifeguard-import` has put into the table of legacy users, with their hashes.
///
/// Every question about a password checks one hash: the user's own, or, where there is none, the sample, which no password fits.
#[derive(Debug)]
pub(crate) struct ImportedTable {
    pub(crate) sample: StoredHash,
    pub(crate) fallbacks: Vec<Fallback>,
    pub(crate) secrets: Arc<SecretStore>,
}

impl Source for ImportedTable {
    fn name(&self) -> &'static str {
        "imported-table"
    }

    fn ask<'a>(&'a self, question: &'a Question<'a>) -> Asking<'a> {
        Box::pin(self.answer(question))
    }
}

impl ImportedTable {
    async fn answer(&self, question: &Question<'_>) -> Result<Option<Found>, SourceError> {
        let Some(password) = question.password else {
            return Ok(question.row.map(|row| found(row, Proof::Known)));
        };
        let secrets = self.secrets.get(question.now).await?;
        let hash = self.hash_of(question.row, &secrets)?;
        let preparation = Preparation {
            pepper: secrets.pepper(),
            fallbacks: self.fallbacks.clone(),
        };
        let password = password.clone();
        // Apart, so that the edge can answer meanwhile. Nothing ends the work sooner than its limits.
        let is_right = tokio::task::spawn_blocking(move || {
            hash.verify_prepared(password.expose_secret().as_bytes(), &preparation)
        });
        let is_right = is_right.await?;
        let row = question.row.filter(|_| is_right);
        Ok(row.map(|row| found(row, Proof::PasswordRight)))
    }

    /// What the password is checked against.
    fn hash_of(
        &self,
        row: Option<&LegacyUser>,
        secrets: &Secrets,
    ) -> Result<LegacyHash, SourceError> {
        if let Some(stored) = row.and_then(|row| row.hash.as_ref()) {
            match read(stored, secrets) {
                Ok(hash) => return Ok(hash),
                Err(error) => tracing::error!(
                    cause = entrypoint::with_causes(&error),
                    "a legacy user's hash cannot be used"
                ),
            }
        }
        Ok(read(&self.sample, secrets)?.into_dummy())
    }
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
    let own = stored
        .settings
        .as_object()
        .map_or_else(Map::new, Map::clone);
    settings.extend(own);
    Ok(Value::Object(settings))
}

fn found(row: &LegacyUser, proof: Proof) -> Found {
    Found {
        name: row.name.as_str().to_owned(),
        attributes: row.attributes.clone(),
        verified: row.verified.clone(),
        proof,
        cohort: row.cohort.clone(),
        membership: row.membership.clone(),
    }
}
