use crate::Unsupported;

/// What a hash may cost at most. It is held before any work is done, so that nobody who can write a hash can stop a function with it.
///
/// The default fits a Lambda function with 512 MB of memory within 1.5 to 3 s; the crate's documentation says what was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Memory of Argon2, scrypt and yescrypt, in KiB.
    pub memory_kib: u64,
    /// Argon2: memory in KiB times passes.
    pub argon2_work: u64,
    /// Argon2: lanes, which are worked on one after the other.
    pub argon2_lanes: u64,
    /// bcrypt: the base-2 logarithm of the rounds.
    pub bcrypt_cost: u64,
    /// scrypt: N times r times p; yescrypt the same.
    pub scrypt_work: u64,
    /// PBKDF2: iterations, times the digests that the derived key is long. Those with SHA-384 and SHA-512 count three times.
    pub pbkdf2_iterations: u64,
    /// Rounds of formats that repeat a plain digest: the crypt formats, phpass, Drupal, FusionAuth.
    pub digest_rounds: u64,
    /// The stored text, and as much for its settings, in bytes.
    pub text_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_kib: 256 * 1024,
            // libsodium's "moderate", 256 MiB in three passes; RFC 9106 recommends 64 MiB in three.
            argon2_work: 3 * 256 * 1024,
            argon2_lanes: 16,
            // Each step doubles the time; most systems use 10 to 12.
            bcrypt_cost: 13,
            // N = 2^17 with r = 8, the most that OWASP recommends.
            scrypt_work: 1 << 20,
            // Django 6 uses 1,200,000.
            pbkdf2_iterations: 2_000_000,
            // passlib's default for SHA-512-crypt is 656,000.
            digest_rounds: 1_000_000,
            text_bytes: 4096,
        }
    }
}

/// Refuses what is above a limit.
pub(crate) fn at_most(given: u64, most: u64, limit: &'static str) -> Result<(), Unsupported> {
    if given > most {
        return Err(Unsupported::TooCostly { limit, most });
    }
    Ok(())
}
