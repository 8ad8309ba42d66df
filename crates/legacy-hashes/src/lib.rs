//! Whether a password is a legacy user's: one check of the same cost, whether there is such a user or not.
//!
//! [`HashRules`] are what the operator decided about hashes, and [`HashSecrets`] what went into them that no row has. Which formats there are
//! and what they may cost is `legacy-password`'s.

mod sample;
mod secrets;

use entrypoint::Env;
use legacy_password::{Fallback, LegacyHash, Limits, Preparation, Unsupported};
use legacy_users::StoredHash;
use secrecy::{ExposeSecret, SecretString};

pub use secrets::{HashSecrets, Peppering, Projects};

use sample::Sample;

/// How passwords are checked against hashes, and what is checked for users who do not exist.
///
/// Read from `SAMPLE_HASH`, `PASSWORD_FALLBACKS` and `HASH_LIMITS`; the functions that check passwords say what these mean.
#[derive(Debug, Clone, PartialEq)]
pub struct HashRules {
    /// A hash as most users have it.
    pub sample: StoredHash,
    /// Other forms of the password to try.
    pub fallbacks: Vec<Fallback>,
    /// What a hash may cost.
    pub limits: Limits,
}

impl HashRules {
    /// Reads the variables; `None` where the sample is missing or no hash, which is noted as a problem.
    pub fn from_env(env: &mut Env) -> Option<Self> {
        let limits = env.or("HASH_LIMITS", Limits::default());
        let fallbacks = fallbacks(env);
        let sample = sample(env, &limits)?;
        Some(Self {
            sample,
            fallbacks,
            limits,
        })
    }

    /// Whether the password is the hash's. Where there is no hash, or none that can be used, the sample is checked, which no password fits.
    ///
    /// # Errors
    ///
    /// [`NotChecked`], when nobody can say.
    pub async fn fits(
        &self,
        stored: Option<&StoredHash>,
        password: &SecretString,
        secrets: HashSecrets<'_>,
    ) -> Result<bool, NotChecked> {
        let hash = self.hash_of(stored, secrets)?;
        let preparation = Preparation {
            pepper: secrets.pepper.map(Peppering::pepper),
            fallbacks: self.fallbacks.clone(),
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
        secrets: HashSecrets<'_>,
    ) -> Result<LegacyHash, Unsupported> {
        if let Some(stored) = stored {
            match self.read(stored, secrets) {
                Ok(hash) => return Ok(hash),
                Err(error) => tracing::error!(
                    cause = entrypoint::with_causes(&error),
                    "a legacy user's hash cannot be used"
                ),
            }
        }
        Ok(self.read(&self.sample, secrets)?.into_dummy())
    }

    fn read(
        &self,
        stored: &StoredHash,
        secrets: HashSecrets<'_>,
    ) -> Result<LegacyHash, Unsupported> {
        let text = stored.text.expose_secret();
        match stored.format {
            None => LegacyHash::parse(text, &self.limits),
            Some(format) => {
                LegacyHash::parse_as(format, text, &secrets.settings(stored)?, &self.limits)
            }
        }
    }
}

/// Why nobody can say whether a password is right.
#[derive(Debug, thiserror::Error)]
pub enum NotChecked {
    /// So users who do not exist would cost less than others.
    #[error("the sample hash cannot be used")]
    Sample(#[from] Unsupported),
    /// The computation ended before its time.
    #[error("failed to check the password")]
    Work(#[from] tokio::task::JoinError),
}

fn fallbacks(env: &mut Env) -> Vec<Fallback> {
    let words: Vec<String> = env.list("PASSWORD_FALLBACKS");
    let mut fallbacks = Vec::new();
    for word in words {
        match &*word {
            "trimmed" => fallbacks.push(Fallback::Trimmed),
            "nfkc" => fallbacks.push(Fallback::Nfkc),
            "latin-1" => fallbacks.push(Fallback::Latin1),
            "utf-16le" => fallbacks.push(Fallback::Utf16Le),
            _ => env.problem(
                "PASSWORD_FALLBACKS",
                "expected trimmed, nfkc, latin-1 or utf-16le",
            ),
        }
    }
    fallbacks
}

fn sample(env: &mut Env, limits: &Limits) -> Option<StoredHash> {
    const NAME: &str = "SAMPLE_HASH";
    let expected = "a hash as most users have it, of a password that nobody has";
    let text = env.required(NAME, expected);
    if text.is_empty() {
        return None;
    }
    let sample = text.parse().map_err(|problem| env.problem(NAME, problem));
    let Sample(sample) = sample.ok()?;
    if sample.format.is_none()
        && let Err(problem) = LegacyHash::parse(sample.text.expose_secret(), limits)
    {
        env.problem(NAME, problem);
        return None;
    }
    Some(sample)
}

#[cfg(test)]
mod tests;
