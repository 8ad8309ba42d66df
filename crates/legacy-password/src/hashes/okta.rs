//! The object with which hashes are imported into Okta: many directories can write it, although Okta itself gives no hash away.
//!
//! Source: <https://developer.okta.com/docs/api/openapi/okta-management/management/tag/User/#tag/User/operation/createUser>

use serde::Deserialize;

use super::{Definition, Written};
use crate::Unsupported;
use crate::algorithms::bcrypt;
use crate::algorithms::digest::Digest::{self, Sha256, Sha512};
use crate::algorithms::pbkdf2::Pbkdf2;
use crate::encoding::from_base64;
use crate::stored::Stored;

pub(super) const FORMATS: &[Definition] = &[Definition {
    name: "okta",
    begins: &[],
    read,
}];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Hash {
    algorithm: String,
    value: String,
    #[serde(default)]
    salt: String,
    salt_order: Option<SaltOrder>,
    work_factor: Option<u32>,
    iteration_count: Option<u32>,
    key_size: Option<usize>,
    digest_algorithm: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum SaltOrder {
    Prefix,
    Postfix,
}

const MALFORMED: Unsupported = Unsupported::Malformed("it is not a hash object of Okta");

fn read(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let hash: Hash = serde_json::from_str(written.text).map_err(|_| MALFORMED)?;
    match &*hash.algorithm {
        "BCRYPT" => {
            let cost = hash.work_factor.ok_or(MALFORMED)?;
            bcrypt::stored(cost, &hash.salt, &hash.value, written.limits)
        }
        "PBKDF2" => pbkdf2(&hash, written),
        "SHA-512" | "SHA-256" | "SHA-1" | "MD5" => {
            let salt = from_base64(&hash.salt).ok_or(MALFORMED)?;
            let expected = from_base64(&hash.value).ok_or(MALFORMED)?;
            let (before, after) = match hash.salt_order {
                Some(SaltOrder::Prefix) => (salt, Vec::new()),
                Some(SaltOrder::Postfix) => (Vec::new(), salt),
                None if salt.is_empty() => (Vec::new(), Vec::new()),
                None => return Err(MALFORMED),
            };
            Digest::named(&hash.algorithm)?.stored(before, after, expected)
        }
        _ => Err(MALFORMED),
    }
}

fn pbkdf2(hash: &Hash, written: &Written<'_>) -> Result<Stored, Unsupported> {
    let digest = match hash.digest_algorithm.as_deref() {
        Some("SHA256_HMAC") => Sha256,
        Some("SHA512_HMAC") => Sha512,
        _ => return Err(MALFORMED),
    };
    let salt = from_base64(&hash.salt).ok_or(MALFORMED)?;
    let expected = from_base64(&hash.value).ok_or(MALFORMED)?;
    if hash.key_size.is_some_and(|bytes| bytes != expected.len()) {
        return Err(MALFORMED);
    }
    let iterations = hash.iteration_count.ok_or(MALFORMED)?;
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
    fn what_is_not_a_hash_object_is_refused() {
        check_refused(
            "okta",
            Value::Null,
            &[
                "",
                "{}",
                r#"{"algorithm":"MD4","value":"c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ="}"#,
                r#"{"algorithm":"SHA-256","value":"c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=","salt":"c2FsdA=="}"#,
                r#"{"algorithm":"SHA-256","value":"c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=","salt":"c2FsdA==","saltOrder":"INFIX"}"#,
                r#"{"algorithm":"SHA-512","value":"c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ="}"#,
                r#"{"algorithm":"BCRYPT","value":"N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7","salt":"abcdefghijklmnopqrstuu"}"#,
                r#"{"algorithm":"PBKDF2","value":"c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=","salt":"c2FsdA==","iterationCount":1}"#,
                r#"{"algorithm":"PBKDF2","value":"c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=","salt":"c2FsdA==","iterationCount":1,"digestAlgorithm":"SHA256_HMAC","keySize":64}"#,
            ],
        );
    }
}
