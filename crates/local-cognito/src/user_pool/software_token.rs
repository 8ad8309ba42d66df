use aws_lc_rs::hmac;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::ids;

/// The time step (RFC 6238, section 4.1); authenticator apps know no other.
const STEP_SECONDS: i64 = 30;
/// Steps before and after the present one whose codes are taken, for clocks that differ. RFC 6238, section 5.2, recommends at most one;
/// AWS documents none.
const STEPS_APART: i64 = 1;
/// Observed: AWS's `SecretCode` has 52 characters.
const SECRET_BYTES: usize = 32;

/// What an authenticator app and the pool share: codes from it change every 30 seconds (RFC 6238, with SHA-1 and six digits).
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SoftwareToken {
    secret: Vec<u8>,
    /// The time step of the last code that was taken; it and those before are of no use any more.
    last_step: Option<i64>,
}

/// What came of trying a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tried {
    /// The code is right, and was not seen before.
    Right,
    /// The code was right, but it or a later one was used.
    Used,
    Wrong,
}

impl SoftwareToken {
    pub(crate) fn generate() -> Self {
        Self {
            secret: ids::random::<SECRET_BYTES>().to_vec(),
            last_step: None,
        }
    }

    /// `SecretCode`, as people type it into their app.
    pub(crate) fn secret_code(&self) -> String {
        base32(&self.secret)
    }

    /// Tries a code. A code is good for one use (RFC 6238, section 5.2).
    pub(crate) fn try_code(&mut self, presented: &str, now: i64) -> Tried {
        let present = now.div_euclid(STEP_SECONDS);
        let steps = present - STEPS_APART..=present + STEPS_APART;
        let mut tried = Tried::Wrong;
        for step in steps {
            let right = self.code_of(step).as_bytes().ct_eq(presented.as_bytes());
            if !bool::from(right) {
                continue;
            }
            if self.last_step.is_none_or(|last| step > last) {
                self.last_step = Some(step);
                return Tried::Right;
            }
            tried = Tried::Used;
        }
        tried
    }

    /// The code of a time step (RFC 4226, section 5.3).
    fn code_of(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.secret);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let digest = tag.as_ref();
        let offset = usize::from(digest[digest.len() - 1] & 0xf);
        let mut word = [0; 4];
        word.copy_from_slice(&digest[offset..offset + 4]);
        format!(
            "{:06}",
            (u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000
        )
    }
}

/// RFC 4648, section 6, without padding.
fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bit = |at: usize| {
        let byte = bytes.get(at / 8).copied().unwrap_or_default();
        usize::from(byte >> (7 - at % 8) & 1)
    };
    let characters = (0..8 * bytes.len()).step_by(5).map(|first| {
        let digit = (first..first + 5).fold(0, |digit, at| 2 * digit + bit(at));
        char::from(ALPHABET[digit])
    });
    characters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> SoftwareToken {
        SoftwareToken {
            secret: b"12345678901234567890".to_vec(),
            last_step: None,
        }
    }

    /// RFC 6238, appendix B; the codes there have eight digits, of which ours are the last six.
    #[test]
    fn codes_are_those_of_the_rfc() {
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(token().code_of(time / STEP_SECONDS), code, "{time}");
            assert_eq!(token().try_code(code, time), Tried::Right, "{time}");
        }
    }

    #[test]
    fn a_code_is_good_once_and_for_clocks_a_step_apart() {
        let code = "287082";
        for (time, tried) in [
            (-1, Tried::Wrong),
            (0, Tried::Right),
            (89, Tried::Right),
            (90, Tried::Wrong),
        ] {
            assert_eq!(token().try_code(code, time), tried, "{time}");
        }
        let mut token = token();
        let before = token.code_of(0);
        assert_eq!(token.try_code(code, 59), Tried::Right);
        assert_eq!(token.try_code(code, 59), Tried::Used);
        assert_eq!(token.try_code(&before, 59), Tried::Used);
        let after = token.code_of(2);
        assert_eq!(token.try_code(&after, 59), Tried::Right);
    }

    #[test]
    fn what_is_no_code_is_wrong() {
        for text in ["", "28708", "2870820", "28708２", " 287082", "abcdef"] {
            assert_eq!(token().try_code(text, 59), Tried::Wrong, "{text}");
        }
    }

    /// RFC 4648, section 10.
    #[test]
    fn secrets_are_written_in_base32() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        assert_eq!(SoftwareToken::generate().secret_code().len(), 52);
    }
}
