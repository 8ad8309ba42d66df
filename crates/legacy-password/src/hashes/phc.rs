//! scrypt and PBKDF2 in the PHC string format, and as Ory Kratos writes them: `$scrypt$ln=16,r=8,p=1$salt$hash`,
//! `$pbkdf2-sha256$i=600000,l=32$salt$hash`.
//!
//! Source: <https://github.com/P-H-C/phc-string-format>, <https://github.com/ory/kratos/blob/master/hash/hash_comparator.go>

use super::{Definition, Written};
use crate::Unsupported;
use crate::algorithms::digest::Digest;
use crate::algorithms::pbkdf2::Pbkdf2;
use crate::algorithms::scrypt::Scrypt;
use crate::encoding::{decimal, fields, from_base64, values};
use crate::stored::Stored;

pub(super) const FORMATS: &[Definition] = &[
    Definition {
        name: "phc-scrypt",
        begins: &["$scrypt$"],
        read: scrypt,
    },
    Definition {
        name: "phc-pbkdf2",
        begins: &[
            "$pbkdf2-sha1$i=",
            "$pbkdf2-sha224$i=",
            "$pbkdf2-sha256$i=",
            "$pbkdf2-sha384$i=",
            "$pbkdf2-sha512$i=",
        ],
        read: pbkdf2,
    },
];

/// No logarithm of N is larger, since no memory is; and no N of Kratos, which writes N itself, is as small.
const LARGEST_LOGARITHM: u64 = 63;

fn scrypt(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let parts = || {
        let [parameters, salt, hash] = fields(written.after("$scrypt$").ok()?, '$')?;
        let [ln, r, p] = values(parameters, ["ln", "r", "p"])?;
        let ln: u64 = decimal(ln)?;
        let n = if ln > LARGEST_LOGARITHM { ln } else { 1 << ln };
        Some((
            n,
            decimal(r)?,
            decimal(p)?,
            from_base64(salt)?,
            from_base64(hash)?,
        ))
    };
    let (n, r, p, salt, expected) =
        parts().ok_or(Unsupported::Malformed("scrypt's parameters, salt or hash"))?;
    Scrypt::new(n, r, p, written.limits)?.stored(salt, expected)
}

/// The length says nothing that the hash does not.
pub(super) fn pbkdf2(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let malformed = Unsupported::Malformed("PBKDF2's parameters, salt or hash");
    let [digest, parameters, salt, hash] =
        fields(written.after("$pbkdf2-")?, '$').ok_or(malformed)?;
    let parts = || {
        let iterations = match values(parameters, ["i", "l"]) {
            Some([iterations, length]) => {
                decimal::<u32>(length)?;
                iterations
            }
            None => parameters.strip_prefix("i=")?,
        };
        Some((decimal(iterations)?, from_base64(salt)?, from_base64(hash)?))
    };
    let (iterations, salt, expected) = parts().ok_or(malformed)?;
    let digest = Digest::named(digest)?;
    Pbkdf2 {
        digest,
        iterations,
        salt,
    }
    .stored(expected, written.limits)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::hashes::check_refused;

    #[test]
    fn what_is_not_scrypt_is_refused() {
        check_refused(
            "phc-scrypt",
            Value::Null,
            &[
                "$scrypt$ln=4,r=8$c2FsdA$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$scrypt$ln=0,r=8,p=1$c2FsdA$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$scrypt$ln=1000,r=8,p=1$c2FsdA$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$scrypt$r=8,ln=4,p=1$c2FsdA$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$scrypt$ln=4,r=8,p=1$c2FsdA$",
                "$scrypt$ln=4,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
            ],
        );
    }

    #[test]
    fn what_is_not_pbkdf2_is_refused() {
        check_refused(
            "phc-pbkdf2",
            Value::Null,
            &[
                "$pbkdf2-sha256$i=0,l=32$c2FsdA$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$pbkdf2-sha256$i=1,l=x$c2FsdA$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$pbkdf2-sha3$i=1$c2FsdA$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$pbkdf2-sha256$i=1$c2FsdA$c2FsdA",
            ],
        );
    }
}
