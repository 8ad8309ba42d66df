//! Poul-Henning Kamp's MD5 of crypt(3), and Apache's, which differs in its name alone.
//!
//! Source: <https://github.com/freebsd/freebsd-src/blob/main/lib/libcrypt/crypt-md5.c>

use zeroize::Zeroizing;

use super::digest::Digest::Md5;
use crate::Unsupported;
use crate::encoding::to_itoa64;
use crate::stored::{Cost, Secret, Stored};

/// Fixed, and few.
const ROUNDS: usize = 1000;

const MAX_SALT_BYTES: usize = 8;
const HASH_CHARACTERS: usize = 22;

/// `magic` is the name with its dollar signs, which is hashed as well.
pub(crate) fn stored(magic: &'static str, salt: &str, hash: &str) -> Result<Stored, Unsupported> {
    if salt.len() > MAX_SALT_BYTES || hash.len() != HASH_CHARACTERS {
        return Err(Unsupported::Malformed(
            "the salt or the hash has another length",
        ));
    }
    let salt = salt.as_bytes().to_vec();
    let cost = Cost::of_steps(1000, 300);
    Stored::new(hash.as_bytes().to_vec(), cost, move |password| {
        derive(password, magic.as_bytes(), &salt)
    })
}

fn derive(password: &[u8], magic: &[u8], salt: &[u8]) -> Secret {
    let inner = Md5.of(&[password, salt, password]);
    let mut text = Zeroizing::new([password, magic, salt].concat());
    text.extend(inner.iter().cycle().take(password.len()));
    // For each bit of the length, lowest first, a zero byte or the password's first: a slip in the original that has stayed.
    let mut length = password.len();
    while length > 0 {
        let first = password.first().copied().unwrap_or_default();
        text.push(if length & 1 == 1 { 0 } else { first });
        length >>= 1;
    }
    let mut digest = Md5.of(&[&text]);
    for round in 0..ROUNDS {
        let odd = round % 2 == 1;
        let (first, last): (&[u8], &[u8]) = if odd {
            (password, &digest)
        } else {
            (&digest, password)
        };
        let salt = if round % 3 == 0 { &[][..] } else { salt };
        let middle = if round % 7 == 0 { &[][..] } else { password };
        digest = Md5.of(&[first, salt, middle, last]);
    }
    transposed(&digest)
}

/// Three bytes that stand six apart are four digits; the sixth group begins anew, and one byte is left.
fn transposed(digest: &[u8]) -> Secret {
    let Ok(bytes) = <&[u8; 16]>::try_from(digest) else {
        return Zeroizing::default();
    };
    const ORDER: [usize; 16] = [12, 6, 0, 13, 7, 1, 14, 8, 2, 15, 9, 3, 5, 10, 4, 11];
    to_itoa64(&ORDER.map(|place| bytes[place]))
        .into_bytes()
        .into()
}
