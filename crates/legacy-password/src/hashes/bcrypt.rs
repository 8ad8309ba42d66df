//! bcrypt, alone (PHP, Laravel, Devise, Node, Go, Supabase, Auth0) and after a digest that lifts its limit of 72 bytes.
//!
//! `$2a$`, `$2b$` and `$2y$` are the same for every password that is a text; `$2$` and `$2x$` are not, and are refused.
//!
//! Source: <https://man.openbsd.org/crypt.3>, <https://github.com/openwall/crypt_blowfish>,
//! <https://github.com/authgear/authgear-server>, <https://github.com/meteor/meteor/tree/devel/packages/accounts-password>

use super::{Definition, Written};
use crate::Unsupported;
use crate::algorithms::bcrypt;
use crate::algorithms::digest::Digest::{Sha256, Sha512};
use crate::encoding::to_hex;
use crate::stored::Stored;

/// What bcrypt's own hashes begin with.
pub(super) const BEGINS: &[&str] = &["$2a$", "$2b$", "$2y$"];

pub(super) const FORMATS: &[Definition] = &[
    Definition {
        name: "bcrypt",
        begins: BEGINS,
        read: |written| read(written.text, written),
    },
    Definition {
        name: "authgear-bcrypt-sha512",
        begins: &["$bcrypt-sha512$"],
        read: authgear,
    },
    Definition {
        name: "meteor",
        begins: &[],
        read: meteor,
    },
];

/// The bcrypt hash that stands in a text of another format.
pub(super) fn read(text: &str, written: &Written<'_>) -> Result<Stored, Unsupported> {
    BEGINS
        .iter()
        .find_map(|begin| text.strip_prefix(begin))
        .and_then(|rest| bcrypt::read(rest, written.limits))
        .unwrap_or(Err(Unsupported::Malformed("bcrypt's cost, salt or hash")))
}

/// Over the bytes of the digest, as they are.
fn authgear(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let stored = read(written.after("$bcrypt-sha512$")?, written)?;
    Ok(stored.of(|password| Sha512.of(&[password])))
}

/// Meteor's clients send the hexadecimal SHA-256 of a password, and it is that which is hashed.
fn meteor(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let stored = read(written.text, written)?;
    Ok(stored.of(|password| to_hex(&Sha256.of(&[password])).into_bytes().into()))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::hashes::check_refused;

    #[test]
    fn what_is_not_bcrypt_is_refused() {
        check_refused(
            "bcrypt",
            Value::Null,
            &[
                "$2b$04$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl",
                "$2b$04$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl77",
                "$2b$04$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcf!7",
                "$2b$4$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl7",
                "$2b$03$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl7",
                "$2b$+4$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl7",
                "$2b$004$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl7",
                "$2x$04$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl7",
                "$2$04$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl7",
                "$2b$04$",
                "$2b$04$éééééééééééééééééééééééééé",
                "",
            ],
        );
    }
}
