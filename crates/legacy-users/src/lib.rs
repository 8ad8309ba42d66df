//! The table of legacy users: who may bring which password and which attributes along from an older system, and who has done so.
//!
//! The partition key is `user`, the name in the one form in which names are compared ([`LegacyName`]). All else of a user is optional:
//! `hash` (S) with `format` (S), `settings` (S, JSON) and `project` (S), see [`StoredHash`]; `attributes` (M of S, by the names of the
//! older system); `verified` (SS, or L of S, of `email` and `phone_number`: what the older system has verified); `membership` (M, as an item
//! of the memberships' table); `cohort` and `import` (S, the operator's own words for reports); `state` (S: `waiting` if absent,
//! `migrated`, `deleted`), `migratedAt` and `expiresAt` (N, epoch seconds; the latter the table's TTL attribute).
//!
//! A user who has moved leaves a second item, under `tombstone#` and the name: `migratedAt`, and `awaited` (BOOL) until the first sign-in of
//! that name in the pool. Nothing deletes that one: when the row itself is gone, by `expiresAt` or by hand, and even when it is imported
//! again, nobody who has come can move a second time, and so bring back a user whom somebody has deleted in the pool. Who is awaited may:
//! the pool can refuse whom this table has let go. `state` = `deleted` keeps out whoever has not come. Whoever is meant to move again
//! needs both items taken away.
//!
//! The function of user migration reads and marks, `lifeguard-import` fills, and post authentication notes who has come and carries the
//! memberships on.

mod arrival;
mod departure;
mod legacy_user;
mod membership;
mod name;
mod state;
mod table;

pub use departure::Departure;
pub use legacy_user::{Address, Item, LegacyUser, Malformed, StoredHash};
pub use membership::Carried;
pub use name::{LegacyName, TOMBSTONE};
pub use state::State;
pub use table::{LegacyUsers, LegacyUsersError, Standing};
