use std::str::FromStr;

use crate::Unsupported;
use crate::stored::Cost;

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
    /// All forms of one password together ([`Preparation`](crate::Preparation)), in milliseconds by their [`Cost`]: the password as it was
    /// typed is checked whatever that takes, and other forms as far as this goes.
    pub forms_milliseconds: u64,
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
            // Three forms at bcrypt's cost of 13, six at 12. Cognito waits for 5 s, and an estimate can be half of what it takes.
            forms_milliseconds: 2_000,
            text_bytes: 4096,
        }
    }
}

impl Limits {
    /// How many forms of a password are checked of which one costs this.
    pub(crate) fn forms(&self, cost: Cost) -> usize {
        let together = u128::from(self.forms_milliseconds) * 1_000_000;
        let forms = together.checked_div(cost.time.as_nanos());
        forms.map_or(usize::MAX, |forms| {
            forms.try_into().unwrap_or(usize::MAX).max(1)
        })
    }

    fn named(&mut self, name: &str) -> Option<&mut u64> {
        Some(match name {
            "memory-kib" => &mut self.memory_kib,
            "argon2-work" => &mut self.argon2_work,
            "argon2-lanes" => &mut self.argon2_lanes,
            "bcrypt-cost" => &mut self.bcrypt_cost,
            "scrypt-work" => &mut self.scrypt_work,
            "pbkdf2-iterations" => &mut self.pbkdf2_iterations,
            "digest-rounds" => &mut self.digest_rounds,
            "forms-milliseconds" => &mut self.forms_milliseconds,
            "text-bytes" => &mut self.text_bytes,
            _ => return None,
        })
    }
}

impl FromStr for Limits {
    type Err = UnknownLimit;

    /// The default with other values, as `bcrypt-cost=12,memory-kib=131072`: the names of the fields with hyphens.
    fn from_str(text: &str) -> Result<Self, UnknownLimit> {
        let mut limits = Self::default();
        for pair in text.split(',') {
            let (name, value) = pair.trim().split_once('=').ok_or(UnknownLimit)?;
            *limits.named(name).ok_or(UnknownLimit)? = value.parse().map_err(|_| UnknownLimit)?;
        }
        Ok(limits)
    }
}

/// A text that is no limit, or gives it no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected limits of hashes, such as bcrypt-cost=12,memory-kib=131072")]
pub struct UnknownLimit;

/// Refuses what is above a limit.
pub(crate) fn at_most(given: u64, most: u64, limit: &'static str) -> Result<(), Unsupported> {
    if given > most {
        return Err(Unsupported::TooCostly { limit, most });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn as_many_forms_are_checked_as_take_the_time_and_one_at_least() {
        let limits = Limits::default();
        for (milliseconds, expected) in [
            (400, 5),
            (401, 4),
            (1_001, 1),
            (2_000, 1),
            (2_001, 1),
            (60_000, 1),
            (0, usize::MAX),
        ] {
            let cost = Cost {
                time: Duration::from_millis(milliseconds),
                memory_kib: 0,
            };
            assert_eq!(limits.forms(cost), expected, "{milliseconds}");
        }
    }

    #[test]
    fn limits_are_named_and_have_a_number() {
        let usual = Limits::default;
        let names = "memory-kib=1,argon2-work=2, argon2-lanes=3,bcrypt-cost=4,scrypt-work=5,pbkdf2-iterations=6,digest-rounds=7,forms-milliseconds=8,text-bytes=9";
        let all = Limits {
            memory_kib: 1,
            argon2_work: 2,
            argon2_lanes: 3,
            bcrypt_cost: 4,
            scrypt_work: 5,
            pbkdf2_iterations: 6,
            digest_rounds: 7,
            forms_milliseconds: 8,
            text_bytes: 9,
        };
        assert_eq!(names.parse(), Ok(all));
        let bcrypt_cost = 12;
        let one = Limits {
            bcrypt_cost,
            ..usual()
        };
        assert_eq!("bcrypt-cost=12".parse(), Ok(one));
        for text in [
            "",
            "bcrypt-cost",
            "bcrypt-cost=",
            "bcrypt_cost=12",
            "bcrypt-cost=-1",
            "bcrypt-cost=12,",
            "cost=1",
        ] {
            assert_eq!(text.parse::<Limits>(), Err(UnknownLimit), "{text:?}");
        }
    }
}
