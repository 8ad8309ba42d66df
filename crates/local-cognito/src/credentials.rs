//! Every access key that the stand-in has given out.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use subtle::ConstantTimeEq;

use crate::access::CallerKind;
use crate::ids;
use crate::roles::Session;
use crate::signature::Refused;

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
    /// Gives out a key of a session.
    pub(crate) fn give(&self, session: Session, expiration: i64, now: i64) -> Credentials {
        self.forget(now);
        let session = session.issued(now);
        let credentials = Credentials::temporary(expiration);
        self.insert(AccessKey {
            credentials: credentials.clone(),
            holder: CallerKind::Session(Arc::new(session)),
        });
        credentials
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

    /// The access key with this id, which has this session token and has not expired.
    ///
    /// # Errors
    ///
    /// [`Refused::UnknownKey`] and [`Refused::ExpiredToken`]
    pub(crate) fn valid(
        &self,
        access_key_id: &str,
        session_token: Option<&str>,
        now: i64,
    ) -> Result<Arc<AccessKey>, Refused> {
        let key = self.find(access_key_id).ok_or(Refused::UnknownKey)?;
        let expected = key.credentials.session_token.as_deref().unwrap_or_default();
        let found = session_token.unwrap_or_default();
        if !bool::from(expected.as_bytes().ct_eq(found.as_bytes())) {
            return Err(Refused::UnknownKey);
        }
        if key.credentials.expiration <= now {
            return Err(Refused::ExpiredToken);
        }
        Ok(key)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roles::tests::session;

    #[test]
    fn a_key_is_good_with_its_token_until_it_expires() {
        let keys = AccessKeys::default();
        let given = keys.give(session(), 1_000, 0);
        let (id, token) = (&given.access_key_id, given.session_token.as_deref());
        let valid = |id: &str, token, now| keys.valid(id, token, now).map(drop);
        assert_eq!(valid(id, token, 999), Ok(()));
        assert_eq!(valid(id, token, 1_000), Err(Refused::ExpiredToken));
        let other = keys.give(session(), 1_000, 0);
        for token in [None, Some(""), Some("x"), other.session_token.as_deref()] {
            assert_eq!(valid(id, token, 0), Err(Refused::UnknownKey), "{token:?}");
        }
        assert_eq!(valid("ASIAUNKNOWN", token, 0), Err(Refused::UnknownKey));
        assert_eq!(valid("local", None, i64::MAX - 1), Ok(()));
        assert_eq!(valid("local", token, 0), Err(Refused::UnknownKey));
    }

    #[test]
    fn no_two_keys_are_alike() {
        let [one, other] = [Credentials::temporary(0), Credentials::temporary(0)];
        assert_ne!(one.access_key_id, other.access_key_id);
        assert_ne!(one.secret_access_key, other.secret_access_key);
        assert_ne!(one.session_token, other.session_token);
        assert_eq!(one.access_key_id.len(), 20);
        assert_eq!(one.secret_access_key.len(), 40);
    }

    #[test]
    fn what_expired_long_ago_is_forgotten_when_there_are_many() {
        let keys = AccessKeys::default();
        let old = keys.give(session(), 0, 0);
        let (id, token) = (&old.access_key_id, old.session_token.as_deref());
        let lasting = keys.give(session(), i64::MAX, 0);
        for _ in 0..MANY_KEYS {
            keys.give(session(), 0, EXPIRED_REMEMBERED - 1);
        }
        assert_eq!(
            keys.valid(id, token, 0).map(drop),
            Err(Refused::ExpiredToken)
        );
        keys.give(session(), 0, EXPIRED_REMEMBERED);
        assert_eq!(keys.valid(id, token, 0).map(drop), Err(Refused::UnknownKey));
        assert!(keys.find(&lasting.access_key_id).is_some());
        assert!(keys.find("local").is_some());
    }
}
