//! The table of sign-in methods: by which methods somebody has just signed in. Define auth challenge writes it when it lets Cognito issue
//! tokens, pre token generation reads it a moment later and makes a claim of it. Cognito lets no trigger set `amr` or `acr`.
//!
//! No event of Cognito names the sign-in that it belongs to, so the app does: it sends `signInId` in the `clientMetadata` of every answer to
//! a challenge, a random text that it makes anew for each sign-in. That reaches both functions, and no call that begins and ends a sign-in
//! at once (`USER_PASSWORD_AUTH`, a refresh) can bring it. Without one nothing is remembered, and the tokens say nothing.
//!
//! The partition key is `subject`: `user#<sub>#client#<app client id>#sign-in#<digest of the signInId>`. An item has `methods` (L of S, in
//! the order in which they were passed), `at` (N, epoch seconds) and `expiresAt` (N, the table's TTL attribute, 30 s later).

mod method;
mod sign_in;
mod table;

pub use method::Method;
pub use sign_in::SignIn;
pub use table::{Passed, SignInMethods, SignInMethodsError};
