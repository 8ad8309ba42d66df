//! phpass: `$P$` (WordPress until 6.7, many PHP applications) and `$H$` (phpBB 3).
//!
//! Source: <https://www.openwall.com/phpass/>

use super::{Definition, Written};
use crate::Unsupported;
use crate::algorithms::digest::Digest::Md5;
use crate::algorithms::phpass;
use crate::stored::Stored;

pub(super) const FORMATS: &[Definition] = &[Definition {
    name: "phpass",
    begins: &["$P$", "$H$"],
    read,
}];

/// MD5 in that base64.
const HASH_CHARACTERS: usize = 22;

pub(super) fn read(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let text = written.after("$P$").or_else(|_| written.after("$H$"))?;
    phpass::read(Md5, text, HASH_CHARACTERS, written.limits)
}
