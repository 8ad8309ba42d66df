//! The table of invitations, and what an item of it means. Pre sign-up redeems invitations, post confirmation gives the groups that came
//! with one.
//!
//! The partition key is `code`. All else of an invitation is optional: `email` (only that address may use it), `domain` (only that domain
//! and its sub-domains), `maxUses` (1 if absent), `expiresAt` (epoch seconds, the table's TTL attribute), `groups` (SS, or L of S: the
//! groups of the user pool that come with it) and `redeemedBy` (a set of texts, which only [`Invitations::redeem`] writes).
//!
//! A redemption leaves a second item, under `redeemer#` and a digest of the pool and of the account's user name: `invitation` (the code),
//! `redeemer` (a digest of the pool and of the address, or else the name) and `expiresAt`, 30 days later. Post confirmation finds the
//! invitation by it, so that no app has to send the code a second time, and none can send another. No user can take such an item for an invitation.
//!
//! An invitation that is bound to nobody asks for its code alone, and nothing here counts attempts: make codes of 64 random bits or more.

mod invitation;
mod table;

pub use invitation::{Invitation, InvitationCode, Redeemer, Redemption};
pub use table::{Invitations, InvitationsError};
