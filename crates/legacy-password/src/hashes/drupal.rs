//! Drupal 7 to 9: `$S$`, phpass over SHA-512, cut to 55 characters. `U` before a hash: the MD5 that Drupal 6 had was hashed once more.
//! Drupal 10 and later have PHP's bcrypt.
//!
//! Source: <https://git.drupalcode.org/project/drupal/-/blob/9.5.x/core/lib/Drupal/Core/Password/PhpassHashedPassword.php>

use super::{Definition, Written, phpass as portable};
use crate::Unsupported;
use crate::algorithms::digest::Digest::{Md5, Sha512};
use crate::algorithms::phpass;
use crate::encoding::to_hex;
use crate::stored::Stored;

pub(super) const FORMATS: &[Definition] = &[
    Definition {
        name: "drupal",
        begins: &["$S$"],
        read,
    },
    Definition {
        name: "drupal-md5",
        begins: &["U$S$", "U$P$", "U$H$"],
        read: read_md5,
    },
];

/// 55 characters in all, of which 12 come before the hash.
const HASH_CHARACTERS: usize = 43;

fn read(written: &Written<'_>) -> Result<Stored, Unsupported> {
    phpass::read(
        Sha512,
        written.after("$S$")?,
        HASH_CHARACTERS,
        written.limits,
    )
}

fn read_md5(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let text = written.after("U")?;
    let inner = Written { text, ..*written };
    let stored = if text.starts_with("$S$") {
        read(&inner)
    } else {
        portable::read(&inner)
    }?;
    Ok(stored.of(|password| to_hex(&Md5.of(&[password])).into_bytes().into()))
}
