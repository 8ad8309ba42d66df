use std::collections::{BTreeMap, BTreeSet};

use clap::ValueEnum;
use legacy_password::{Format, LegacyHash, Limits, Unsupported};
use legacy_users::{Address, LegacyName, LegacyUser, State, StoredHash};
use secrecy::ExposeSecret;
use serde_json::{Map, Value};

use crate::membership::membership;
use crate::record::{HashProblem, Record, Reject};

/// Cognito's standard attributes, other than `updated_at`, which the pool writes itself.
///
/// Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html>
const STANDARD_ATTRIBUTES: [&str; 16] = [
    "address",
    "birthdate",
    "email",
    "family_name",
    "gender",
    "given_name",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "phone_number",
    "picture",
    "preferred_username",
    "profile",
    "website",
    "zoneinfo",
];

/// The longest value of an attribute, in characters.
///
/// Source: as above.
const MAX_ATTRIBUTE: usize = 2048;

/// Attributes and membership together, in bytes; the hash is limited by itself. An item has 400 KB.
const MAX_USER_BYTES: usize = 256 * 1024;

/// Where a user's name is taken from, unless the file says itself what people type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum NameFrom {
    /// The e-mail address
    Email,
    /// The telephone number
    PhoneNumber,
    /// The other system's own user name
    Username,
}

/// What becomes of a user whose hash no function could check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnUnsupported {
    /// The user is rejected
    Reject,
    /// The user is imported and has to set a new password
    DropPassword,
}

/// What the operator has decided about all users of a run.
#[derive(Debug, Clone)]
pub(crate) struct Choices {
    pub(crate) name_from: NameFrom,
    /// The attributes that are kept; the standard and custom ones if nothing was said.
    pub(crate) attributes: Option<BTreeSet<String>>,
    /// Addresses that the other system verified for everybody.
    pub(crate) verified: BTreeSet<Address>,
    /// The format of hashes for which the file names none.
    pub(crate) hash_format: Option<Format>,
    /// What the function takes.
    pub(crate) hash_limits: Limits,
    /// What belongs to the settings of every hash whose format has any.
    pub(crate) settings: Map<String, Value>,
    /// The name under which the function knows these settings; otherwise they are written with each user.
    pub(crate) project: Option<String>,
    pub(crate) on_unsupported: OnUnsupported,
    pub(crate) cohort: Option<String>,
}

/// A user for the table.
pub(crate) struct Admitted {
    pub(crate) user: LegacyUser,
    pub(crate) password: Password,
}

/// What the user can sign in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Password {
    Hashed(Format),
    /// There was none.
    None,
    /// Nobody could check it.
    Dropped(HashProblem),
}

impl Choices {
    /// The user that the record is, waiting to move.
    ///
    /// # Errors
    ///
    /// [`Reject`]
    pub(crate) fn admit(&self, record: Record) -> Result<Admitted, Reject> {
        let name = self.name(&record)?;
        let (hash, password) = self.hash(record.hash)?;
        let attributes: BTreeMap<_, _> = record
            .attributes
            .into_iter()
            .filter(|(attribute, _)| self.keeps(attribute))
            .collect();
        let is_long = |value: &String| value.chars().count() > MAX_ATTRIBUTE;
        if attributes.values().any(is_long) {
            return Err(Reject::LongAttribute);
        }
        let size = attributes
            .iter()
            .map(|(name, value)| name.len() + value.len());
        let size = size.sum::<usize>() + Value::Object(record.membership.clone()).to_string().len();
        if size > MAX_USER_BYTES {
            return Err(Reject::TooLarge);
        }
        let verified = record.verified.into_iter().chain(self.verified.clone());
        let verified = verified.filter(|address| attributes.contains_key(address.name()));
        let membership = membership(record.membership)?;
        let user = LegacyUser {
            name,
            hash,
            verified: verified.collect(),
            attributes,
            membership,
            cohort: record.cohort.or_else(|| self.cohort.clone()),
            import: None,
            state: State::Waiting,
        };
        Ok(Admitted { user, password })
    }

    fn name(&self, record: &Record) -> Result<LegacyName, Reject> {
        let attribute = |name: &str| record.attributes.get(name);
        let (name, what) = match self.name_from {
            NameFrom::Email => (attribute("email"), "e-mail address"),
            NameFrom::PhoneNumber => (attribute("phone_number"), "telephone number"),
            NameFrom::Username => (record.username.as_ref(), "user name of its own"),
        };
        let name = record.user.as_ref().or(name);
        let name = name.filter(|name| !name.trim().is_empty());
        let name = name.ok_or(Reject::NoName(what))?;
        LegacyName::normalised(name).ok_or(Reject::BadName)
    }

    fn keeps(&self, attribute: &str) -> bool {
        match &self.attributes {
            Some(kept) => kept.contains(attribute),
            None => attribute.starts_with("custom:") || STANDARD_ATTRIBUTES.contains(&attribute),
        }
    }

    fn hash(&self, hash: Option<StoredHash>) -> Result<(Option<StoredHash>, Password), Reject> {
        let Some(hash) = hash else {
            return Ok((None, Password::None));
        };
        let given = StoredHash {
            format: hash.format.or(self.hash_format),
            ..hash
        };
        // As the function will read it.
        let whole = self.with_settings(given.clone());
        match read(&whole, &self.hash_limits) {
            Ok(format) => {
                let stored = match &self.project {
                    Some(project) if given.format.is_some() => StoredHash {
                        project: Some(project.clone()),
                        ..given
                    },
                    _ => whole,
                };
                Ok((Some(stored), Password::Hashed(format)))
            }
            Err(problem) if self.on_unsupported == OnUnsupported::DropPassword => {
                Ok((None, Password::Dropped(HashProblem(problem))))
            }
            Err(problem) => Err(Reject::Hash(HashProblem(problem))),
        }
    }

    /// The settings of all under those of the one. A hash whose beginning tells its format has all that it needs in itself.
    fn with_settings(&self, hash: StoredHash) -> StoredHash {
        let own = match (hash.format, &hash.settings) {
            (None, _) => return hash,
            (Some(_), Value::Object(own)) => own.clone(),
            (Some(_), _) => Map::new(),
        };
        let mut settings = self.settings.clone();
        settings.extend(own);
        let settings = if settings.is_empty() {
            Value::Null
        } else {
            Value::Object(settings)
        };
        StoredHash { settings, ..hash }
    }
}

fn read(hash: &StoredHash, limits: &Limits) -> Result<Format, Unsupported> {
    let text = hash.text.expose_secret();
    let read = match hash.format {
        None => LegacyHash::parse(text, limits),
        Some(format) => LegacyHash::parse_as(format, text, &hash.settings, limits),
    };
    read.map(|hash| hash.format())
}

#[cfg(test)]
mod tests;
