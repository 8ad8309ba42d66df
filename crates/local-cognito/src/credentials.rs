//! Every access key that the stand-in has given out.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::access::CallerKind;
use crate::ids;

/// The key with which developers and tests do everything, as an administrator of the account would. It is no secret: what is served here
/// is served on the loopback interface alone.
pub(crate) const ADMINISTRATOR: (&str, &str) = ("local", "local");

/// How long an expired key is remembered, in seconds, so that whoever uses it learns that it has expired.
const EXPIRED_REMEMBERED: i64 = 86_400;

/// As many keys as are kept before the expired ones among them are looked for.
const MANY_KEYS: usize = 10_000;

/// An access key with its secret. There is no `Debug`: nobody prints it by mistake.
#[derive(Clone)]
pub(crate) struct Credentials {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    /// What every request has to bear besides; only the administrator's key has none.
    pub(crate) session_token: Option<String>,
    /// In seconds since the Unix epoch.
    pub(crate) expiration: i64,
}

impl Credentials {
    /// Temporary ones. Form: IAM User Guide, "Unique identifiers", `ASIA`.
    pub(crate) fn temporary(expiration: i64) -> Self {
        Self {
            access_key_id: format!("ASIA{}", ids::unique(16)),
            secret_access_key: ids::opaque(30),
            session_token: Some(ids::opaque(96)),
            expiration,
        }
    }
}

/// An access key, and who may use it.
pub(crate) struct AccessKey {
    pub(crate) credentials: Credentials,
    pub(crate) holder: CallerKind,
}

/// The access keys by their ids. Held for a look-up or change only, hence std's lock.
pub(crate) struct AccessKeys(RwLock<HashMap<String, Arc<AccessKey>>>);

impl Default for AccessKeys {
    /// The administrator's alone.
    fn default() -> Self {
        let (access_key_id, secret_access_key) = ADMINISTRATOR;
        let keys = Self(RwLock::default());
        keys.insert(AccessKey {
            credentials: Credentials {
                access_key_id: access_key_id.to_owned(),
                secret_access_key: secret_access_key.to_owned(),
                session_token: None,
                expiration: i64::MAX,
            },
            holder: CallerKind::Administrator,
        });
        keys
    }
}

impl AccessKeys {
    /// Gives out a key.
    pub(crate) fn give(&self, key: AccessKey, now: i64) {
        self.forget(now);
        self.insert(key);
    }

    fn insert(&self, key: AccessKey) {
        let mut keys = self.0.write().unwrap_or_else(PoisonError::into_inner);
        keys.insert(key.credentials.access_key_id.clone(), Arc::new(key));
    }

    /// The key with this id, expired or not.
    pub(crate) fn find(&self, access_key_id: &str) -> Option<Arc<AccessKey>> {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
        keys.get(access_key_id).cloned()
    }

    fn forget(&self, now: i64) {
        let mut keys = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= MANY_KEYS {
            let remembered = |key: &AccessKey| {
                key.credentials
                    .expiration
                    .saturating_add(EXPIRED_REMEMBERED)
                    > now
            };
            keys.retain(|_, key| remembered(key));
        }
    }
}
