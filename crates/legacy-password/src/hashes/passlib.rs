//! passlib's own formats. What it shares with others, such as `$6$`, is read as theirs.
//!
//! Source: <https://passlib.readthedocs.io/en/stable/lib/passlib.hash.pbkdf2_digest.html>,
//! <https://passlib.readthedocs.io/en/stable/lib/passlib.hash.bcrypt_sha256.html>

use super::{Definition, Written};
use crate::Unsupported;
use crate::algorithms::bcrypt;
use crate::algorithms::digest::Digest::{self, Sha1, Sha256, Sha512};
use crate::algorithms::pbkdf2::Pbkdf2;
use crate::encoding::{decimal, fields, from_adapted_base64, to_base64, values};
use crate::stored::{Secret, Stored};

pub(super) const FORMATS: &[Definition] = &[
    Definition {
        name: "passlib-pbkdf2",
        begins: &["$pbkdf2$", "$pbkdf2-sha256$", "$pbkdf2-sha512$"],
        read: pbkdf2,
    },
    Definition {
        name: "passlib-bcrypt-sha256",
        begins: &["$bcrypt-sha256$"],
        read: bcrypt_sha256,
    },
];

/// `$pbkdf2-sha256$29000$salt$hash`
fn pbkdf2(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let parts = || {
        let ["", name, iterations, salt, hash] = fields(written.text, '$')? else {
            return None;
        };
        let digest: Digest = match name {
            "pbkdf2" => Sha1,
            "pbkdf2-sha256" => Sha256,
            "pbkdf2-sha512" => Sha512,
            _ => return None,
        };
        let pbkdf2 = Pbkdf2 {
            digest,
            iterations: decimal(iterations)?,
            salt: from_adapted_base64(salt)?,
        };
        Some((pbkdf2, from_adapted_base64(hash)?))
    };
    let (pbkdf2, expected) =
        parts().ok_or(Unsupported::Malformed("PBKDF2's iterations, salt or hash"))?;
    pbkdf2.stored(expected, written.limits)
}

/// `$bcrypt-sha256$v=2,t=2b,r=12$salt$hash`, over the HMAC of the password under the salt as it is written; or, older,
/// `$bcrypt-sha256$2b,12$salt$hash`, over the password's digest. Either is in base64.
fn bcrypt_sha256(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let malformed = Unsupported::Malformed("bcrypt's parameters, salt or hash");
    let [parameters, salt, hash] =
        fields(written.after("$bcrypt-sha256$")?, '$').ok_or(malformed)?;
    let second = values(parameters, ["v", "t", "r"]);
    let (dialect, cost) = match second {
        Some(["2", dialect, cost]) => (dialect, cost),
        Some(_) => return Err(malformed),
        None => parameters.split_once(',').ok_or(malformed)?,
    };
    if !["2a", "2b", "2y"].contains(&dialect) {
        return Err(malformed);
    }
    let cost = decimal(cost).ok_or(malformed)?;
    let key = second.map(|_| salt.as_bytes().to_vec());
    let stored = bcrypt::stored(cost, salt, hash, written.limits)?;
    Ok(stored.of(move |password| {
        let digest: Secret = match &key {
            Some(key) => Sha256.hmac(key, password),
            None => Sha256.of(&[password]),
        };
        to_base64(&digest).into_bytes().into()
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::hashes::check_refused;

    #[test]
    fn what_is_not_pbkdf2_is_refused() {
        check_refused(
            "passlib-pbkdf2",
            Value::Null,
            &[
                "$pbkdf2-sha256$1$c2FsdA$c2FsdA",
                "$pbkdf2-sha256$0$c2FsdA$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$pbkdf2-sha256$1$c2+sdA$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$pbkdf2-sha256$1$c2FsdA$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
                "$pbkdf2-sha384$1$c2FsdA$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "$pbkdf2-sha256$c2FsdA$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
            ],
        );
    }

    #[test]
    fn what_is_not_bcrypt_is_refused() {
        check_refused(
            "passlib-bcrypt-sha256",
            Value::Null,
            &[
                "$bcrypt-sha256$v=1,t=2b,r=4$abcdefghijklmnopqrstuu$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7",
                "$bcrypt-sha256$v=2,t=2x,r=4$abcdefghijklmnopqrstuu$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7",
                "$bcrypt-sha256$2b,x$abcdefghijklmnopqrstuu$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7",
                "$bcrypt-sha256$2b$abcdefghijklmnopqrstuu$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7",
                "$bcrypt-sha256$2b,4$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl7",
            ],
        );
    }
}
