//! yescrypt of crypt(3): `$y$j9T$salt$hash`.
//!
//! Source: <https://man.archlinux.org/man/crypt.5>

use super::{Definition, Written};
use crate::Unsupported;
use crate::algorithms::yescrypt;
use crate::encoding::{fields, from_itoa64};
use crate::stored::Stored;

pub(super) const FORMATS: &[Definition] = &[Definition {
    name: "yescrypt",
    begins: &["$y$"],
    read,
}];

fn read(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let parts = || {
        let [parameters, salt, hash] = fields(written.after("$y$").ok()?, '$')?;
        Some((parameters, from_itoa64(salt)?, from_itoa64(hash)?))
    };
    let (parameters, salt, expected) =
        parts().ok_or(Unsupported::Malformed("the salt or the hash"))?;
    yescrypt::stored(parameters, salt, expected, written.limits)
}
