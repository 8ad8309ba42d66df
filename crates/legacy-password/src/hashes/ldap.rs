//! LDAP's `userPassword`: a scheme in braces and any case, and base64 of a digest, of which the salt is what is left over.
//!
//! `{CRYPT}`, `{BCRYPT}` and `{ARGON2}` are read as what they wrap. `{sha256}` and `{pbkdf2}` in just these letters are Spring's.
//!
//! Source: RFC 2307, section 5.3; <https://www.openldap.org/doc/admin26/security.html#Password%20Storage>,
//! <https://git.openldap.org/openldap/openldap/-/tree/master/contrib/slapd-modules/passwd>

use super::{Definition, Written};
use crate::Unsupported;
use crate::algorithms::digest::Digest::{self, Md5, Sha1, Sha256, Sha384, Sha512};
use crate::algorithms::pbkdf2::Pbkdf2;
use crate::encoding::{decimal, fields, from_adapted_base64, from_base64};
use crate::stored::Stored;

pub(super) const FORMATS: &[Definition] = &[
    Definition {
        name: "ldap-digest",
        begins: &[
            "{MD5}",
            "{SMD5}",
            "{SHA}",
            "{SSHA}",
            "{SHA256}",
            "{SSHA256}",
            "{SHA384}",
            "{SSHA384}",
            "{SHA512}",
            "{SSHA512}",
        ],
        read: digest,
    },
    Definition {
        name: "ldap-pbkdf2",
        begins: &[
            "{PBKDF2}",
            "{PBKDF2-SHA1}",
            "{PBKDF2-SHA256}",
            "{PBKDF2-SHA512}",
        ],
        read: pbkdf2,
    },
];

/// The scheme in capitals, and what follows it.
fn parts(text: &str) -> Option<(String, &str)> {
    let (scheme, rest) = text.strip_prefix('{')?.split_once('}')?;
    Some((scheme.to_ascii_uppercase(), rest))
}

fn digest(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let malformed = Unsupported::Malformed("the scheme or the base64");
    let (scheme, text) = parts(written.text).ok_or(malformed)?;
    let (digest, is_salted) = match &*scheme {
        "MD5" => (Md5, false),
        "SMD5" => (Md5, true),
        "SHA" => (Sha1, false),
        "SSHA" => (Sha1, true),
        "SHA256" => (Sha256, false),
        "SSHA256" => (Sha256, true),
        "SHA384" => (Sha384, false),
        "SSHA384" => (Sha384, true),
        "SHA512" => (Sha512, false),
        "SSHA512" => (Sha512, true),
        _ => return Err(malformed),
    };
    let bytes = from_base64(text).ok_or(malformed)?;
    let (hash, salt) = bytes.split_at_checked(digest.bytes()).ok_or(malformed)?;
    if salt.is_empty() == is_salted {
        return Err(Unsupported::Malformed(
            "there is a salt, or none, against the scheme",
        ));
    }
    digest.stored(Vec::new(), salt.to_vec(), hash.to_vec())
}

/// `{PBKDF2-SHA256}10000$salt$hash`
fn pbkdf2(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let parts = || {
        let (scheme, text) = parts(written.text)?;
        let digest: Digest = match &*scheme {
            "PBKDF2" | "PBKDF2-SHA1" => Sha1,
            "PBKDF2-SHA256" => Sha256,
            "PBKDF2-SHA512" => Sha512,
            _ => return None,
        };
        let [iterations, salt, hash] = fields(text, '$')?;
        let salt = from_adapted_base64(salt)?;
        Some((
            Pbkdf2 {
                digest,
                iterations: decimal(iterations)?,
                salt,
            },
            from_adapted_base64(hash)?,
        ))
    };
    let (pbkdf2, expected) =
        parts().ok_or(Unsupported::Malformed("PBKDF2's iterations, salt or hash"))?;
    pbkdf2.stored(expected, written.limits)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::hashes::check_refused;

    #[test]
    fn what_is_not_a_digest_is_refused() {
        check_refused(
            "ldap-digest",
            Value::Null,
            &[
                "{SSHA}",
                "{SSHA}c2FsdA==",
                "{SHA}c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
                "{SSHA}c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
                "{SSHA256}c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
                "{SSHA1}c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
                "{SSHA",
                "SSHA}x",
            ],
        );
    }

    #[test]
    fn what_is_not_pbkdf2_is_refused() {
        check_refused(
            "ldap-pbkdf2",
            Value::Null,
            &[
                "{PBKDF2-SHA256}0$c2FsdA$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
                "{PBKDF2-SHA256}1$c2FsdA",
                "{PBKDF2-SHA256}1$c2FsdA$c2FsdA",
                "{PBKDF2-MD5}1$c2FsdA$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
            ],
        );
    }
}
