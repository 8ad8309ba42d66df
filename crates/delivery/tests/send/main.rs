//! What leaves by which provider, and how often, when providers and the table fail, and when events come again or are cut.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod stage;

mod outages;
mod providers;
mod repetition;
mod requests;
