//! What the operator decided, read once at start: a file for each function.

pub(crate) mod create_auth_challenge;
pub(crate) mod define_auth_challenge;
pub(crate) mod verify_auth_challenge_response;

use std::str::FromStr;

use time::Duration;

/// For how long challenges can be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lifetimes {
    /// Those that are answered with a code.
    pub(crate) code: Duration,
    /// Those that are answered by a link.
    pub(crate) link: Duration,
}

/// A whole number between two bounds.
#[derive(Debug, Clone, Copy)]
struct Between<const LEAST: u32, const MOST: u32>(u32);

impl<const LEAST: u32, const MOST: u32> FromStr for Between<LEAST, MOST> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.parse().ok();
        number
            .filter(|number| (LEAST..=MOST).contains(number))
            .map(Self)
            .ok_or_else(|| format!("expected a whole number from {LEAST} to {MOST}"))
    }
}
