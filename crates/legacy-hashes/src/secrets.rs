use std::collections::BTreeMap;

use legacy_password::{Pepper, Unsupported};
use legacy_users::StoredHash;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value};

/// What a hash was made with that its row does not have.
#[derive(Clone, Copy)]
pub struct HashSecrets<'a> {
    /// What went into every hash.
    pub pepper: Option<&'a Peppering>,
    /// What all hashes of one project share.
    pub projects: &'a Projects,
}

/// The settings of projects, such as Firebase's signer key, by the names of the projects.
pub type Projects = BTreeMap<String, Value>;

/// What went into every hash of the older system, and how.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peppering {
    how: How,
    value: SecretString,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum How {
    Append,
    Prepend,
    HmacSha256,
}

impl Peppering {
    pub(crate) fn pepper(&self) -> Pepper {
        let pepper = match self.how {
            How::Append => Pepper::Append,
            How::Prepend => Pepper::Prepend,
            How::HmacSha256 => Pepper::HmacSha256,
        };
        pepper(self.value.clone())
    }
}

impl HashSecrets<'_> {
    /// The hash's own settings over those of its project.
    pub(crate) fn settings(self, stored: &StoredHash) -> Result<Value, Unsupported> {
        let Some(project) = &stored.project else {
            return Ok(stored.settings.clone());
        };
        let shared = self.projects.get(project).and_then(Value::as_object);
        let mut settings = shared
            .ok_or(Unsupported::Settings("its project has none"))?
            .clone();
        let own = stored.settings.as_object();
        settings.extend(own.map_or_else(Map::new, Map::clone));
        Ok(Value::Object(settings))
    }
}
