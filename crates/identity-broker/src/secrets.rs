use std::collections::BTreeMap;

use legacy_hashes::{HashSecrets, Peppering, Projects};
use secrecy::SecretString;
use serde::Deserialize;

/// What the broker has to know and nobody else.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Secrets {
    /// By their names: two of one source while one takes the other's place.
    #[serde(default)]
    pub(crate) hmac_keys: BTreeMap<String, HmacKey>,
    pepper: Option<Peppering>,
    #[serde(default)]
    projects: Projects,
}

/// A key that a system of the operator's signs requests with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HmacKey {
    /// The operator's name for that system.
    pub(crate) source: String,
    /// base64 of 32 bytes at least.
    pub(crate) key: SecretString,
}

impl Secrets {
    pub(crate) fn of_hashes(&self) -> HashSecrets<'_> {
        HashSecrets {
            pepper: self.pepper.as_ref(),
            projects: &self.projects,
        }
    }
}
