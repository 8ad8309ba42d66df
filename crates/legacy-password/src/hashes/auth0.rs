//! Auth0's `custom_password_hash`, the JSON object of its bulk import, which several others write as well.
//!
//! Auth0's `password_hash` is plain bcrypt.
//!
//! Source: <https://auth0.com/docs/manage-users/user-migration/bulk-user-import-schema>

use serde::Deserialize;

use super::digest::{Encoding, Position};
use super::{Definition, Written, phc};
use crate::Unsupported;
use crate::algorithms::digest::Digest;
use crate::algorithms::scrypt::Scrypt;
use crate::preparation::Fallback;
use crate::stored::Stored;

pub(super) const FORMATS: &[Definition] = &[Definition {
    name: "auth0",
    begins: &[],
    read,
}];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct CustomPasswordHash {
    algorithm: String,
    hash: Hash,
    salt: Option<Salt>,
    password: Option<Password>,
    keylen: Option<usize>,
    #[serde(default = "usual_cost")]
    cost: u64,
    #[serde(default = "usual_block_size")]
    block_size: u32,
    #[serde(default = "usual_parallelization")]
    parallelization: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hash {
    value: String,
    #[serde(default)]
    encoding: Encoding,
    digest: Option<String>,
    key: Option<Key>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    value: String,
    #[serde(default)]
    encoding: Encoding,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Salt {
    value: String,
    #[serde(default)]
    encoding: Encoding,
    #[serde(default)]
    position: Position,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Password {
    encoding: PasswordEncoding,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum PasswordEncoding {
    Ascii,
    Utf8,
    Utf16le,
    Ucs2,
    Latin1,
    Binary,
}

/// Node's for scrypt, as Auth0's are.
fn usual_cost() -> u64 {
    16_384
}

fn usual_block_size() -> u32 {
    8
}

fn usual_parallelization() -> u32 {
    1
}

const MALFORMED: Unsupported = Unsupported::Malformed("it is not a custom_password_hash of Auth0");

fn read(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let custom: CustomPasswordHash = serde_json::from_str(written.text).map_err(|_| MALFORMED)?;
    let encoding = custom.password.as_ref().map(|password| &password.encoding);
    let fallback = match encoding {
        None | Some(PasswordEncoding::Utf8) => None,
        Some(PasswordEncoding::Utf16le | PasswordEncoding::Ucs2) => Some(Fallback::Utf16Le),
        Some(PasswordEncoding::Ascii | PasswordEncoding::Latin1 | PasswordEncoding::Binary) => {
            Some(Fallback::Latin1)
        }
    };
    let stored = stored(&custom, written)?;
    Ok(match fallback {
        // What cannot be written so is checked as it is, and fits nothing.
        Some(fallback) => stored.of(move |password| {
            fallback
                .form(password)
                .unwrap_or_else(|| password.to_vec().into())
        }),
        None => stored,
    })
}

fn stored(custom: &CustomPasswordHash, written: &Written<'_>) -> Result<Stored, Unsupported> {
    let inner = |begins: &[&str]| {
        let value = &custom.hash.value;
        let is_so = begins.iter().any(|begin| value.starts_with(begin));
        if is_so {
            written.inner(value)
        } else {
            Err(MALFORMED)
        }
    };
    let expected = || {
        custom
            .hash
            .encoding
            .bytes(&custom.hash.value)
            .ok_or(MALFORMED)
    };
    let (salt, position) = match &custom.salt {
        Some(salt) => (
            salt.encoding.bytes(&salt.value).ok_or(MALFORMED)?,
            salt.position,
        ),
        None => (Vec::new(), Position::Prefix),
    };
    let (before, after) = position.around(salt.clone());
    match &*custom.algorithm {
        "argon2" => inner(&["$argon2"]),
        "bcrypt" => inner(&["$2"]),
        "ldap" => inner(&["{"]),
        "pbkdf2" => phc::pbkdf2(&Written {
            text: &custom.hash.value,
            ..*written
        }),
        "scrypt" => {
            let expected = expected()?;
            if custom.keylen.is_some_and(|bytes| bytes != expected.len()) {
                return Err(MALFORMED);
            }
            Scrypt::new(
                custom.cost,
                custom.block_size,
                custom.parallelization,
                written.limits,
            )?
            .stored(salt, expected)
        }
        "hmac" => {
            let (Some(digest), Some(key)) = (&custom.hash.digest, &custom.hash.key) else {
                return Err(MALFORMED);
            };
            let key = key.encoding.bytes(&key.value).ok_or(MALFORMED)?;
            let stored = Digest::named(digest)?.stored_hmac(key, expected()?)?;
            Ok(stored.of(move |password| [&before, password, &after].concat().into()))
        }
        digest => Digest::named(digest)?.stored(before, after, expected()?),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::hashes::check_refused;

    #[test]
    fn what_is_not_a_custom_password_hash_is_refused() {
        check_refused(
            "auth0",
            Value::Null,
            &[
                "",
                "{}",
                r#"{"algorithm":"md5"}"#,
                r#"{"algorithm":"md5","hash":{"value":"0123456789abcdef0123456789abcdef"}}"#,
                r#"{"algorithm":"ripemd160","hash":{"value":"0123456789abcdef0123456789abcdef","encoding":"hex"}}"#,
                r#"{"algorithm":"hmac","hash":{"value":"0123456789abcdef0123456789abcdef","encoding":"hex","digest":"md5"}}"#,
                r#"{"algorithm":"bcrypt","hash":{"value":"$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ"}}"#,
                r#"{"algorithm":"ldap","hash":{"value":"{CLEARTEXT}sesame"}}"#,
                r#"{"algorithm":"scrypt","keylen":64,"hash":{"value":"0123456789abcdef0123456789abcdef","encoding":"hex"}}"#,
                r#"{"algorithm":"md5","hash":{"value":"0123456789abcdef0123456789abcdef","encoding":"hex"},"salty":{}}"#,
            ],
        );
    }
}
