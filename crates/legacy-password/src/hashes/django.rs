//! Django's hashers, other than Argon2 (`argon2$argon2id$…`), which is read as what it wraps.
//!
//! A salt is text and not base64. A password that begins with `!` is unusable on purpose. What Clerk writes begins as Django's PBKDF2 and is
//! read otherwise: its SHA-256 is told by what Django has in no salt ([`crate::refused`]), its SHA-1 by the length of the hash.
//!
//! Source: <https://github.com/django/django/blob/main/django/contrib/auth/hashers.py>

use super::{Definition, Written, bcrypt};
use crate::Unsupported;
use crate::algorithms::digest::Digest::{self, Md5, Sha1, Sha256};
use crate::algorithms::pbkdf2::Pbkdf2;
use crate::algorithms::scrypt::Scrypt;
use crate::encoding::{decimal, fields, from_base64, from_hex, to_hex};
use crate::stored::Stored;

pub(super) const FORMATS: &[Definition] = &[
    Definition {
        name: "django-pbkdf2-sha256",
        begins: &["pbkdf2_sha256$"],
        read: |written| pbkdf2(written, "pbkdf2_sha256$", Sha256),
    },
    Definition {
        name: "django-pbkdf2-sha1",
        begins: &["pbkdf2_sha1$"],
        read: |written| pbkdf2(written, "pbkdf2_sha1$", Sha1),
    },
    Definition {
        name: "django-scrypt",
        begins: &["scrypt$"],
        read: scrypt,
    },
    Definition {
        name: "django-bcrypt-sha256",
        begins: &["bcrypt_sha256$$"],
        read: bcrypt_sha256,
    },
    Definition {
        name: "django-bcrypt",
        begins: &["bcrypt$$"],
        read: |written| bcrypt::read(written.after("bcrypt$")?, written),
    },
    Definition {
        name: "django-sha1",
        begins: &["sha1$"],
        read: |written| salted(written, "sha1$", Sha1),
    },
    Definition {
        name: "django-md5",
        begins: &["md5$"],
        read: |written| salted(written, "md5$", Md5),
    },
];

fn pbkdf2(written: &Written<'_>, begin: &str, digest: Digest) -> Result<Stored, Unsupported> {
    let parts = || {
        let [iterations, salt, hash] = fields(written.after(begin).ok()?, '$')?;
        let salt = salt.as_bytes().to_vec();
        let expected = from_base64(hash)?;
        let pbkdf2 = Pbkdf2 {
            digest,
            iterations: decimal(iterations)?,
            salt,
        };
        (expected.len() == digest.bytes()).then_some((pbkdf2, expected))
    };
    let (pbkdf2, expected) =
        parts().ok_or(Unsupported::Malformed("PBKDF2's iterations, salt or hash"))?;
    pbkdf2.stored(expected, written.limits)
}

/// `scrypt$N$salt$r$p$hash`, where N is not a logarithm.
fn scrypt(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let parts = || {
        let [n, salt, r, p, hash] = fields(written.after("scrypt$").ok()?, '$')?;
        Some((
            decimal(n)?,
            decimal(r)?,
            decimal(p)?,
            salt.as_bytes().to_vec(),
            from_base64(hash)?,
        ))
    };
    let (n, r, p, salt, expected) =
        parts().ok_or(Unsupported::Malformed("scrypt's parameters, salt or hash"))?;
    Scrypt::new(n, r, p, written.limits)?.stored(salt, expected)
}

fn bcrypt_sha256(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let stored = bcrypt::read(written.after("bcrypt_sha256$")?, written)?;
    Ok(stored.of(|password| to_hex(&Sha256.of(&[password])).into_bytes().into()))
}

/// `sha1$salt$hash` in hexadecimal; the salt may be empty.
fn salted(written: &Written<'_>, begin: &str, digest: Digest) -> Result<Stored, Unsupported> {
    let parts = || {
        let [salt, hash] = fields(written.after(begin).ok()?, '$')?;
        Some((salt.as_bytes().to_vec(), from_hex(hash)?))
    };
    let (salt, expected) = parts().ok_or(Unsupported::Malformed("the salt or the hash"))?;
    digest.stored(salt, Vec::new(), expected)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::hashes::check_refused;

    #[test]
    fn what_is_not_pbkdf2_is_refused() {
        check_refused(
            "django-pbkdf2-sha256",
            Value::Null,
            &[
                "pbkdf2_sha256$0$salt$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
                "pbkdf2_sha256$-1$salt$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
                "pbkdf2_sha256$1$salt",
                "pbkdf2_sha256$1$salt$",
                "pbkdf2_sha256$1$salt$c2FsdA==",
                "pbkdf2_sha256$1$salt$x$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
                "pbkdf2_sha1$1$salt$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
                "pbkdf2_sha256$1$salt$c2FsdHNhbHRzYWx0c2FsdHM=",
            ],
        );
    }

    /// Clerk's, of the same beginning, with its hash in hexadecimal: as base64 it would be 30 bytes.
    #[test]
    fn a_hash_has_the_length_of_its_digest() {
        check_refused(
            "django-pbkdf2-sha1",
            Value::Null,
            &["pbkdf2_sha1$1$salt$0123456789abcdef0123456789abcdef01234567"],
        );
    }

    #[test]
    fn what_is_not_scrypt_is_refused() {
        check_refused(
            "django-scrypt",
            Value::Null,
            &[
                "scrypt$1000$salt$8$1$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
                "scrypt$1$salt$8$1$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
                "scrypt$0$salt$8$1$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
                "scrypt$16$salt$0$1$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
                "scrypt$16$salt$8$0$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
                "scrypt$16$salt$8$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
            ],
        );
    }

    #[test]
    fn a_digest_has_its_length() {
        check_refused(
            "django-sha1",
            Value::Null,
            &[
                "sha1$salt$0123456789abcdef0123456789abcdef",
                "sha1$salt$0123456789abcdef0123456789abcdef0123456",
                "sha1$salt$",
                "sha1$$",
            ],
        );
    }
}
