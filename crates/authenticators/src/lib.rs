//! The table of authenticators: what a user has enrolled besides a password, and whether what somebody shows is theirs.
//!
//! Two kinds are known: TOTP (RFC 6238, an authenticator app) and recovery codes (ten, each good for once). `authenticator-enrolment` makes
//! them for a user who is signed in, the verify auth challenge response function checks what is answered with them.
//!
//! The partition key is `subject` (`user#` and the `sub`), the sort key is `authenticator`:
//!
//! - `totp`: `activeSecret` (B), `activeSince` (N), `confirmedBy` (S: the session that confirmed it), `lastStep` (N: the time step of the
//!   last code that was taken) and `lastAttempt` (S: by whom); besides, or before there is an active one, `pendingSecret` (B),
//!   `pendingSession` (S), `pendingUntil` (N) and `pendingGuesses` (SS: the codes that were tried, as keyed hashes).
//! - `recovery-codes`: `batchId` (S, random), `codeKey` (B), `codes` (SS: what is left, as keyed hashes), `redeemed` (M: by hash, in which
//!   attempt) and `madeAt` (N).
//!
//! Times are epoch seconds. Every B is encrypted by KMS, bound by its encryption context to the purpose, the pool and the user: the table
//! alone tells nothing, and what is copied from one user to another does not decrypt.
//!
//! A check of somebody who has no authenticator, or of nobody at all, makes the same calls as one of somebody who has: DynamoDB is asked, KMS
//! decrypts, and what is written or not depends on nothing but the answer being right. The one exception helps nobody: a TOTP code that is
//! right takes one write more, and is told to be right anyway.
//!
//! Nothing here counts wrong answers at sign-in; whoever asks has to, before it asks.

mod encryption;
mod enrolled;
mod enrolment;
mod error;
mod items;
mod owner;
mod recovery;
mod recovery_code;
mod table;
mod totp;
mod totp_secret;
mod verification;

pub use enrolled::Enrolled;
pub use enrolment::Confirmation;
pub use error::AuthenticatorsError;
pub use owner::Owner;
pub use table::Authenticators;
pub use totp_secret::TotpSecret;
