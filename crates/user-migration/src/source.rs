use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt;
use std::pin::Pin;

use legacy_users::{Address, Item, LegacyName, LegacyUser};
use secrecy::SecretString;
use time::OffsetDateTime;

/// An older system that knows users and their passwords.
///
/// An unknown user and a wrong password are one answer, and cost the same: who asks must not learn which it was.
pub trait Source: Send + Sync {
    /// The name in `SOURCES`.
    fn name(&self) -> &'static str;

    /// Whether this is a user, and the password right; `None` if either is not so.
    ///
    /// An error means that the system might have known: no other source is asked then, and nobody is told that the password is wrong.
    fn ask<'a>(&'a self, question: &'a Question<'a>) -> Asking<'a>;
}

/// The answer of a source, once it is there.
pub type Asking<'a> = Pin<Box<dyn Future<Output = Result<Option<Found>, SourceError>> + Send + 'a>>;

/// Why a source could not answer. It quotes nothing of the question.
pub type SourceError = Box<dyn Error + Send + Sync>;

/// Who wants to come in.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// What the person typed, in the form in which names are compared.
    pub name: &'a LegacyName,
    /// What the person typed, as it was.
    pub typed: &'a str,
    /// The password; `None` when it was forgotten.
    pub password: Option<&'a SecretString>,
    /// What the table of legacy users has under the name.
    pub row: Option<&'a LegacyUser>,
    /// The app client that was asked.
    pub client_id: Option<&'a str>,
    /// The time.
    pub now: OffsetDateTime,
}

/// A user of an older system.
#[derive(Clone, PartialEq)]
pub struct Found {
    /// The source's own key of the user, for comparison with what was typed.
    pub name: String,
    /// By the names of the older system.
    pub attributes: BTreeMap<String, String>,
    /// The addresses that the older system has verified.
    pub verified: BTreeSet<Address>,
    /// What the source knows about the password.
    pub proof: Proof,
    /// The group of users that reports count by.
    pub cohort: Option<String>,
    /// What becomes the user's item in the table of memberships.
    pub membership: Option<Item>,
}

/// What a source knows about the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// It is right.
    PasswordRight,
    /// It is right, and the older system would have had it changed.
    PasswordRightButReset,
    /// There is such a user; no password was asked about.
    Known,
}

impl fmt::Debug for Question<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Question([redacted])")
    }
}

impl fmt::Debug for Found {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Found")
            .field("attributes", &Vec::from_iter(self.attributes.keys()))
            .field("verified", &self.verified)
            .field("proof", &self.proof)
            .finish_non_exhaustive()
    }
}
