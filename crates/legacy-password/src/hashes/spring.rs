//! Spring Security's `DelegatingPasswordEncoder`, with its default parameters, which do not stand in the text.
//!
//! `{bcrypt}` and `{argon2}` are read as what they wrap; `{noop}` is refused, and so is `{MD4}`.
//!
//! Source: <https://docs.spring.io/spring-security/reference/features/authentication/password-storage.html>,
//! <https://github.com/spring-projects/spring-security/tree/main/crypto/src/main/java/org/springframework/security/crypto>

use super::{Definition, Written};
use crate::Unsupported;
use crate::algorithms::digest::Digest::{self, Md5, Sha1, Sha256, Sha512};
use crate::algorithms::pbkdf2::Pbkdf2;
use crate::algorithms::scrypt::Scrypt;
use crate::encoding::{fields, from_base64, from_hex};
use crate::stored::{Cost, Stored};

pub(super) const FORMATS: &[Definition] = &[
    Definition {
        name: "spring-pbkdf2",
        begins: &["{pbkdf2}", "{pbkdf2@SpringSecurity_v5_8}"],
        read: pbkdf2,
    },
    Definition {
        name: "spring-scrypt",
        begins: &["{scrypt}", "{scrypt@SpringSecurity_v5_8}"],
        read: scrypt,
    },
    Definition {
        name: "spring-sha256",
        begins: &["{sha256}"],
        read: sha256,
    },
    Definition {
        name: "spring-digest",
        begins: &["{MD5}{", "{SHA-1}", "{SHA-256}", "{SHA-512}"],
        read: digest,
    },
];

const MALFORMED: Unsupported = Unsupported::Malformed("it is not in hexadecimal, or too short");

/// The salt and the hash, in hexadecimal.
fn pbkdf2(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let (digest, iterations, salt_bytes, text) =
        match written.text.strip_prefix("{pbkdf2@SpringSecurity_v5_8}") {
            Some(text) => (Sha256, 310_000, 16, text),
            None => (Sha1, 185_000, 8, written.after("{pbkdf2}")?),
        };
    let bytes = from_hex(text).ok_or(MALFORMED)?;
    let (salt, hash) = bytes.split_at_checked(salt_bytes).ok_or(MALFORMED)?;
    if hash.len() != 32 {
        return Err(Unsupported::Malformed("the hash has not 256 bits"));
    }
    Pbkdf2 {
        digest,
        iterations,
        salt: salt.to_vec(),
    }
    .stored(hash.to_vec(), written.limits)
}

/// `$e0801$salt$hash`: the base-2 logarithm of N, and r and p in a byte each, in hexadecimal.
fn scrypt(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let text = written
        .after("{scrypt}")
        .or_else(|_| written.after("{scrypt@SpringSecurity_v5_8}"))?;
    let parts = || {
        let ["", parameters, salt, hash] = fields(text, '$')? else {
            return None;
        };
        let parameters =
            Some(parameters).filter(|text| text.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
        let parameters = u32::from_str_radix(parameters, 16).ok()?;
        let n = 1_u64.checked_shl(parameters >> 16)?;
        Some((
            n,
            parameters >> 8 & 255,
            parameters & 255,
            from_base64(salt)?,
            from_base64(hash)?,
        ))
    };
    let (n, r, p, salt, expected) =
        parts().ok_or(Unsupported::Malformed("scrypt's parameters, salt or hash"))?;
    Scrypt::new(n, r, p, written.limits)?.stored(salt, expected)
}

/// `StandardPasswordEncoder`: eight bytes of salt, and the digest of salt and password, over and over.
fn sha256(written: &Written<'_>) -> Result<Stored, Unsupported> {
    const SALT_BYTES: usize = 8;
    const ITERATIONS: u64 = 1024;
    let bytes = from_hex(written.after("{sha256}")?).ok_or(MALFORMED)?;
    let (salt, hash) = bytes.split_at_checked(SALT_BYTES).ok_or(MALFORMED)?;
    Sha256.fits(hash)?;
    let salt = salt.to_vec();
    Stored::new(
        hash.to_vec(),
        Cost::of_steps(ITERATIONS, 150),
        move |password| {
            let first = Sha256.of(&[&salt, password]);
            (1..ITERATIONS).fold(first, |digest, _| Sha256.of(&[&digest]))
        },
    )
}

/// `MessageDigestPasswordEncoder`: `{SHA-256}{salt}hash`, over the password and the salt with its braces.
fn digest(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let parts = || {
        let (name, rest) = written.text.strip_prefix('{')?.split_once('}')?;
        let digest: Digest = match name {
            "MD5" => Md5,
            "SHA-1" => Sha1,
            "SHA-256" => Sha256,
            "SHA-512" => Sha512,
            _ => return None,
        };
        let end = rest.strip_prefix('{').and_then(|rest| rest.find('}'));
        let (salt, hash) = rest.split_at_checked(end.map_or(0, |end| end + "{}".len()))?;
        Some((digest, salt.as_bytes().to_vec(), from_hex(hash)?))
    };
    let (digest, salt, expected) = parts().ok_or(MALFORMED)?;
    digest.stored(Vec::new(), salt, expected)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::hashes::check_refused;

    #[test]
    fn what_is_not_pbkdf2_is_refused() {
        check_refused(
            "spring-pbkdf2",
            Value::Null,
            &[
                "{pbkdf2}",
                "{pbkdf2}0123",
                "{pbkdf2}0123456789abcdef0123456789abcdef",
                "{pbkdf2}0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "{pbkdf2}c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
            ],
        );
    }

    #[test]
    fn what_is_not_scrypt_is_refused() {
        check_refused(
            "spring-scrypt",
            Value::Null,
            &[
                "{scrypt}$+e0801$c2FsdA==$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "{scrypt}$e0001$c2FsdA==$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "{scrypt}$e0800$c2FsdA==$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "{scrypt}$fffffffff$c2FsdA==$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "{scrypt}e0801$c2FsdA==$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
            ],
        );
    }

    #[test]
    fn a_digest_has_its_length() {
        check_refused(
            "spring-digest",
            Value::Null,
            &[
                "{MD5}{salt}0123",
                "{MD5}{salt0123456789abcdef0123456789abcdef",
                "{SHA-1}{}0123456789abcdef0123456789abcdef",
                "{SHA-256}{salt}",
            ],
        );
    }

    #[test]
    fn what_has_another_length_is_refused() {
        check_refused(
            "spring-sha256",
            Value::Null,
            &[
                "{sha256}0123456789abcdef0123456789abcdef",
                "{sha256}0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef01234567",
                "{sha256}",
            ],
        );
    }
}
