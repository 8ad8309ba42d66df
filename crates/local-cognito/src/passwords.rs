//! What a pool asks of passwords, and passwords that satisfy it.

use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;
use crate::ids;
use crate::template::PasswordPolicy;

/// Who sets a password; AWS words its refusal a little differently for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    User,
    Administrator,
}

/// Refuses a password that breaks the policy, by the first rule that it breaks: AWS names one at a time.
///
/// # Errors
///
/// [`Error::InvalidPassword`]; for what AWS's request model refuses before any policy, [`Error::InvalidParameter`].
pub(crate) fn check(policy: &PasswordPolicy, password: &SecretString, by: By) -> Result<(), Error> {
    let password = password.expose_secret();
    if let Some(constraint) = broken_constraint(password) {
        return Err(Error::invalid(format!(
            "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must {constraint}"
        )));
    }
    match broken_rule(policy, password) {
        Some(rule) => Err(Error::InvalidPassword {
            admin: by == By::Administrator,
            rule: rule.to_owned(),
        }),
        None => Ok(()),
    }
}

/// The smallest length that a policy can ask for, in characters.
const SHORTEST: usize = 6;

/// The most characters that a request can bring (D).
const LONGEST_SENT: usize = 256;

/// What the request model asks of every password: 6 to 256 characters, with no blank at either end (W).
fn broken_constraint(password: &str) -> Option<String> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Some(format!("have length greater than or equal to {SHORTEST}"));
    }
    if length > LONGEST_SENT {
        return Some(format!("have length less than or equal to {LONGEST_SENT}"));
    }
    (password.trim() != password)
        .then(|| r"satisfy regular expression pattern: ^[\S]+.*[\S]+$".to_owned())
}

/// The text of the first rule that the password breaks (texts: P).
fn broken_rule(policy: &PasswordPolicy, password: &str) -> Option<&'static str> {
    let lacks = |class: fn(char) -> bool| !password.chars().any(class);
    if password.chars().count() < policy.minimum_length {
        return Some("Password not long enough");
    }
    if policy.require_uppercase && lacks(|character| character.is_ascii_uppercase()) {
        return Some("Password must have uppercase characters");
    }
    if policy.require_lowercase && lacks(|character| character.is_ascii_lowercase()) {
        return Some("Password must have lowercase characters");
    }
    if policy.require_numbers && lacks(|character| character.is_ascii_digit()) {
        return Some("Password must have numeric characters");
    }
    // A blank counts too, unless it stands first or last (D).
    let inner_blank = password.trim_matches(' ').contains(' ');
    if policy.require_symbols && !inner_blank && lacks(|character| character.is_ascii_punctuation())
    {
        return Some("Password must have symbol characters");
    }
    None
}

/// A temporary password that satisfies the policy, of at least twelve characters.
pub(crate) fn temporary(policy: &PasswordPolicy) -> SecretString {
    let length = policy.minimum_length.clamp(12, LONGEST);
    loop {
        let bytes: [u8; LONGEST] = ids::random();
        // Six bits choose one of 64, none more likely than another.
        let characters = bytes[..length]
            .iter()
            .map(|byte| char::from(READABLE[usize::from(byte & 63)]));
        let password: String = characters.collect();
        // About three in ten lack a class of characters. Drawing again keeps all others equally likely.
        if broken_rule(policy, &password).is_none() {
            return password.into();
        }
    }
}

/// The largest length that a policy can ask for, in characters.
const LONGEST: usize = 99;

/// Characters that nobody mistakes for another: without I, O, i, l, o, 0 and 1.
const READABLE: &[u8; 64] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789!#%+-=?@_";

#[cfg(test)]
mod tests {
    use super::*;

    const STRICT: PasswordPolicy = PasswordPolicy {
        minimum_length: 8,
        require_lowercase: true,
        require_uppercase: true,
        require_numbers: true,
        require_symbols: true,
        temporary_password_validity_days: 7,
    };

    const LAX: PasswordPolicy = PasswordPolicy {
        minimum_length: 6,
        require_lowercase: false,
        require_uppercase: false,
        require_numbers: false,
        require_symbols: false,
        temporary_password_validity_days: 7,
    };

    #[test]
    fn the_first_broken_rule_is_named() {
        for (password, rule) in [
            ("Abcd-12", Some("Password not long enough")),
            ("abcdefg", Some("Password not long enough")),
            ("abcdefgh", Some("Password must have uppercase characters")),
            ("ABCD-123", Some("Password must have lowercase characters")),
            ("Abcd-efg", Some("Password must have numeric characters")),
            ("Abcd1234", Some("Password must have symbol characters")),
            (" Abcd1234 ", Some("Password must have symbol characters")),
            ("Abcd 1234", None),
            ("Abcd-123", None),
            ("Äöüä-12a", Some("Password must have uppercase characters")),
        ] {
            assert_eq!(broken_rule(&STRICT, password), rule, "{password}");
        }
        assert_eq!(broken_rule(&LAX, "aaaaaa"), None);
    }

    /// <https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html>
    #[test]
    fn every_symbol_of_the_documentation_counts() {
        for symbol in r##"^$*.[]{}()?-"!@#%&/\,><':;|_~`+="##.chars() {
            assert_eq!(
                broken_rule(&STRICT, &format!("Abcd1234{symbol}")),
                None,
                "{symbol}"
            );
        }
    }

    #[test]
    fn a_refusal_has_awss_words() {
        let refusal = |password: &str, by| {
            check(&STRICT, &password.into(), by)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            refusal("Abcd-12", By::User),
            "Password did not conform with policy: Password not long enough"
        );
        assert_eq!(
            refusal("Abcd-12", By::Administrator),
            "Password did not conform with password policy: Password not long enough"
        );
        assert_eq!(
            refusal("Ab-12", By::User),
            "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must have length greater than or equal to 6"
        );
        assert_eq!(check(&STRICT, &"Abcd-123".into(), By::User), Ok(()));
    }

    #[test]
    fn temporary_passwords_satisfy_their_policy() {
        for policy in [
            STRICT,
            LAX,
            PasswordPolicy {
                minimum_length: 99,
                ..STRICT
            },
        ] {
            for _ in 0..200 {
                let password = temporary(&policy);
                assert_eq!(check(&policy, &password, By::Administrator), Ok(()));
                assert_eq!(
                    password.expose_secret().len(),
                    policy.minimum_length.max(12)
                );
            }
        }
        assert_ne!(
            temporary(&STRICT).expose_secret(),
            temporary(&STRICT).expose_secret()
        );
    }
}
