//! An identity pool: who somebody is whom a user pool, another provider or a developer's own system has authenticated, and which role's
//! credentials they get for that.
//!
//! In reading order: `operations`, a file each or one for a thing that several of them make and change; `logins`, what a client brings
//! along, verified; `identities`, whom the pool knows; `roles` and `principal_tags`, what a login is worth; `open_id_token`.
//!
//! Source: Amazon Cognito Developer Guide, "Amazon Cognito identity pools", and its API reference.

mod guests;
mod identities;
mod logins;
mod open_id_token;
mod operations;
mod principal_tags;
mod refused;
mod roles;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(crate) use self::identities::Identities;
pub(crate) use self::logins::open_id;
pub(crate) use self::open_id_token::{OpenIdKey, OpenIdToken, TAGS_CLAIM};
pub(crate) use self::operations::answer;
pub(crate) use self::principal_tags::of_token as principal_tags_of_token;
use crate::pools::{Pool, Pools};
use crate::template;

/// What STS and policies call the identity pools' tokens.
pub(crate) const PROVIDER: &str = "cognito-identity.amazonaws.com";

/// An identity pool. The lock is held for looking and changing only, never while waiting or computing.
pub(crate) struct IdentityPool {
    pub(crate) config: template::IdentityPool,
    identities: Arc<Mutex<Identities>>,
}

impl IdentityPool {
    /// A pool with the identities that an earlier run left, if there was one.
    pub(crate) fn new(config: template::IdentityPool, saved: Option<Identities>) -> Self {
        let mut identities = saved.unwrap_or_default();
        identities.index();
        Self {
            config,
            identities: Arc::new(Mutex::new(identities)),
        }
    }

    pub(crate) fn identities(&self) -> MutexGuard<'_, Identities> {
        self.identities
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pool for IdentityPool {
    type Config = template::IdentityPool;

    fn id(&self) -> &str {
        &self.config.id
    }

    fn config(&self) -> &template::IdentityPool {
        &self.config
    }

    fn configured(&self, config: template::IdentityPool) -> Self {
        Self {
            config,
            identities: Arc::clone(&self.identities),
        }
    }
}

impl Pools<IdentityPool> {
    /// The pool that has this identity.
    pub(crate) fn with_identity(&self, identity_id: &str) -> Option<Arc<IdentityPool>> {
        let mut pools = self.all().into_iter();
        pools.find(|pool| pool.identities().get(identity_id).is_some())
    }
}
