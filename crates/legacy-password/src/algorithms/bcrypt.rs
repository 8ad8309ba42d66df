//! bcrypt, with the semantics of OpenBSD since 2014 (`$2b$`), which `$2a$` and `$2y$` share for everything but bugs.
//!
//! Of a password 72 bytes count, as everywhere.

use base64::Engine;
use base64::alphabet::BCRYPT;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::limits::at_most;
use crate::stored::{Cost, Secret, Stored};
use crate::{Limits, Unsupported};

/// What bcrypt itself takes.
const COSTS: std::ops::RangeInclusive<u32> = 4..=31;

/// Two to the power of cost such rounds, in nanoseconds.
const NANOSECONDS_PER_ROUND: u64 = 80_000;

/// Blowfish's subkeys: the rest of a password does not count.
const KEY_BYTES: usize = 72;

const HASH_BYTES: usize = 23;
const SALT_CHARACTERS: usize = 22;
const HASH_CHARACTERS: usize = 31;

/// Reads what stands in every dialect: a cost of two digits, `$`, salt and hash.
pub(crate) fn read(text: &str, limits: &Limits) -> Option<Result<Stored, Unsupported>> {
    let (cost, rest) = text.split_once('$')?;
    let (salt, hash) = rest.split_at_checked(SALT_CHARACTERS)?;
    if cost.len() != 2 || !cost.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let cost = cost.parse().ok()?;
    Some(stored(cost, salt, hash, limits))
}

/// bcrypt of what is derived from a password, which may hold any byte.
pub(crate) fn stored(
    cost: u32,
    salt: &str,
    hash: &str,
    limits: &Limits,
) -> Result<Stored, Unsupported> {
    at_most(cost.into(), limits.bcrypt_cost, "bcrypt's cost")?;
    if !COSTS.contains(&cost) || hash.len() != HASH_CHARACTERS {
        return Err(Unsupported::Malformed("bcrypt has no such cost or hash"));
    }
    let malformed = Unsupported::Malformed("the salt or the hash is not in bcrypt's base64");
    let salt: [u8; 16] = bytes(salt)
        .and_then(|salt| salt.try_into().ok())
        .ok_or(malformed)?;
    let expected = bytes(hash).ok_or(malformed)?;
    let rounds = 1_u64 << cost;
    Stored::new(
        expected,
        Cost::of_steps(rounds, NANOSECONDS_PER_ROUND),
        move |password| derive(password, cost, salt),
    )
}

/// The last digit of a salt or hash has bits to spare. Older libraries left chance in them, and all compare without them.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &BCRYPT,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// The 16 or 23 bytes of a salt or hash.
fn bytes(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

fn derive(password: &[u8], cost: u32, salt: [u8; 16]) -> Secret {
    // The NUL at the end of C's strings counts, and is what a password that is too long loses first.
    let mut key = Zeroizing::new([password, &[0]].concat());
    key.truncate(KEY_BYTES);
    let hash = Zeroizing::new(bcrypt::bcrypt(cost, salt, &key));
    // The original wrote one byte less than there is.
    Zeroizing::new(hash.iter().copied().take(HASH_BYTES).collect())
}
