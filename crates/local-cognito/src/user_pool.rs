//! A user pool: what the template says of it, its keys, and its state behind one lock.

mod attempts;
mod code_requests;
mod codes;
mod custom_sign_in;
mod devices;
mod grants;
mod identities;
mod names;
mod new_name;
mod schema;
mod second_factors;
mod sessions;
mod software_token;
mod users;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

pub(crate) use attempts::Attempts;
pub(crate) use code_requests::CodeRequests;
pub(crate) use codes::{Codes, Proven, Purpose};
pub(crate) use custom_sign_in::{CustomChallenge, CustomSignIn, Round};
pub(crate) use devices::{Device, Devices};
pub(crate) use grants::{Grant, Grants};
pub(crate) use identities::{Identity, MOST_IDENTITIES, SUBJECT};
pub(crate) use names::{check_username, contact_kind, fold, fold_names};
pub(crate) use new_name::{name_new_user, sign_in_contact};
pub(crate) use schema::{AttributeRules, check_attributes, listed};
pub(crate) use second_factors::{SecondFactor, SecondFactors};
pub(crate) use sessions::{Challenge, FirstFactor, Progress, SentCode, Session, Sessions};
pub(crate) use software_token::{SoftwareToken, Tried};
pub(crate) use users::{Directory, Status, User};

use crate::error::Error;
use crate::pools::Pool;
use crate::template;
use crate::tokens::PoolKeys;

/// A user pool. The lock is held for looking and changing only, never while waiting or computing.
pub(crate) struct UserPool {
    pub(crate) config: template::UserPool,
    pub(crate) keys: Arc<PoolKeys>,
    /// What `decoy` answers for users that do not exist are made from; the same as long as the pool lives.
    pub(crate) decoy_key: [u8; 32],
    state: Arc<Mutex<State>>,
}

/// What changes while a pool is in use.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) users: Directory,
    pub(crate) groups: BTreeMap<String, Group>,
    pub(crate) grants: Grants,
    pub(crate) codes: Codes,
    /// Codes that were never sent, to users that do not exist: whoever guesses them learns as little as from those that were.
    #[serde(skip)]
    pub(crate) decoy_codes: Codes,
    #[serde(skip)]
    pub(crate) code_requests: CodeRequests,
    #[serde(default)]
    pub(crate) devices: Devices,
    /// Wrong passwords.
    #[serde(skip)]
    pub(crate) attempts: Attempts,
    /// Wrong codes at sign-in. A right password must not take them back.
    #[serde(skip)]
    pub(crate) code_attempts: Attempts,
    #[serde(skip)]
    pub(crate) sessions: Sessions,
}

impl State {
    /// Adds a user, who starts with a clean slate whatever was tried under the name before.
    pub(crate) fn add(&mut self, pool: &template::UserPool, user: User) {
        self.forget(&user.username);
        self.users.put(pool, user);
    }

    /// Removes a user with everything that was theirs.
    pub(crate) fn remove(&mut self, pool: &template::UserPool, username: &str) {
        self.forget(username);
        self.users.remove(pool, username);
    }

    fn forget(&mut self, username: &str) {
        self.codes.forget(username);
        self.devices.forget(username);
        self.grants.forget(username);
        self.code_requests.forget(username);
        self.attempts.forget(username);
        self.code_attempts.forget(username);
        self.sessions.forget(username);
    }
}

/// A group of users.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) precedence: Option<i64>,
    pub(crate) role_arn: Option<String>,
    pub(crate) created: i64,
    /// `None` as long as nobody has changed it.
    #[serde(default)]
    pub(crate) modified: Option<i64>,
}

impl Pool for UserPool {
    type Config = template::UserPool;

    fn id(&self) -> &str {
        &self.config.id
    }

    fn config(&self) -> &template::UserPool {
        &self.config
    }

    fn configured(&self, config: template::UserPool) -> Self {
        Self {
            config,
            keys: Arc::clone(&self.keys),
            decoy_key: self.decoy_key,
            state: Arc::clone(&self.state),
        }
    }
}

impl UserPool {
    /// A pool as the template describes it, with its groups, or with the state that an earlier run left.
    pub(crate) fn new(
        config: template::UserPool,
        keys: PoolKeys,
        decoy_key: [u8; 32],
        saved: Option<State>,
        now: i64,
    ) -> Self {
        let mut state = saved.unwrap_or_default();
        state.users.index(&config);
        for group in &config.groups {
            state
                .groups
                .entry(group.name.clone())
                .or_insert_with(|| Group {
                    name: group.name.clone(),
                    description: group.description.clone(),
                    precedence: group.precedence.map(i64::from),
                    role_arn: group.role_arn.clone(),
                    created: now,
                    modified: None,
                });
        }
        Self {
            config,
            keys: Arc::new(keys),
            decoy_key,
            state: Arc::new(Mutex::new(state)),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The part of the id after `_`, which SRP hashes in the pool's stead.
    pub(crate) fn short_name(&self) -> &str {
        self.config
            .id
            .split_once('_')
            .map_or(self.config.id.as_str(), |(_, name)| name)
    }

    /// The app client with this id.
    pub(crate) fn client(&self, id: &str) -> Option<Arc<template::UserPoolClient>> {
        let mut clients = self.config.clients.iter();
        clients.find(|client| client.id == id).cloned()
    }

    /// The user with this name, alias or `sub`, as a copy.
    pub(crate) fn find(&self, name: &str) -> Option<User> {
        self.state().users.find(&self.config, name).cloned()
    }

    /// Like [`UserPool::find`], for administrators, from whom existence is never hidden.
    pub(crate) fn find_for_administrator(&self, name: &str) -> Result<User, Error> {
        let state = self.state();
        state
            .users
            .find_for_administrator(&self.config, name)
            .cloned()
    }

    /// The user's groups that still exist, the best precedence first, then by name.
    pub(crate) fn groups_of(&self, user: &User) -> Vec<Group> {
        let state = self.state();
        let mut groups: Vec<Group> = user
            .groups
            .iter()
            .filter_map(|name| state.groups.get(name).cloned())
            .collect();
        groups.sort_by(|a, b| {
            let rank = |group: &Group| (group.precedence.unwrap_or(i64::MAX), group.name.clone());
            rank(a).cmp(&rank(b))
        });
        groups
    }
}
