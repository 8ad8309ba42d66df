use authenticators::{Authenticators, AuthenticatorsError, Owner};
use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;

use crate::challenge::Challenge;
use crate::user_secret::UserSecret;

/// One answer that may be compared, with what a kind compares it with.
pub(crate) struct Attempt<'a> {
    pub(crate) secret_answer: &'a SecretString,
    /// A keyed hash of the session's nonce and the answer.
    pub(crate) id: &'a str,
    pub(crate) challenge: &'a Challenge,
    pub(crate) secret: &'a UserSecret,
    /// Whose authenticators count: nobody's, where the answer must not be compared.
    pub(crate) owner: Owner,
    /// None where nobody can have one.
    pub(crate) authenticators: Option<&'a Authenticators>,
    pub(crate) now: OffsetDateTime,
}

impl Attempt<'_> {
    pub(crate) fn answer(&self) -> &str {
        self.secret_answer.expose_secret()
    }
}

/// An answer could not be compared.
pub(crate) type Unverified = AuthenticatorsError;
