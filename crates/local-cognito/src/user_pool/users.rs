use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::SecondFactors;
use super::identities::{self, Identity};
use super::names::{fold, names_of};
use crate::error::Error;
use crate::srp::Verifier;
use crate::template;

/// A user.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct User {
    /// The immutable name. In a pool with e-mail or telephone sign-in it is the `sub`.
    pub(crate) username: String,
    pub(crate) sub: String,
    /// Everything but `sub`, by full name (`custom:` included).
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) status: Status,
    pub(crate) enabled: bool,
    pub(crate) created: i64,
    pub(crate) modified: i64,
    /// All that is kept of the password.
    pub(crate) password: Option<Verifier>,
    /// Until when a temporary password can be used.
    pub(crate) temporary_password_until: Option<i64>,
    pub(crate) groups: BTreeSet<String>,
    #[serde(default)]
    pub(crate) second_factors: SecondFactors,
    /// When every session was signed out last; access tokens without `origin_jti` are measured by it.
    pub(crate) signed_out_at: Option<i64>,
    /// What external providers call the user, the first link first.
    #[serde(default)]
    pub(crate) identities: Vec<Identity>,
    /// A new `email` or `phone_number` that counts only once it is verified; until then the old one does.
    #[serde(default)]
    pub(crate) pending: BTreeMap<String, String>,
}

/// Where a user stands, in Cognito's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Status {
    Unconfirmed,
    Confirmed,
    ForceChangePassword,
    ResetRequired,
    ExternalProvider,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Unconfirmed => "UNCONFIRMED",
            Self::Confirmed => "CONFIRMED",
            Self::ForceChangePassword => "FORCE_CHANGE_PASSWORD",
            Self::ResetRequired => "RESET_REQUIRED",
            Self::ExternalProvider => "EXTERNAL_PROVIDER",
        }
    }
}

impl User {
    /// Someone new, unconfirmed and without a password.
    pub(crate) fn new(
        username: String,
        sub: String,
        attributes: BTreeMap<String, String>,
        now: i64,
    ) -> Self {
        Self {
            username,
            sub,
            attributes,
            status: Status::Unconfirmed,
            enabled: true,
            created: now,
            modified: now,
            password: None,
            temporary_password_until: None,
            groups: BTreeSet::new(),
            second_factors: SecondFactors::default(),
            signed_out_at: None,
            identities: Vec::new(),
            pending: BTreeMap::new(),
        }
    }

    /// Whether an address or number has been proven.
    pub(crate) fn verified(&self, attribute: &str) -> bool {
        self.attributes
            .get(&format!("{attribute}_verified"))
            .is_some_and(|value| value == "true")
    }

    /// Names the password: every one that is set has a salt of its own.
    pub(crate) fn salt(&self) -> Option<String> {
        self.password.as_ref().map(Verifier::salt_hex)
    }

    /// Names the password, or the account where there is none: a session that was opened before either changed is worth nothing.
    pub(crate) fn password_or_sub(&self) -> String {
        self.salt().unwrap_or_else(|| self.sub.clone())
    }

    /// Changes attributes: a blank value removes one, and a changed address or number is unverified unless the changes say otherwise (D).
    pub(crate) fn change_attributes(&mut self, changes: BTreeMap<String, String>) {
        for (name, value) in changes {
            let contact = name == "email" || name == "phone_number";
            if contact {
                self.pending.remove(&name);
            }
            if contact && value.is_empty() {
                self.attributes.remove(&format!("{name}_verified"));
            } else if contact && self.attributes.get(&name) != Some(&value) {
                // In the order of names `email_verified` comes after `email`, so the same call can set it again.
                let unverified = "false".to_owned();
                self.attributes
                    .insert(format!("{name}_verified"), unverified);
            }
            if value.is_empty() {
                self.attributes.remove(&name);
            } else {
                self.attributes.insert(name, value);
            }
        }
    }

    /// All attributes with `sub` and `identities`, as `AdminGetUser` and the triggers show them.
    pub(crate) fn attributes_with_sub(&self) -> BTreeMap<String, String> {
        let mut attributes = self.attributes.clone();
        attributes.insert("sub".to_owned(), self.sub.clone());
        if let Some(identities) = identities::attribute(&self.identities) {
            attributes.insert("identities".to_owned(), identities);
        }
        attributes
    }
}

/// The pool's users, found by name, alias or `sub`.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Directory {
    users: BTreeMap<String, User>,
    /// Folded name, alias or `sub` to the key in `users`.
    #[serde(skip)]
    names: HashMap<String, String>,
}

impl Directory {
    /// Makes the index anew, after the users were read from a file.
    pub(crate) fn index(&mut self, pool: &template::UserPool) {
        self.names.clear();
        for (key, user) in &self.users {
            for name in names_of(pool, user) {
                self.names.insert(name, key.clone());
            }
        }
    }

    /// The user with this name, alias or `sub`.
    pub(crate) fn find(&self, pool: &template::UserPool, name: &str) -> Option<&User> {
        self.users.get(self.names.get(&fold(pool, name))?)
    }

    /// Like [`Directory::find`], for administrators, from whom existence is never hidden.
    pub(crate) fn find_for_administrator(
        &self,
        pool: &template::UserPool,
        name: &str,
    ) -> Result<&User, Error> {
        self.find(pool, name)
            .ok_or(Error::UserNotFound("User does not exist."))
    }

    /// Adds or replaces a user; a name or alias that was another user's is now this one's, which
    /// `State::take_names` must have allowed.
    pub(crate) fn put(&mut self, pool: &template::UserPool, user: User) {
        let key = fold(pool, &user.username);
        if let Some(before) = self.users.get(&key) {
            for name in names_of(pool, before) {
                if self.names.get(&name) == Some(&key) {
                    self.names.remove(&name);
                }
            }
        }
        for name in names_of(pool, &user) {
            self.names.insert(name, key.clone());
        }
        self.users.insert(key, user);
    }

    /// Changes a user in place.
    pub(crate) fn change(
        &mut self,
        pool: &template::UserPool,
        username: &str,
        now: i64,
        change: impl FnOnce(&mut User),
    ) {
        if let Some(mut user) = self.users.get(&fold(pool, username)).cloned() {
            change(&mut user);
            user.modified = now;
            self.put(pool, user);
        }
    }

    pub(crate) fn remove(&mut self, pool: &template::UserPool, username: &str) {
        let key = fold(pool, username);
        if self.users.remove(&key).is_some() {
            self.names.retain(|_, owner| *owner != key);
        }
    }

    /// In the order of their names.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }
}
