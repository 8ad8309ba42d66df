//! Which format a hash has, by how it begins.

use crate::refused::refusal;
use crate::{Format, Unsupported};

/// What other systems put before a hash without changing it, and how the hash then begins.
const WRAPPERS: [(&str, &str); 6] = [
    ("{crypt}", ""),
    ("{bcrypt}", "$2"),
    ("{argon2}", "$argon2"),
    ("{argon2@SpringSecurity_v5_8}", "$argon2"),
    ("{ldap}", "{"),
    ("argon2", "$argon2"), // Django's
];

/// The format by how the text begins, and the text without what only wraps it. Nothing is tried: one beginning is one format.
pub(crate) fn recognise(text: &str) -> Result<(Format, &str), Unsupported> {
    let text = unwrapped(text);
    if let Some(refusal) = refusal(text) {
        return Err(refusal);
    }
    beginning_so(text)
        // The schemes of LDAP are in any case (RFC 3112), those of Spring exactly as they are.
        .or_else(|| beginning_so(&with_capital_scheme(text)?))
        .map(|format| (format, text))
        .ok_or(Unsupported::Unknown)
}

/// The longest beginning counts: `$pbkdf2-sha256$i=` is not passlib's `$pbkdf2-sha256$`.
fn beginning_so(text: &str) -> Option<Format> {
    let beginnings = |format: Format| format.begins().iter().map(move |begin| (*begin, format));
    Format::all()
        .flat_map(beginnings)
        .filter(|(begin, _)| text.starts_with(begin))
        .max_by_key(|(begin, _)| begin.len())
        .map(|(_, format)| format)
}

/// Two of them can stand one in another: `{ldap}{CRYPT}$6$…`.
fn unwrapped(text: &str) -> &str {
    let once = without_wrapper(text).unwrap_or(text);
    without_wrapper(once).unwrap_or(once)
}

fn without_wrapper(text: &str) -> Option<&str> {
    WRAPPERS.iter().find_map(|(wrapper, begin)| {
        let (head, rest) = text.split_at_checked(wrapper.len())?;
        let is_it = head.eq_ignore_ascii_case(wrapper) && rest.starts_with(begin);
        is_it.then_some(rest)
    })
}

fn with_capital_scheme(text: &str) -> Option<String> {
    let (scheme, rest) = text.strip_prefix('{')?.split_once('}')?;
    Some(format!("{{{}}}{rest}", scheme.to_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, Unsupported>) {
        let format = recognise(text).map(|(format, _)| format.name());
        assert_eq!(format, expected, "text {text:?}");
    }

    #[test]
    fn the_longest_beginning_counts() {
        check("$pbkdf2-sha256$29000$", Ok("passlib-pbkdf2"));
        check("$pbkdf2-sha256$i=29000$", Ok("phc-pbkdf2"));
        check("{MD5}", Ok("ldap-digest"));
        check("{MD5}{salt}", Ok("spring-digest"));
        check("sha1$salt$", Ok("django-sha1"));
        check("sha256$salt$", Ok("werkzeug-hmac"));
    }

    #[test]
    fn what_only_wraps_a_hash_does_not_count() {
        for (text, expected) in [
            ("{CRYPT}$6$", "sha512-crypt"),
            ("{crypt}$y$", "yescrypt"),
            ("{ldap}{SSHA}", "ldap-digest"),
            ("{ldap}{CRYPT}$1$", "md5-crypt"),
            ("{bcrypt}$2a$", "bcrypt"),
            ("{argon2@SpringSecurity_v5_8}$argon2id$", "argon2id"),
            ("argon2$argon2i$", "argon2i"),
        ] {
            check(text, Ok(expected));
        }
        check("{bcrypt}$6$", Err(Unsupported::Unknown));
        check("{crypt}{crypt}{crypt}$6$", Err(Unsupported::Unknown));
    }

    #[test]
    fn schemes_are_in_any_case_and_springs_are_not() {
        check("{ssha}", Ok("ldap-digest"));
        check("{Sha256}", Ok("ldap-digest"));
        check("{sha256}", Ok("spring-sha256"));
        check("{PBKDF2}", Ok("ldap-pbkdf2"));
        check("{pbkdf2}", Ok("spring-pbkdf2"));
    }

    #[test]
    fn other_texts_are_nothing() {
        for text in [
            "",
            "$",
            "{",
            "{}",
            "x$2b$",
            " $2b$",
            "$2b",
            "$5",
            "$8$salt$",
            "{SSHA",
            "pbkdf2_sha512$",
            "é",
        ] {
            check(text, Err(Unsupported::Unknown));
        }
    }
}
