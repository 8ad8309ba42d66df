//! Developer-authenticated identities: whom a login stands for, and which logins are one person's.
//!
//! A [`Login`] is what somebody has proven: a subject of an issuer. Its [`Identifier`] is what the identity pool knows it by, the developer user
//! identifier, derived here and never taken from anybody. It shows nothing about a person: a subject that could is in it as a keyed hash, under
//! a key that KMS keeps.
//!
//! The table of identities has the partition key `identifier` (S). An item is an account or a link:
//!
//! - an account has `identityId` (S), what the pool answered last, and `since` (N, epoch seconds), and `logins` (SS), the identifiers
//!   that are linked to it, if any;
//! - a link has `linkedTo` (S), the identifier of the account that the login stands for, and `since`.
//!
//! Either can have `blocked` (BOOL): nobody gets anything by it. The pool never hears of a linked login. So one person is one developer user there,
//! nothing is ever merged by signing in, and a login that is taken away stands for nobody.
//!
//! The function `identity-broker` reads and writes it for whoever signs in, `identity-operator` for those who run the pool.
//!
//! Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/developer-authenticated-identities.html>

mod identifier;
mod identities;
mod key;
mod links;
mod record;

pub use identifier::{Identifier, Login, NotAnIdentifier};
pub use identities::{Account, Identities, IdentitiesError};
pub use key::{IdentifierKey, KeyError, KeyStore};
pub use links::{Linking, MOST_LOGINS, Unlinking};
pub use record::{Malformed, Record};
