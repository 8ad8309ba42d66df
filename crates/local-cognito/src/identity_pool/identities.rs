//! Whom an identity pool knows: identities, each with the logins that lead to it.

mod links;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(crate) use self::links::{NotLinked, Shown};
use crate::ids;

/// Who somebody is at a provider; a developer's own users are logins too, at the pool's developer provider.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Login {
    pub(crate) provider: String,
    pub(crate) subject: String,
}

impl Login {
    pub(crate) fn new(provider: &str, subject: &str) -> Self {
        Self {
            provider: provider.to_owned(),
            subject: subject.to_owned(),
        }
    }
}

/// Somebody, or a guest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identity {
    /// In seconds since the Unix epoch.
    pub(crate) created: i64,
    pub(crate) modified: i64,
    /// Whether it ever had a login. A guest has none; who has lost the last one is no guest again.
    pub(crate) authenticated: bool,
    /// In the order in which they were linked.
    pub(crate) logins: Vec<Login>,
    /// The identity that it became part of, which disables it.
    pub(crate) merged_into: Option<String>,
}

impl Identity {
    /// The users of this provider that lead to it.
    pub(crate) fn subjects_of<'i>(&'i self, provider: &'i str) -> impl Iterator<Item = &'i str> {
        let logins = self.logins.iter();
        logins
            .filter(move |login| login.provider == provider)
            .map(|login| login.subject.as_str())
    }

    /// The providers' names, each once.
    pub(crate) fn providers(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for login in &self.logins {
            if !names.contains(&&*login.provider) {
                names.push(&login.provider);
            }
        }
        names
    }
}

/// The identities of a pool, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identities {
    by_id: BTreeMap<String, Identity>,
    /// Whose a login is.
    #[serde(skip)]
    owners: BTreeMap<Login, String>,
}

impl Identities {
    /// Finds out whose each login is, after the identities were read from a file.
    pub(crate) fn index(&mut self) {
        let owned = self.by_id.iter().flat_map(|(id, identity)| {
            let logins = identity.logins.iter().cloned();
            logins.map(|login| (login, id.clone()))
        });
        self.owners = owned.collect();
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Identity> {
        self.by_id.get(id)
    }

    /// In the order of their ids.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&String, &Identity)> {
        self.by_id.iter()
    }

    /// The identity that this login leads to.
    pub(crate) fn owner(&self, login: &Login) -> Option<&String> {
        self.owners.get(login)
    }

    /// A guest.
    pub(crate) fn add_guest(&mut self, region: &str, now: i64) -> String {
        let id = format!("{region}:{}", ids::uuid());
        let guest = Identity {
            created: now,
            modified: now,
            authenticated: false,
            logins: Vec::new(),
            merged_into: None,
        };
        self.by_id.insert(id.clone(), guest);
        id
    }

    /// Forgets an identity; whose login it was is somebody new.
    pub(crate) fn remove(&mut self, id: &str) -> Option<Identity> {
        let removed = self.by_id.remove(id)?;
        for login in &removed.logins {
            self.owners.remove(login);
        }
        Some(removed)
    }

    /// The identity that one has become after merges, itself unless there was one.
    fn now_of<'i>(&'i self, id: &'i str) -> &'i str {
        let mut id = id;
        // A merge goes into an identity that is not merged itself, so this ends.
        while let Some(into) = self
            .get(id)
            .and_then(|identity| identity.merged_into.as_ref())
        {
            id = into;
        }
        id
    }
}
