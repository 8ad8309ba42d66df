//! The pools of one kind: those of the template, and those that clients make while the stand-in runs.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// A user pool or an identity pool.
pub(crate) trait Pool {
    /// As the template describes it.
    type Config: Clone;

    fn id(&self) -> &str;

    fn config(&self) -> &Self::Config;

    /// The same pool, configured otherwise. Whom it knows stays.
    fn configured(&self, config: Self::Config) -> Self;
}

/// Pools, by id. What a request has got hold of stays as it is until the request ends, whatever others change meanwhile.
pub(crate) struct Pools<P> {
    by_id: RwLock<BTreeMap<String, Arc<P>>>,
}

impl<P: Pool> Pools<P> {
    pub(crate) fn new(pools: impl IntoIterator<Item = P>) -> Self {
        let by_id = pools
            .into_iter()
            .map(|pool| (pool.id().to_owned(), Arc::new(pool)))
            .collect();
        Self {
            by_id: RwLock::new(by_id),
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<Arc<P>> {
        self.read().get(id).cloned()
    }

    /// In the order of their ids.
    pub(crate) fn all(&self) -> Vec<Arc<P>> {
        self.read().values().cloned().collect()
    }

    /// Adds a pool.
    pub(crate) fn add(&self, pool: P) {
        self.write().insert(pool.id().to_owned(), Arc::new(pool));
    }

    /// Changes a pool's configuration, and tells what `change` tells; nothing changes where that is an error.
    pub(crate) fn change<T, E>(
        &self,
        id: &str,
        change: impl FnOnce(&mut P::Config) -> Result<T, E>,
    ) -> Option<Result<T, E>> {
        let mut pools = self.write();
        let pool = pools.get_mut(id)?;
        let mut config = pool.config().clone();
        let changed = change(&mut config);
        if changed.is_ok() {
            *pool = Arc::new(pool.configured(config));
        }
        Some(changed)
    }

    /// Removes a pool.
    pub(crate) fn remove(&self, id: &str) -> Option<Arc<P>> {
        self.write().remove(id)
    }

    fn read(&self) -> RwLockReadGuard<'_, BTreeMap<String, Arc<P>>> {
        self.by_id.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, BTreeMap<String, Arc<P>>> {
        self.by_id.write().unwrap_or_else(PoisonError::into_inner)
    }
}
