use std::collections::{BTreeMap, BTreeSet};

use legacy_password::Unsupported;
use legacy_users::{Address, StoredHash};
use secrecy::SecretString;
use serde_json::{Map, Value};

/// A user as a file has them, before anything is decided.
#[derive(Default)]
pub(crate) struct Record {
    /// What the person types as user name, if the file says so itself.
    pub(crate) user: Option<String>,
    /// The other system's own user name, which need not be what people type.
    pub(crate) username: Option<String>,
    pub(crate) hash: Option<StoredHash>,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) verified: BTreeSet<Address>,
    /// As an item of the memberships' table, in JSON.
    pub(crate) membership: Map<String, Value>,
    pub(crate) cohort: Option<String>,
}

impl Record {
    /// Adds an attribute; empty is as good as none.
    pub(crate) fn with(mut self, name: &str, value: Option<String>) -> Self {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            self.attributes.insert(name.to_owned(), value);
        }
        self
    }

    pub(crate) fn verified(mut self, address: Address, is_verified: bool) -> Self {
        if is_verified {
            self.verified.insert(address);
        }
        self
    }

    /// Adds a list to the membership, such as `groups`; an empty one would take something away.
    pub(crate) fn member_of(mut self, name: &str, names: Vec<String>) -> Self {
        if !names.is_empty() {
            self.membership.insert(name.to_owned(), names.into());
        }
        self
    }
}

/// A hash whose beginning tells its format.
pub(crate) fn recognised(text: SecretString) -> StoredHash {
    StoredHash {
        text,
        format: None,
        settings: Value::Null,
        project: None,
    }
}

/// A hash of the format of that name, with what it needs besides.
pub(crate) fn of_format(
    format: &str,
    text: SecretString,
    settings: Value,
) -> Result<StoredHash, Reject> {
    Ok(StoredHash {
        format: Some(format.parse().map_err(|_| Reject::UnknownFormat)?),
        settings,
        ..recognised(text)
    })
}

/// Why a user is not taken. It quotes nothing of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub(crate) enum Reject {
    /// Not even its syntax.
    #[error("it is not JSON")]
    NotJson,
    /// A field is missing, or of another type.
    #[error("it is not {0}")]
    NotA(&'static str),
    #[error("it is not UTF-8")]
    NotText,
    #[error("it has not as many columns as the first row")]
    Columns,
    #[error("it is longer than 1 MiB")]
    TooLong,
    /// The attribute that the names are taken from.
    #[error("it has no {0}, which is to be the user name")]
    NoName(&'static str),
    #[error("its user name is none that anybody could type")]
    BadName,
    /// Whoever could not sign in there must not here.
    #[error("the account is blocked")]
    Blocked,
    #[error("it is no person's account")]
    NoPerson,
    #[error("the format of its hash has a name that nobody knows")]
    UnknownFormat,
    /// Somebody may be able to do something about it, so the reason is said.
    #[error("{0}")]
    Hash(HashProblem),
    #[error("one of its attributes is longer than 2,048 characters")]
    LongAttribute,
    #[error("it is too large for an item of the table")]
    TooLarge,
    #[error("its membership is none that a token could be made of")]
    Membership,
    /// Such as a number with too many digits in a claim.
    #[error("the table does not take such an item")]
    NotTaken,
    #[error("another user before it has the same name")]
    Duplicate,
}

/// [`Unsupported`], in an order, for lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub(crate) struct HashProblem(pub(crate) Unsupported);

impl PartialOrd for HashProblem {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for HashProblem {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.to_string().cmp(&other.to_string())
    }
}
