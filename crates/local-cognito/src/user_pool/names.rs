//! The names by which a user is found: the user name, the `sub`, and attributes that the pool lets people sign in with.

use std::collections::BTreeMap;

use super::{State, User};
use crate::error::Error;
use crate::template;

/// The attributes that can be names.
const NAMING: [&str; 3] = ["email", "phone_number", "preferred_username"];
/// A user name's most characters (D).
const LONGEST_USERNAME: usize = 128;

impl State {
    /// Makes sure that the user's names lead to nobody else, before the user gets them.
    ///
    /// The last to verify an alias has it, but only by `force`; its owner before then has an unverified one (D). A user name, or what
    /// serves as one, never changes hands.
    pub(crate) fn take_names(
        &mut self,
        pool: &template::UserPool,
        user: &User,
        force: bool,
        now: i64,
    ) -> Result<(), Error> {
        for attribute in NAMING {
            let Some(value) = name_by(pool, user, attribute) else {
                continue;
            };
            let other = |owner: &&User| owner.sub != user.sub;
            let Some(owner) = self.users.find(pool, value).filter(other) else {
                continue;
            };
            let same_alias = name_by(pool, owner, attribute)
                .is_some_and(|alias| fold(pool, alias) == fold(pool, value));
            let is_name = fold(pool, &owner.username) == fold(pool, value);
            let can_be_verified = attribute != "preferred_username";
            let is_alias = pool.alias_attributes.iter().any(|alias| alias == attribute);
            if !(force && same_alias && !is_name && can_be_verified && is_alias) {
                return Err(Error::AliasExists { attribute });
            }
            let owner = owner.username.clone();
            self.users.change(pool, &owner, now, |owner| {
                let unverified = "false".to_owned();
                owner
                    .attributes
                    .insert(format!("{attribute}_verified"), unverified);
            });
        }
        Ok(())
    }
}

/// Every name that finds the user.
pub(super) fn names_of(pool: &template::UserPool, user: &User) -> Vec<String> {
    let by_attribute = NAMING.iter().filter_map(|name| name_by(pool, user, name));
    [user.username.as_str(), &user.sub]
        .into_iter()
        .chain(by_attribute)
        .map(|name| fold(pool, name))
        .collect()
}

/// The attribute's value, if the user can sign in with it. An alias counts only once its owner has verified it; an address that stands
/// in place of the user name at once.
fn name_by<'a>(pool: &template::UserPool, user: &'a User, attribute: &str) -> Option<&'a str> {
    let lists = |list: &[String]| list.iter().any(|name| name == attribute);
    let proven = attribute == "preferred_username" || user.verified(attribute);
    let usable = lists(&pool.username_attributes) || (lists(&pool.alias_attributes) && proven);
    let value = user.attributes.get(attribute)?;
    usable.then_some(value)
}

/// A name as it is looked up, and as a pool that minds no case shows it.
pub(crate) fn fold(pool: &template::UserPool, name: &str) -> String {
    if pool.case_sensitive {
        name.to_owned()
    } else {
        name.to_lowercase()
    }
}

/// Attributes as the pool keeps them. One that minds no case answers with names in lower case, whatever was typed.
/// Source: Developer Guide, "User pool case sensitivity".
pub(crate) fn fold_names(pool: &template::UserPool, attributes: &mut BTreeMap<String, String>) {
    for name in NAMING {
        if let Some(value) = attributes.get_mut(name) {
            *value = fold(pool, value);
        }
    }
}

/// The kind of contact that a name could only be: `email`, `phone_number` or neither.
pub(crate) fn contact_kind(name: &str) -> Option<&'static str> {
    if looks_like_address(name) {
        Some("email")
    } else if looks_like_number(name) {
        Some("phone_number")
    } else {
        None
    }
}

/// As far as a pool looks: something, one `@` outside quotation marks, a domain, nothing invisible.
pub(crate) fn looks_like_address(value: &str) -> bool {
    let Some((local, domain)) = value.rsplit_once('@') else {
        return false;
    };
    let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    let visible = |character: char| !character.is_whitespace() && !character.is_control();
    !local.is_empty()
        && (quoted || !local.contains('@'))
        && domain.len() >= 2
        && value.chars().all(visible)
}

/// E.164: a plus sign and up to 15 digits.
pub(crate) fn looks_like_number(value: &str) -> bool {
    value.strip_prefix('+').is_some_and(|digits| {
        (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Whether Cognito takes this for a user name: 1 to 128 letters, marks, symbols, numbers and punctuation, hence no blank.
pub(crate) fn check_username(name: &str) -> Result<(), Error> {
    let refused = |constraint: &str| {
        Err(Error::invalid(format!(
            "1 validation error detected: Value at 'username' failed to satisfy constraint: Member must {constraint}"
        )))
    };
    if name.is_empty() {
        return refused("have length greater than or equal to 1");
    }
    if name.chars().count() > LONGEST_USERNAME {
        return refused(&format!(
            "have length less than or equal to {LONGEST_USERNAME}"
        ));
    }
    if !name.chars().all(is_visible) {
        return refused("satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+");
    }
    Ok(())
}

/// Neither a separator nor one of Unicode's "other" characters: controls, formats (which turn the direction of text, say), private use.
fn is_visible(character: char) -> bool {
    let invisible = character.is_whitespace()
        || character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{8e2}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{e000}'..='\u{f8ff}'
            | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' | '\u{f0000}'..);
    !invisible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_names_are_visible_and_not_too_long() {
        for taken in [
            "ines",
            "Ines.Falk+1",
            "イネス",
            "€",
            "a\u{301}",
            &"x".repeat(128),
        ] {
            assert_eq!(check_username(taken), Ok(()), "{taken}");
        }
        for refused in [
            "",
            "ines falk",
            " ",
            "ines\n",
            "ines\r\nx-header: 1",
            "\u{0}",
            "ines\u{a0}",
            "i\u{202e}nes",
            "ines\u{200b}",
            "\u{feff}ines",
            "\u{e000}",
            &"x".repeat(129),
        ] {
            assert!(check_username(refused).is_err(), "{refused:?}");
        }
    }

    #[test]
    fn addresses_and_numbers_are_told_apart() {
        for (name, kind) in [
            ("ines.falk@example.org", Some("email")),
            ("\"ines@home\"@example.org", Some("email")),
            ("+4915112345678", Some("phone_number")),
            ("ines", None),
            ("ines@", None),
            ("@example.org", None),
            ("ines@home@example.org", None),
            ("ines falk@example.org", None),
            ("ines\n@example.org", None),
            ("ines\u{7}@example.org", None),
            ("+", None),
            ("4915112345678", None),
            ("+4915112345678901", None),
            ("+49 151", None),
        ] {
            assert_eq!(contact_kind(name), kind, "{name:?}");
        }
    }
}
