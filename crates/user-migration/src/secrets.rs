use legacy_hashes::{HashSecrets, Peppering, Projects};
use secrecy::SecretString;
use serde::Deserialize;

/// What a source has to know and nobody else.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Secrets {
    pepper: Option<Peppering>,
    #[serde(default)]
    projects: Projects,
    /// Of the app client of the other user pool, if that has one.
    pub(crate) old_client_secret: Option<SecretString>,
    /// What requests to the HTTP endpoint are signed with.
    pub(crate) endpoint_key: Option<SecretString>,
    /// Of the account that searches the directory.
    #[cfg(feature = "ldap")]
    pub(crate) ldap_password: Option<SecretString>,
    /// Of the user as whom the database is asked.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(crate) sql_password: Option<SecretString>,
}

impl Secrets {
    pub(crate) fn of_hashes(&self) -> HashSecrets<'_> {
        HashSecrets {
            pepper: self.pepper.as_ref(),
            projects: &self.projects,
        }
    }
}
