//! Clerk's PBKDF2, which has to be configured, since it begins as Django's does: `pbkdf2_sha256$iterations$salt$hash` has the salt in base64 too,
//! and `pbkdf2_sha1$iterations$salt$hash` the hash in hexadecimal. What else Clerk takes is as other systems write it.
//!
//! Source: <https://clerk.com/docs/reference/backend/user/create-user>, `passwordHasher`

use super::{Definition, Written};
use crate::Unsupported;
use crate::algorithms::digest::Digest::{Sha1, Sha256};
use crate::algorithms::pbkdf2::Pbkdf2;
use crate::encoding::{decimal, fields, from_base64, from_hex};
use crate::stored::Stored;

pub(super) const FORMATS: &[Definition] = &[Definition {
    name: "clerk-pbkdf2",
    begins: &[],
    read,
}];

fn read(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let parts = || {
        let [name, iterations, salt, hash] = fields(written.text, '$')?;
        let (digest, salt, expected) = match name {
            "pbkdf2_sha256" => (Sha256, from_base64(salt)?, from_base64(hash)?),
            "pbkdf2_sha1" => (Sha1, salt.as_bytes().to_vec(), from_hex(hash)?),
            _ => return None,
        };
        let iterations = decimal(iterations)?;
        let pbkdf2 = Pbkdf2 {
            digest,
            iterations,
            salt,
        };
        Some((pbkdf2, expected))
    };
    let malformed = Unsupported::Malformed("PBKDF2's iterations, salt or hash");
    let (pbkdf2, expected) = parts().ok_or(malformed)?;
    pbkdf2.stored(expected, written.limits)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::hashes::check_refused;

    #[test]
    fn what_is_written_otherwise_is_refused() {
        check_refused(
            "clerk-pbkdf2",
            Value::Null,
            &[
                "pbkdf2_sha256$100$salt!$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
                "pbkdf2_sha1$100$salt$c2FsdHNhbHRzYWx0c2FsdHM=",
                "pbkdf2_sha512$100$c2FsdA==$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
                "pbkdf2_sha256$100$c2FsdA==",
                "",
            ],
        );
    }
}
