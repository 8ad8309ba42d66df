//! The identity pools: those of the template, and those that clients make while the stand-in runs; and the key that signs their tokens.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::identity_pool::{IdentityPool, OpenIdKey};
use crate::template;

/// The identity pools, by id. What a request has got hold of stays as it is until the request ends.
pub(crate) struct IdentityPools {
    by_id: RwLock<BTreeMap<String, Arc<IdentityPool>>>,
    /// As in AWS, all identity pools of a region share it.
    pub(crate) key: Arc<OpenIdKey>,
}

impl IdentityPools {
    pub(crate) fn new(key: OpenIdKey, pools: impl IntoIterator<Item = IdentityPool>) -> Self {
        let by_id = pools
            .into_iter()
            .map(|pool| (pool.config.id.clone(), Arc::new(pool)))
            .collect();
        Self {
            by_id: RwLock::new(by_id),
            key: Arc::new(key),
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<Arc<IdentityPool>> {
        self.read().get(id).cloned()
    }

    /// The pool that has this identity.
    pub(crate) fn with_identity(&self, identity_id: &str) -> Option<Arc<IdentityPool>> {
        let pools = self.read();
        let mut pools = pools.values();
        pools
            .find(|pool| pool.identities().get(identity_id).is_some())
            .cloned()
    }

    /// In the order of their ids.
    pub(crate) fn all(&self) -> Vec<Arc<IdentityPool>> {
        self.read().values().cloned().collect()
    }

    /// Adds a pool.
    pub(crate) fn add(&self, pool: IdentityPool) {
        self.write().insert(pool.config.id.clone(), Arc::new(pool));
    }

    /// Changes a pool's configuration, and tells what `change` tells; nothing changes where that is an error. Its identities stay.
    pub(crate) fn change<T, E>(
        &self,
        id: &str,
        change: impl FnOnce(&mut template::IdentityPool) -> Result<T, E>,
    ) -> Option<Result<T, E>> {
        let mut pools = self.write();
        let pool = pools.get_mut(id)?;
        let mut config = pool.config.clone();
        let changed = change(&mut config);
        if changed.is_ok() {
            *pool = Arc::new(pool.configured(config));
        }
        Some(changed)
    }

    /// Removes a pool.
    pub(crate) fn remove(&self, id: &str) -> Option<Arc<IdentityPool>> {
        self.write().remove(id)
    }

    fn read(&self) -> RwLockReadGuard<'_, BTreeMap<String, Arc<IdentityPool>>> {
        self.by_id.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, BTreeMap<String, Arc<IdentityPool>>> {
        self.by_id.write().unwrap_or_else(PoisonError::into_inner)
    }
}
