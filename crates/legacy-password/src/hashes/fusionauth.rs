//! FusionAuth's columns: the hash, and as settings `encryptionScheme`, `salt` as it stands in its column, and `factor`.
//!
//! Source: <https://fusionauth.io/docs/reference/password-hashes>

use serde::Deserialize;

use super::{Definition, Written};
use crate::Unsupported;
use crate::algorithms::bcrypt;
use crate::algorithms::digest::Digest::{self, Md5, Sha256, Sha512};
use crate::algorithms::pbkdf2::Pbkdf2;
use crate::algorithms::phpass;
use crate::encoding::from_base64;
use crate::limits::at_most;
use crate::stored::{Cost, Stored};

pub(super) const FORMATS: &[Definition] = &[Definition {
    name: "fusionauth",
    begins: &[],
    read,
}];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Settings {
    encryption_scheme: String,
    #[serde(default)]
    salt: String,
    /// Rounds, iterations, or bcrypt's cost.
    #[serde(default = "once")]
    factor: u32,
}

fn once() -> u32 {
    1
}

fn read(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let settings: Settings = written.settings("encryptionScheme, salt and factor")?;
    let factor = settings.factor;
    if settings.encryption_scheme == "bcrypt" {
        return bcrypt::stored(factor, &settings.salt, written.text, written.limits);
    }
    if let Some((digest, characters)) = phpass_of(&settings.encryption_scheme) {
        if written.text.len() != characters {
            return Err(WRONG_LENGTH);
        }
        return phpass::stored(
            digest,
            factor.into(),
            &settings.salt,
            written.text,
            written.limits,
        );
    }
    let salt =
        from_base64(&settings.salt).ok_or(Unsupported::Settings("the salt is not base64"))?;
    let expected = from_base64(written.text).ok_or(Unsupported::Malformed("it is not base64"))?;
    let (digest, key_bytes) = match &*settings.encryption_scheme {
        "salted-md5" => return repeated(Md5, salt, factor, expected, written),
        "salted-sha256" => return repeated(Sha256, salt, factor, expected, written),
        "salted-hmac-sha256" => return Sha256.stored_hmac(salt, expected),
        "salted-pbkdf2-hmac-sha256" => (Sha256, 32),
        "salted-pbkdf2-hmac-sha256-512" => (Sha256, 64),
        "salted-pbkdf2-hmac-sha512-512" => (Sha512, 64),
        _ => {
            return Err(Unsupported::Refused(
                "a scheme that is not FusionAuth's own",
            ));
        }
    };
    if expected.len() != key_bytes {
        return Err(WRONG_LENGTH);
    }
    Pbkdf2 {
        digest,
        iterations: factor,
        salt,
    }
    .stored(expected, written.limits)
}

/// Its digest and its length in characters. The salt is taken as it is written, and the factor is the number of rounds.
fn phpass_of(scheme: &str) -> Option<(Digest, usize)> {
    match scheme {
        "phpass-md5" => Some((Md5, 22)),
        "phpass-sha512" | "phppass-sha512" => Some((Sha512, 43)), // The latter stands in the documentation.
        _ => None,
    }
}

const WRONG_LENGTH: Unsupported =
    Unsupported::Malformed("the hash has not the length of its scheme");

/// The digest of password and salt, and of that, so many times in all.
fn repeated(
    digest: Digest,
    salt: Vec<u8>,
    factor: u32,
    expected: Vec<u8>,
    written: &Written<'_>,
) -> Result<Stored, Unsupported> {
    at_most(factor.into(), written.limits.digest_rounds, "rounds")?;
    digest.fits(&expected)?;
    if factor == 0 {
        return Err(Unsupported::Settings("the factor is 0"));
    }
    Stored::new(
        expected,
        Cost::of_steps(factor.into(), 200),
        move |password| {
            let first = digest.of(&[password, &salt]);
            (1..factor).fold(first, |result, _| digest.of(&[&result]))
        },
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::hashes::check_refused;

    #[test]
    fn a_factor_of_none_is_refused() {
        check_refused(
            "fusionauth",
            json!({ "encryptionScheme": "salted-sha256", "salt": "c2FsdA==", "factor": 0 }),
            &["c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ="],
        );
    }

    #[test]
    fn a_hash_has_the_length_of_its_scheme() {
        check_refused(
            "fusionauth",
            json!({ "encryptionScheme": "salted-pbkdf2-hmac-sha256-512", "salt": "c2FsdA==", "factor": 1 }),
            &[
                "c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
                "",
                "0123456789abcdef0123456789abcdef",
            ],
        );
    }

    #[test]
    fn a_part_of_a_hash_is_refused() {
        check_refused(
            "fusionauth",
            json!({ "encryptionScheme": "phpass-md5", "salt": "salt", "factor": 1 }),
            &["O3saHjPEiQ00DhORUhRwL", ""],
        );
    }

    #[test]
    fn another_scheme_is_refused() {
        check_refused(
            "fusionauth",
            json!({ "encryptionScheme": "example-asp-identity-v2" }),
            &["c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ="],
        );
    }
}
