//! PBKDF2 with HMAC (RFC 8018, section 5.2).

use zeroize::Zeroizing;

use super::digest::Digest;
use crate::limits::at_most;
use crate::stored::{Cost, Stored};
use crate::{Limits, Unsupported};

/// One iteration with SHA-256, in nanoseconds.
const NANOSECONDS: u64 = 250;

pub(crate) struct Pbkdf2 {
    pub(crate) digest: Digest,
    pub(crate) iterations: u32,
    pub(crate) salt: Vec<u8>,
}

impl Pbkdf2 {
    pub(crate) fn stored(self, expected: Vec<u8>, limits: &Limits) -> Result<Stored, Unsupported> {
        let Self {
            digest,
            iterations,
            salt,
        } = self;
        if iterations == 0 {
            return Err(Unsupported::Malformed("there are no iterations"));
        }
        // A key longer than the digest is derived digest by digest.
        let blocks = expected.len().div_ceil(digest.bytes());
        // Most processors have instructions for SHA-1 and SHA-256, and fewer for SHA-512.
        let weight = match digest {
            Digest::Sha384 | Digest::Sha512 => 3,
            _ => 1,
        };
        let blocks = u64::try_from(blocks).unwrap_or(u64::MAX);
        let work = u64::from(iterations)
            .saturating_mul(blocks)
            .saturating_mul(weight);
        at_most(work, limits.pbkdf2_iterations, "PBKDF2's iterations")?;
        let derive = match digest {
            Digest::Sha1 => pbkdf2::pbkdf2_hmac::<sha1::Sha1>,
            Digest::Sha224 => pbkdf2::pbkdf2_hmac::<sha2::Sha224>,
            Digest::Sha256 => pbkdf2::pbkdf2_hmac::<sha2::Sha256>,
            Digest::Sha384 => pbkdf2::pbkdf2_hmac::<sha2::Sha384>,
            Digest::Sha512 => pbkdf2::pbkdf2_hmac::<sha2::Sha512>,
            Digest::Md4 | Digest::Md5 => {
                return Err(Unsupported::Refused("PBKDF2 with MD4 or MD5"));
            }
        };
        let length = expected.len();
        Stored::new(
            expected,
            Cost::of_steps(work, NANOSECONDS),
            move |password| {
                let mut key = Zeroizing::new(vec![0; length]);
                derive(password, &salt, iterations, &mut key);
                key
            },
        )
    }
}
