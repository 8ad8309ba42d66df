use std::fs;
use std::io;

use super::{Saved, Unusable, write_private};
use crate::identity_pool::{IdentityPool, OpenIdKey};
use crate::template;

impl Saved {
    /// The key of the identity pools' tokens, as an earlier run left it or a new one.
    pub(crate) fn open_id_key(&self, region: &str) -> Result<OpenIdKey, Unusable> {
        let path = self.directory.join("open-id-key");
        let failed = |cause: &dyn ToString| Unusable::new(&path, cause);
        match fs::read(&path) {
            Ok(der) => {
                let key = OpenIdKey::from_der(&der, region);
                key.ok_or_else(|| failed(&"not written by this version of local-cognito"))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = OpenIdKey::generate(region);
                write_private(&path, &key.to_der()).map_err(|error| failed(&error))?;
                Ok(key)
            }
            Err(error) => Err(failed(&error)),
        }
    }

    /// An identity pool with the identities that an earlier run left.
    pub(crate) fn identity_pool(
        &self,
        config: &template::IdentityPool,
    ) -> Result<IdentityPool, Unusable> {
        let identities = self.read(&file_name(config))?;
        Ok(IdentityPool::new(config.clone(), identities))
    }
}

/// The id, without the colon that not every file system takes.
pub(super) fn file_name(config: &template::IdentityPool) -> String {
    config.id.replace(':', ".")
}
