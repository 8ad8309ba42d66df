//! WordPress from 6.8: `$wp` and a bcrypt hash, over an HMAC of the password in base64. Older hashes are phpass's, the oldest bare MD5.
//!
//! Source: <https://make.wordpress.org/core/2025/02/17/wordpress-6-8-will-use-bcrypt-for-password-hashing/>

use super::{Definition, Written, bcrypt};
use crate::Unsupported;
use crate::algorithms::digest::Digest::Sha384;
use crate::encoding::to_base64;
use crate::stored::Stored;

pub(super) const FORMATS: &[Definition] = &[Definition {
    name: "wordpress-bcrypt",
    begins: &["$wp$2y$", "$wp$2b$", "$wp$2a$"],
    read,
}];

/// Tells these hashes from others over the same password.
const HMAC_KEY: &[u8] = b"wp-sha384";

fn read(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let stored = bcrypt::read(written.after("$wp")?, written)?;
    Ok(stored.of(|password| {
        let digest = Sha384.hmac(HMAC_KEY, trimmed(password));
        to_base64(&digest).into_bytes().into()
    }))
}

/// As PHP's `trim`: blanks, tabs, line ends, vertical tabs and NUL.
fn trimmed(password: &[u8]) -> &[u8] {
    let is_kept = |byte: &u8| !b" \t\n\r\x0b\0".contains(byte);
    let start = password.iter().position(is_kept).unwrap_or(password.len());
    let end = password
        .iter()
        .rposition(is_kept)
        .map_or(start, |last| last + 1);
    password.get(start..end).unwrap_or_default()
}
