use std::sync::Arc;

use embedded_dynamodb::Tables;

use crate::access::Decisions;
use crate::calls::Calls;
use crate::clock::Clock;
use crate::credentials::AccessKeys;
use crate::error::Error;
use crate::functions::{Functions, LogSink};
use crate::identity_pool::{IdentityPool, OpenIdKey};
use crate::issuer::Issuer;
use crate::kms::Kms;
use crate::outbox::Outbox;
use crate::parameter_store::ParameterStore;
use crate::pools::Pools;
use crate::providers::Faults;
use crate::roles::Roles;
use crate::s3::Objects;
use crate::strictness::Strictness;
use crate::template::{self, Stack, UserPoolClient};
use crate::user_pool::UserPool;

/// Everything that stands in for AWS, behind one handle.
pub(crate) struct StandIn {
    pub(crate) stack: Stack,
    pub(crate) pools: Pools<UserPool>,
    pub(crate) identity_pools: Pools<IdentityPool>,
    /// What signs the tokens of identity pools. As in AWS, all of a region share it.
    pub(crate) open_id_key: OpenIdKey,
    pub(crate) functions: Functions,
    pub(crate) access_keys: AccessKeys,
    pub(crate) roles: Roles,
    pub(crate) decisions: Decisions,
    pub(crate) tables: Tables,
    pub(crate) objects: Objects,
    pub(crate) parameters: ParameterStore,
    pub(crate) kms: Kms,
    pub(crate) outbox: Outbox,
    /// What the providers of messages do wrong.
    pub(crate) faults: Faults,
    pub(crate) calls: Calls,
    pub(crate) clock: Clock,
    pub(crate) issuer: Issuer,
    pub(crate) strictness: Strictness,
    /// What the answers do not say.
    pub(crate) log: LogSink,
}

impl StandIn {
    /// The pool with this id.
    pub(crate) fn pool(&self, id: &str) -> Result<Arc<UserPool>, Error> {
        let well_formed = id.split_once('_').is_some_and(|(region, name)| {
            let word = |text: &str| {
                !text.is_empty()
                    && text
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            };
            word(region) && word(name) && !name.contains('-')
        });
        if !well_formed {
            return Err(Error::invalid(format!(
                "1 validation error detected: Value '{id}' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+"
            ))); // P
        }
        self.pools.get(id).ok_or_else(|| no_such_pool(id))
    }

    /// Changes a pool's configuration, and tells what `change` tells. Nothing changes where that is an error.
    pub(crate) fn change_pool<T>(
        &self,
        id: &str,
        change: impl FnOnce(&mut template::UserPool) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let changed = self.pools.change(id, change);
        changed.unwrap_or_else(|| Err(no_such_pool(id)))
    }

    /// The app client with this id, and its pool.
    pub(crate) fn client(&self, id: &str) -> Result<(Arc<UserPool>, Arc<UserPoolClient>), Error> {
        let found = self.pools.all().into_iter().find_map(|pool| {
            let client = pool.client(id)?;
            Some((pool, client))
        });
        found.ok_or_else(|| Error::no_such_client(id))
    }

    /// The app client with this id of this very pool.
    pub(crate) fn client_of(
        &self,
        pool_id: &str,
        id: &str,
    ) -> Result<(Arc<UserPool>, Arc<UserPoolClient>), Error> {
        let pool = self.pool(pool_id)?;
        let client = pool.client(id).ok_or_else(|| Error::no_such_client(id))?;
        Ok((pool, client))
    }
}

fn no_such_pool(id: &str) -> Error {
    Error::ResourceNotFound(format!("User pool {id} does not exist.")) // W
}
