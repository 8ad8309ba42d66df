//! Ory Kratos's own forms of plain digests: `$sha256$pf=template$salt$hash`, where the template says where salt and password stand, and
//! `$hmac-sha256$hash$key`. Each part is base64.
//!
//! Source: <https://github.com/ory/kratos/blob/master/hash/hash_comparator.go>

use super::{Definition, Written};
use crate::Unsupported;
use crate::algorithms::digest::Digest;
use crate::encoding::{fields, from_base64, from_hex};
use crate::stored::{Secret, Stored};

pub(super) const FORMATS: &[Definition] = &[
    Definition {
        name: "kratos-digest",
        begins: &["$md5$", "$sha1$pf=", "$sha256$pf=", "$sha512$pf="],
        read: digest,
    },
    Definition {
        name: "kratos-hmac",
        begins: &[
            "$hmac-md4$",
            "$hmac-md5$",
            "$hmac-sha1$",
            "$hmac-sha224$",
            "$hmac-sha256$",
            "$hmac-sha384$",
            "$hmac-sha512$",
        ],
        read: hmac,
    },
];

const MALFORMED: Unsupported =
    Unsupported::Malformed("the template, the salt, the key or the hash");

/// A template this long is no template.
const MAX_TEMPLATE_PARTS: usize = 8;

/// A piece of a template.
enum Part {
    Text(Vec<u8>),
    Password,
}

fn digest(written: &Written<'_>) -> Result<Stored, Unsupported> {
    if let Some(["", "md5", hash]) = fields(written.text, '$') {
        return Digest::Md5.stored(Vec::new(), Vec::new(), from_base64(hash).ok_or(MALFORMED)?);
    }
    let ["", digest, template, salt, hash] = fields(written.text, '$').ok_or(MALFORMED)? else {
        return Err(MALFORMED);
    };
    let digest = Digest::named(digest)?;
    let template = template
        .strip_prefix("pf=")
        .and_then(from_base64)
        .ok_or(MALFORMED)?;
    let template = String::from_utf8(template).map_err(|_| MALFORMED)?;
    let salt = from_base64(salt).ok_or(MALFORMED)?;
    let parts = parts(&template, &salt).ok_or(MALFORMED)?;
    let expected = from_base64(hash).ok_or(MALFORMED)?;
    let stored = digest.stored(Vec::new(), Vec::new(), expected)?;
    Ok(stored.of(move |password| filled(&parts, password)))
}

/// Cut at `{SALT}` and `{PASSWORD}`. Without a password in it, a template would fit every password.
fn parts(template: &str, salt: &[u8]) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    for (place, piece) in template.split("{PASSWORD}").enumerate() {
        if place > 0 {
            parts.push(Part::Password);
        }
        let texts: Vec<&[u8]> = piece.split("{SALT}").map(str::as_bytes).collect();
        parts.push(Part::Text(texts.join(salt)));
    }
    (2..=MAX_TEMPLATE_PARTS)
        .contains(&parts.len())
        .then_some(parts)
}

fn filled(parts: &[Part], password: &[u8]) -> Secret {
    let pieces: Vec<&[u8]> = parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => text,
            Part::Password => password,
        })
        .collect();
    pieces.concat().into()
}

/// What is in base64 is the hexadecimal digest.
fn hmac(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let [digest, hash, key] = fields(written.after("$hmac-")?, '$').ok_or(MALFORMED)?;
    let hexadecimal = from_base64(hash).and_then(|bytes| String::from_utf8(bytes).ok());
    let expected = hexadecimal
        .and_then(|text| from_hex(&text))
        .ok_or(MALFORMED)?;
    let key = from_base64(key).ok_or(MALFORMED)?;
    Digest::named(digest)?.stored_hmac(key, expected)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::hashes::check_refused;

    #[test]
    fn a_template_holds_the_password() {
        check_refused(
            "kratos-digest",
            Value::Null,
            &[
                "$md5$pf=e1NBTFR9$MTIz$q+RdKCgc+ipCAcm5ChQwlQ==",
                "$md5$pf=$MTIz$q+RdKCgc+ipCAcm5ChQwlQ==",
                "$md5$pf=e1NBTFR9e1BBU1NXT1JEfQ==$MTIz$q+RdKCgc",
                "$sha1$pf=e1NBTFR9e1BBU1NXT1JEfQ==$MTIz$q+RdKCgc+ipCAcm5ChQwlQ==",
                "$md5$",
                "$md5$$",
                "$md5$pf=/w==$MTIz$q+RdKCgc+ipCAcm5ChQwlQ==",
            ],
        );
    }

    #[test]
    fn a_mac_has_its_length() {
        check_refused(
            "kratos-hmac",
            Value::Null,
            &[
                "$hmac-sha256$$",
                "$hmac-sha256$MDEyMw==$c2FsdA==",
                "$hmac-sha256$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=$c2FsdA==",
                "$hmac-sha3$MDEyMw==$c2FsdA==",
            ],
        );
    }
}
