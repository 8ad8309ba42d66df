use std::sync::Arc;

use legacy_hashes::HashRules;
use legacy_users::StoredHash;
use parameter_secrets::SecretStore;
use secrecy::SecretString;
use time::OffsetDateTime;

use crate::secrets::Secrets;
use crate::source::SourceError;

/// Checks passwords against hashes of older systems.
#[derive(Debug)]
pub(crate) struct Hashes {
    pub(crate) rules: HashRules,
    pub(crate) secrets: Arc<SecretStore<Secrets>>,
}

impl Hashes {
    /// Whether the password is the hash's, with the same work whether there is a hash or not.
    pub(crate) async fn fits(
        &self,
        stored: Option<&StoredHash>,
        password: &SecretString,
        now: OffsetDateTime,
    ) -> Result<bool, SourceError> {
        let secrets = self.secrets.get(now).await?;
        Ok(self
            .rules
            .fits(stored, password, secrets.of_hashes())
            .await?)
    }
}
