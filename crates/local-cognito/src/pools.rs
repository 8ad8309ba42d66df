//! The user pools: those of the template, and those that clients make while the stand-in runs.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::template;
use crate::user_pool::UserPool;

/// The user pools, by id. What a request has got hold of stays as it is until the request ends, whatever others change meanwhile.
#[derive(Default)]
pub(crate) struct Pools {
    by_id: RwLock<BTreeMap<String, Arc<UserPool>>>,
}

impl Pools {
    pub(crate) fn new(pools: impl IntoIterator<Item = UserPool>) -> Self {
        let by_id = pools
            .into_iter()
            .map(|pool| (pool.config.id.clone(), Arc::new(pool)))
            .collect();
        Self {
            by_id: RwLock::new(by_id),
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<Arc<UserPool>> {
        self.read().get(id).cloned()
    }

    /// In the order of their ids.
    pub(crate) fn all(&self) -> Vec<Arc<UserPool>> {
        self.read().values().cloned().collect()
    }

    /// Adds a pool.
    pub(crate) fn add(&self, pool: UserPool) {
        self.write().insert(pool.config.id.clone(), Arc::new(pool));
    }

    /// Changes a pool's configuration, and tells what `change` tells; nothing changes where that is an error. Users, keys and everything
    /// else stay.
    pub(crate) fn change<T, E>(
        &self,
        id: &str,
        change: impl FnOnce(&mut template::UserPool) -> Result<T, E>,
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
    pub(crate) fn remove(&self, id: &str) -> Option<Arc<UserPool>> {
        self.write().remove(id)
    }

    fn read(&self) -> RwLockReadGuard<'_, BTreeMap<String, Arc<UserPool>>> {
        self.by_id.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, BTreeMap<String, Arc<UserPool>>> {
        self.by_id.write().unwrap_or_else(PoisonError::into_inner)
    }
}
