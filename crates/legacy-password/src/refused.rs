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
pub(crate) fn refusal(text: &str) -> Option<Unsupported> {
    let begins_so = |(begin, _): &&(&str, &str)| {
        text.split_at_checked(begin.len())
            .is_some_and(|(head, _)| head.eq_ignore_ascii_case(begin))
    };
    if let Some((_, what)) = BEGINNINGS.iter().find(begins_so) {
        return Some(Unsupported::Refused(what));
    }
    if is_clerks(text) {
        return Some(Unsupported::Ambiguous);
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

/// Clerk has PBKDF2 with a salt in base64, and begins it as Django. Django's own salts are letters and digits; a base64 without any other
/// sign cannot be told from one, and has to be configured.
fn is_clerks(text: &str) -> bool {
    let parts = text
        .strip_prefix("pbkdf2_sha256$")
        .map(|parts| parts.split('$'));
    let salt = parts.and_then(|mut parts| parts.nth(1));
    salt.is_some_and(|salt| salt.contains(['+', '/', '=']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_checked_is_called_by_its_name() {
        for (text, expected) in [
            (
                "!0WzoJVdtRWNGGFLn0JVgWXvLrB1b",
                "a password that is unusable on purpose",
            ),
            ("{CLEARTEXT}sesame", "a password that nobody hashed"),
            ("{cleartext}sesame", "a password that nobody hashed"),
            ("{noop}sesame", "a password that nobody hashed"),
            (
                "$2x$05$abcdefghijklmnopqrstuu",
                "bcrypt with the bug of crypt_blowfish before 2011",
            ),
            ("$2$05$abcdefghijklmnopqrstuu", "bcrypt of before 1998"),
            ("abJnggxhB/yWI", "DES of crypt(3)"),
            ("_J9..rasmBYk8r9AiWNc", "DES of crypt(3)"),
            (
                "$3$$8846f7eaee8fb117ad06bdd830b7586c",
                "the password hash of Windows",
            ),
            (
                "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19",
                "a locked password, or MySQL's",
            ),
        ] {
            assert_eq!(
                refusal(text),
                Some(Unsupported::Refused(expected)),
                "text {text:?}"
            );
        }
    }

    #[test]
    fn a_bare_digest_could_be_of_several_algorithms() {
        for length in [32, 40, 64, 128] {
            assert_eq!(
                refusal(&"0a".repeat(length / 2)),
                Some(Unsupported::Ambiguous)
            );
        }
    }

    #[test]
    fn a_salt_in_base64_is_not_djangos() {
        for (text, expected) in [
            (
                "pbkdf2_sha256$100$c2FsdA==$c2FsdHNhbHQ=",
                Some(Unsupported::Ambiguous),
            ),
            (
                "pbkdf2_sha256$100$c2F+dHNh$c2FsdHNhbHQ=",
                Some(Unsupported::Ambiguous),
            ),
            (
                "pbkdf2_sha256$100$c2F/dHNh$c2FsdHNhbHQ=",
                Some(Unsupported::Ambiguous),
            ),
            ("pbkdf2_sha256$100$c2FsdHNh$c2FsdHNhbHQ=", None),
            ("pbkdf2_sha1$100$c2FsdA==$c2FsdHNhbHQ=", None),
            ("pbkdf2_sha256$", None),
        ] {
            assert_eq!(refusal(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_has_a_format_is_not_refused() {
        for text in [
            "$2a$", "$2b$", "$2y$", "{SSHA}", "{MD5}", "$y$", "$md5$", "sha1$",
        ] {
            assert_eq!(refusal(text), None, "text {text:?}");
        }
    }
}
