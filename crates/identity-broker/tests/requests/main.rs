//! Who gets what by which proof, as the API asks it, and what is said to whom.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod provider;
mod signers;
mod stage;

mod attacks;
mod device_keys;
mod guests;
mod id_tokens;
mod links;
mod mutations;
mod openapi;
mod outages;
mod passwords;
mod repetition;
mod requests_by_hmac;
mod sign_in;
