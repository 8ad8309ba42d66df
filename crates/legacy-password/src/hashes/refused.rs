//! What is known and not checked: passwords that nobody hashed, hashes that several algorithms could have made, and such as are too weak or
//! too rare.

use crate::Unsupported;

const BEGINNINGS: [(&str, &str); 14] = [
    ("!", "a password that is unusable on purpose"),
    ("{CLEARTEXT}", "a password that nobody hashed"),
    ("{PLAIN}", "a password that nobody hashed"),
    ("{noop}", "a password that nobody hashed"),
    ("{SASL}", "a password that is kept elsewhere"),
    ("{MD4}", "MD4 of Spring Security"),
    ("{NT}", "the password hash of Windows"),
    ("$3$", "the password hash of Windows"),
    ("$2$", "bcrypt of before 1998"),
    ("$2x$", "bcrypt with the bug of crypt_blowfish before 2011"),
    ("$gy$", "gost-yescrypt"),
    ("$md5,", "Sun's MD5 of crypt(3)"),
    ("_", "DES of crypt(3)"),
    ("*", "a locked password, or MySQL's"),
];

/// A digest of these lengths, in hexadecimal, could be of several algorithms, with or without a salt.
const HEX_LENGTHS: [usize; 7] = [16, 32, 40, 56, 64, 96, 128];

/// DES of crypt(3): two characters of salt, and eleven.
const DES_CRYPT_LENGTH: usize = 13;

/// Why a text is refused, before its beginning is looked for among the formats.
pub(super) fn refusal(text: &str) -> Option<Unsupported> {
    let begins_so = |(begin, _): &&(&str, &str)| {
        text.split_at_checked(begin.len())
            .is_some_and(|(head, _)| head.eq_ignore_ascii_case(begin))
    };
    if let Some((_, what)) = BEGINNINGS.iter().find(begins_so) {
        return Some(Unsupported::Refused(what));
    }
    let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex && HEX_LENGTHS.contains(&text.len()) {
        return Some(Unsupported::Ambiguous);
    }
    let is_des = text.len() == DES_CRYPT_LENGTH
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"./".contains(&byte));
    is_des.then_some(Unsupported::Refused("DES of crypt(3)"))
}
