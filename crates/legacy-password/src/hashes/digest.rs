//! A bare digest, hexadecimal or base64. Nothing about it tells the algorithm, so all of that is configured.
//!
//! Settings: `algorithm` (`md4`, `md5`, `sha1`, `sha224`, `sha256`, `sha384`, `sha512`), `encoding` of the hash (`hex`, or `base64`), `salt`,
//! `saltEncoding` (`utf8`, or `hex`, `base64`) and `saltPosition` (`prefix`, or `suffix`). The first of each is taken where there is none.

use serde::Deserialize;

use super::{Definition, Written};
use crate::Unsupported;
use crate::algorithms::digest::Digest;
use crate::encoding::{from_base64, from_hex};
use crate::stored::Stored;

pub(super) const FORMATS: &[Definition] = &[Definition {
    name: "digest",
    begins: &[],
    read,
}];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Settings {
    algorithm: String,
    #[serde(default = "hexadecimal")]
    encoding: Encoding,
    #[serde(default)]
    salt: String,
    #[serde(default)]
    salt_encoding: Encoding,
    #[serde(default)]
    salt_position: Position,
}

/// How bytes are written, as Auth0 and others name it.
#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "lowercase")]
pub(super) enum Encoding {
    #[default]
    Utf8,
    Hex,
    Base64,
}

impl Encoding {
    pub(super) fn bytes(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Utf8 => Some(text.as_bytes().to_vec()),
            Self::Hex => from_hex(text),
            Self::Base64 => from_base64(text),
        }
    }
}

fn hexadecimal() -> Encoding {
    Encoding::Hex
}

/// Where the salt stands.
#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "lowercase")]
pub(super) enum Position {
    #[default]
    Prefix,
    Suffix,
}

impl Position {
    /// What stands before and after the password.
    pub(super) fn around(self, salt: Vec<u8>) -> (Vec<u8>, Vec<u8>) {
        match self {
            Self::Prefix => (salt, Vec::new()),
            Self::Suffix => (Vec::new(), salt),
        }
    }
}

fn read(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let settings: Settings = written
        .settings("algorithm, and possibly encoding, salt, saltEncoding and saltPosition")?;
    let digest = Digest::named(&settings.algorithm)?;
    let expected = settings.encoding.bytes(written.text);
    let salt = settings.salt_encoding.bytes(&settings.salt);
    let (before, after) = settings
        .salt_position
        .around(salt.ok_or(Unsupported::Settings("the salt is written otherwise"))?);
    digest.stored(
        before,
        after,
        expected.ok_or(Unsupported::Malformed("it is written otherwise"))?,
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::hashes::check_refused;

    #[test]
    fn a_digest_has_its_length() {
        check_refused(
            "digest",
            json!({ "algorithm": "md5" }),
            &[
                "",
                "0123456789abcdef",
                "0123456789abcdef0123456789abcdef01234567",
                "c2FsdHNhbHRzYWx0c2FsdA==",
            ],
        );
    }

    #[test]
    fn another_algorithm_is_refused() {
        check_refused(
            "digest",
            json!({ "algorithm": "whirlpool" }),
            &["0123456789abcdef0123456789abcdef"],
        );
    }

    #[test]
    fn a_misspelt_setting_is_refused() {
        check_refused(
            "digest",
            json!({ "algorithm": "md5", "saltposition": "suffix" }),
            &["0123456789abcdef0123456789abcdef"],
        );
    }

    #[test]
    fn a_salt_is_written_as_it_says() {
        check_refused(
            "digest",
            json!({ "algorithm": "md5", "salt": "xyz", "saltEncoding": "hex" }),
            &["0123456789abcdef0123456789abcdef"],
        );
    }
}
