//! The "portable" hashes of phpass, and Drupal's, which are the same over another digest.
//!
//! Source: <https://www.openwall.com/phpass/>

use super::digest::Digest;
use crate::encoding::{itoa64_digit, to_itoa64};
use crate::limits::at_most;
use crate::stored::{Cost, Stored};
use crate::{Limits, Unsupported};

const SALT_CHARACTERS: usize = 8;

/// One digest, in nanoseconds.
const NANOSECONDS: u64 = 300;

/// Reads what stands after the beginning: the base-2 logarithm of the rounds as a digit, salt, and so many characters of the hash.
pub(crate) fn read(
    digest: Digest,
    text: &str,
    characters: usize,
    limits: &Limits,
) -> Result<Stored, Unsupported> {
    let malformed = Unsupported::Malformed("the cost, the salt or the hash has another length");
    let (setting, hash) = text
        .split_at_checked(1 + SALT_CHARACTERS)
        .ok_or(malformed)?;
    let (cost, salt) = setting.split_at_checked(1).ok_or(malformed)?;
    if hash.len() != characters {
        return Err(malformed);
    }
    let log_rounds = cost
        .bytes()
        .next()
        .and_then(itoa64_digit)
        .ok_or(malformed)?;
    let rounds = 1_u64.checked_shl(log_rounds.into()).ok_or(malformed)?;
    stored(digest, rounds, salt, hash, limits)
}

/// The hash is as many of the digest's characters as it has.
pub(crate) fn stored(
    digest: Digest,
    rounds: u64,
    salt: &str,
    hash: &str,
    limits: &Limits,
) -> Result<Stored, Unsupported> {
    at_most(rounds, limits.digest_rounds, "rounds")?;
    let salt = salt.as_bytes().to_vec();
    let characters = hash.len();
    Stored::new(
        hash.as_bytes().to_vec(),
        Cost::of_steps(rounds, NANOSECONDS),
        move |password| {
            let mut result = digest.of(&[&salt, password]);
            for _ in 0..rounds {
                result = digest.of(&[&result, password]);
            }
            let mut text = to_itoa64(&result);
            text.truncate(characters);
            text.into_bytes().into()
        },
    )
}
