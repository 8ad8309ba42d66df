//! scrypt of crypt(3): `$7$`, N's logarithm as a digit, r and p as five digits each, salt, `$`, hash. The salt is text.
//!
//! Source: <https://man.archlinux.org/man/crypt.5>, <https://passlib.readthedocs.io/en/stable/lib/passlib.hash.scrypt.html>

use super::{Definition, Written};
use crate::Unsupported;
use crate::algorithms::scrypt::Scrypt;
use crate::encoding::{from_itoa64, itoa64_digit, number_of_itoa64};
use crate::stored::Stored;

pub(super) const FORMATS: &[Definition] = &[Definition {
    name: "scrypt-crypt",
    begins: &["$7$"],
    read,
}];

/// 30 bits.
const NUMBER_DIGITS: usize = 5;

fn read(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let parts = || {
        let (setting, hash) = written.after("$7$").ok()?.rsplit_once('$')?;
        let (log_n, rest) = setting.as_bytes().split_at_checked(1)?;
        let (r, rest) = rest.split_at_checked(NUMBER_DIGITS)?;
        let (p, salt) = rest.split_at_checked(NUMBER_DIGITS)?;
        let log_n = itoa64_digit(*log_n.first()?)?;
        Some((
            1 << log_n,
            number_of_itoa64(r)?,
            number_of_itoa64(p)?,
            salt.to_vec(),
            from_itoa64(hash)?,
        ))
    };
    let (n, r, p, salt, expected) =
        parts().ok_or(Unsupported::Malformed("scrypt's parameters, salt or hash"))?;
    Scrypt::new(n, r, p, written.limits)?.stored(salt, expected)
}
