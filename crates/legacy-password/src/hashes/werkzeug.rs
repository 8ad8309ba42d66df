//! Werkzeug, and with it Flask: `scrypt:32768:8:1$salt$hash`, `pbkdf2:sha256:600000$salt$hash`, and the HMAC of old versions.
//!
//! A salt is text, a hash hexadecimal. `md5$…` and `sha1$…` begin as Django's do, which are another digest: they have to be configured.
//!
//! Source: <https://github.com/pallets/werkzeug/blob/main/src/werkzeug/security.py>

use super::{Definition, Written};
use crate::Unsupported;
use crate::algorithms::digest::Digest;
use crate::algorithms::pbkdf2::Pbkdf2;
use crate::algorithms::scrypt::Scrypt;
use crate::encoding::{decimal, fields, from_hex};
use crate::stored::Stored;

pub(super) const FORMATS: &[Definition] = &[
    Definition {
        name: "werkzeug-scrypt",
        begins: &["scrypt:"],
        read: scrypt,
    },
    Definition {
        name: "werkzeug-pbkdf2",
        begins: &["pbkdf2:"],
        read: pbkdf2,
    },
    Definition {
        name: "werkzeug-hmac",
        begins: &["sha224$", "sha256$", "sha384$", "sha512$"],
        read: hmac,
    },
];

/// What comes before the salt, between colons, then the salt and the hash.
struct Parts<'a, const N: usize> {
    method: [&'a str; N],
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl<'a, const N: usize> Parts<'a, N> {
    fn read(written: &Written<'a>) -> Result<Self, Unsupported> {
        let parts = || {
            let [method, salt, hash] = fields(written.text, '$')?;
            Some(Self {
                method: fields(method, ':')?,
                salt: salt.as_bytes().to_vec(),
                hash: from_hex(hash)?,
            })
        };
        parts().ok_or(MALFORMED)
    }
}

const MALFORMED: Unsupported = Unsupported::Malformed("the method, the salt or the hash");

fn scrypt(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let parts = Parts::read(written)?;
    let ["scrypt", n, r, p] = parts.method else {
        return Err(MALFORMED);
    };
    let n = decimal(n).ok_or(MALFORMED)?;
    let r = decimal(r).ok_or(MALFORMED)?;
    let p = decimal(p).ok_or(MALFORMED)?;
    Scrypt::new(n, r, p, written.limits)?.stored(parts.salt, parts.hash)
}

fn pbkdf2(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let parts = Parts::read(written)?;
    let ["pbkdf2", digest, iterations] = parts.method else {
        return Err(MALFORMED);
    };
    let pbkdf2 = Pbkdf2 {
        digest: Digest::named(digest)?,
        iterations: decimal(iterations).ok_or(MALFORMED)?,
        salt: parts.salt,
    };
    pbkdf2.stored(parts.hash, written.limits)
}

/// The salt is the key. Without a salt it was the digest alone.
fn hmac(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let parts = Parts::read(written)?;
    let [digest] = parts.method;
    let digest = Digest::named(digest)?;
    if parts.salt.is_empty() {
        return digest.stored(Vec::new(), Vec::new(), parts.hash);
    }
    digest.stored_hmac(parts.salt, parts.hash)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::hashes::check_refused;

    #[test]
    fn what_is_not_pbkdf2_is_refused() {
        check_refused(
            "werkzeug-pbkdf2",
            Value::Null,
            &[
                "pbkdf2:md5:1$salt$0123456789abcdef0123456789abcdef",
                "pbkdf2:whirlpool:1$salt$0123456789abcdef0123456789abcdef",
                "pbkdf2:sha256$salt$0123456789abcdef0123456789abcdef",
                "pbkdf2:sha256:0$salt$0123456789abcdef0123456789abcdef",
                "pbkdf2:sha256:1:2$salt$0123456789abcdef0123456789abcdef",
                "pbkdf2:sha256:1$salt$xyz",
            ],
        );
    }

    #[test]
    fn what_is_not_scrypt_is_refused() {
        check_refused(
            "werkzeug-scrypt",
            Value::Null,
            &[
                "scrypt:16:8$salt$0123456789abcdef0123456789abcdef",
                "scrypt:15:8:1$salt$0123456789abcdef0123456789abcdef",
                "scrypt:16:8:1$salt$",
                "scrypt:16:8:1$0123456789abcdef0123456789abcdef",
            ],
        );
    }
}
