//! Sign-ins through the three functions, with the tables, keys and the sender in this process.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod pool;
mod stage;

mod events;
mod existence;
mod guesses;
mod kinds;
mod methods;
mod outages;
mod policies;
mod pumping;
mod repetition;
mod sessions;
mod timing;
