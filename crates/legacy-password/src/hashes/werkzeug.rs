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
fn parts<'a, const N: usize>(
    written: &Written<'a>,
) -> Result<([&'a str; N], Vec<u8>, Vec<u8>), Unsupported> {
    let parts = || {
        let [method, salt, hash] = fields(written.text, '$')?;
        Some((
            fields(method, ':')?,
            salt.as_bytes().to_vec(),
            from_hex(hash)?,
        ))
    };
    parts().ok_or(Unsupported::Malformed("the method, the salt or the hash"))
}

fn scrypt(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let (["scrypt", n, r, p], salt, expected) = parts(written)? else {
        return Err(MALFORMED_NUMBER);
    };
    let n = decimal(n).ok_or(MALFORMED_NUMBER)?;
    let r = decimal(r).ok_or(MALFORMED_NUMBER)?;
    let p = decimal(p).ok_or(MALFORMED_NUMBER)?;
    Scrypt::new(n, r, p, written.limits)?.stored(salt, expected)
}

fn pbkdf2(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let (["pbkdf2", digest, iterations], salt, expected) = parts(written)? else {
        return Err(MALFORMED_NUMBER);
    };
    let iterations = decimal(iterations).ok_or(MALFORMED_NUMBER)?;
    let digest = Digest::named(digest)?;
    Pbkdf2 {
        digest,
        iterations,
        salt,
    }
    .stored(expected, written.limits)
}

/// The salt is the key. Without a salt it was the digest alone.
fn hmac(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let ([digest], salt, expected) = parts(written)?;
    let digest = Digest::named(digest)?;
    if salt.is_empty() {
        return digest.stored(Vec::new(), Vec::new(), expected);
    }
    digest.stored_hmac(salt, expected)
}

const MALFORMED_NUMBER: Unsupported = Unsupported::Malformed("the method's parameters");
