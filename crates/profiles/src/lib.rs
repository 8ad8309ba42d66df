//! The table of profiles: what is remembered of each user of a pool, and the security records that alerts are made from.
//!
//! Post confirmation writes a user's profile, post authentication keeps it up to date and makes the one that is missing. The partition key
//! is `subject` (`user#` and the `sub`), the sort key is `record`:
//!
//! - `profile`: `sub`, `userPoolId`, `userName`, `clientId` (the first app client that was seen), `attributes` (M: those that the
//!   configuration names, as they were when the profile was made), `createdAt`, `origin` (`confirmed` by post confirmation, or `repaired`:
//!   it was missing), `pendingGroups` (SS: groups that the user is still to get), `lastSignInAt`, `signInCount`, `lastNewDeviceAt` and
//!   `lastPasswordResetAt`. Times are epoch seconds.
//! - `security#<time>#new-device` and `security#<time>#password-reset`, with the time as RFC 3339 in UTC: `sub`, `userPoolId`, `clientId`
//!   (the app client that it came through) and `at`.
//!
//! `detailType` is on every record that others are to hear of (`User Confirmed`, `New Device`, `Password Reset`): the table's stream carries
//! it to an event bus, so that nothing is written in two places.
//!
//! Cognito's events bear no id, and Cognito may send one three times within 15 s. So the times in the profile guard each note, in the same
//! transaction as the record that it makes: an event that is handled twice, cut anywhere, or handled three times at once leaves one count
//! and one record. The price is that two sign-ins of a user within 15 s count once; a new device among them is noted all the same.

mod change;
mod groups;
mod pending;
mod table;
mod transaction;
mod user;

pub use groups::{Groups, GroupsError};
pub use pending::PendingError;
pub use table::{Profiles, ProfilesError};
pub use user::{NoUser, USUAL_ATTRIBUTES, User};
