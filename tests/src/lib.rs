//! What journeys, demo and benchmarks share: a stand-in of their own, driven as any client would drive it.

pub mod identity;
pub mod jwt;
mod outbox;
pub mod signed;
pub mod srp_client;
pub mod stand_in;
pub mod totp;
pub mod user;
