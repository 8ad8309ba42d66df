//! Time-based one-time passwords: RFC 6238 over RFC 4226, as all authenticator apps have it: SHA-1, six digits, 30 s.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;
use time::OffsetDateTime;

/// The time step `X` of RFC 6238, section 4.1, in seconds.
pub(crate) const PERIOD_SECONDS: i64 = 30;

/// The time steps around now whose codes are taken: one before, for what takes the code here (RFC 6238, section 5.2 allows one), and one
/// after, for a clock that is fast (section 6).
const TOLERANCE: [i64; 3] = [-1, 0, 1];

/// The time step whose code this is, if it is one of now. All steps are compared, in constant time.
pub(crate) fn matching_step(secret: &[u8], code: &str, now: OffsetDateTime) -> Option<i64> {
    let current = now.unix_timestamp().div_euclid(PERIOD_SECONDS);
    let mut found = None;
    for step in TOLERANCE.map(|steps| current + steps) {
        if is_code_of(secret, code, step) {
            found = Some(step);
        }
    }
    found
}

/// Whether it is the code of that very time step.
pub(crate) fn is_code_of(secret: &[u8], code: &str, step: i64) -> bool {
    code_at(secret, step)
        .as_bytes()
        .ct_eq(code.as_bytes())
        .into()
}

/// RFC 4226, section 5.3, with the time step as its counter.
fn code_at(secret: &[u8], step: i64) -> String {
    let mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes keys of any length");
    let digest = mac.chain_update(step.to_be_bytes()).finalize().into_bytes();
    let offset = usize::from(digest[19] & 0x0f);
    let number = digest[offset..offset + 4]
        .iter()
        .fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of both RFCs' vectors.
    const SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(seconds).unwrap()
    }

    /// RFC 4226, appendix D.
    #[test]
    fn codes_are_those_of_rfc_4226() {
        let codes = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583",
            "399871", "520489",
        ];
        for (step, code) in (0..).zip(codes) {
            assert_eq!(code_at(SECRET, step), code, "{step}");
        }
    }

    /// RFC 6238, appendix B: the last six digits of its eight.
    #[test]
    fn times_are_those_of_rfc_6238() {
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(
                matching_step(SECRET, code, at(time)),
                Some(time / 30),
                "{time}"
            );
        }
    }

    #[test]
    fn a_code_is_taken_one_step_early_and_one_step_late_and_no_more() {
        // That of the step from 30 s to 59 s.
        let code = "287082";
        for (time, taken) in [
            (0, true),
            (29, true),
            (30, true),
            (59, true),
            (60, true),
            (89, true),
            (90, false),
            (3_000, false),
        ] {
            assert_eq!(
                matching_step(SECRET, code, at(time)).is_some(),
                taken,
                "{time}"
            );
        }
    }

    #[test]
    fn what_is_no_code_matches_nothing() {
        for code in [
            "",
            "28708",
            "2870820",
            "287082 ",
            "２８７０８２",
            "-87082",
            "28708x",
        ] {
            assert_eq!(matching_step(SECRET, code, at(59)), None, "{code:?}");
        }
    }
}
