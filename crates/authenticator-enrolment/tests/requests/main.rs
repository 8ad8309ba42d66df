//! Who may enrol what, as the API asks it, and what is said to whom.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod stage;

mod enrolment;
mod outages;
mod repetition;
mod tokens;
