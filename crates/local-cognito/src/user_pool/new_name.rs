use std::collections::BTreeMap;

use super::{check_username, contact_kind, fold, fold_names};
use crate::error::Error;
use crate::template;

/// The new user's immutable name: in a pool with e-mail or telephone sign-in the `sub`, with what was typed as the attribute.
pub(crate) fn name_new_user(
    pool: &template::UserPool,
    typed: &str,
    sub: &str,
    attributes: &mut BTreeMap<String, String>,
) -> Result<String, Error> {
    check_username(typed)?;
    let typed = fold(pool, typed);
    fold_names(pool, attributes);
    if pool.username_attributes.is_empty() {
        let alias = contact_kind(&typed).filter(|kind| lists(&pool.alias_attributes, kind));
        return match alias {
            Some("email") => Err(Error::invalid(
                "Username cannot be of email format, since user pool is configured for email alias.",
            )), // W
            Some(_) => Err(Error::invalid(
                "Username cannot be of phone number format, since user pool is configured for phone number alias.",
            )),
            None => Ok(typed),
        };
    }
    let Some(kind) = sign_in_contact(pool, &typed) else {
        let wanted = if lists(&pool.username_attributes, "email") {
            "Username should be an email."
        } else {
            "Username should be a phone number."
        };
        return Err(Error::invalid(wanted)); // W
    };
    let given = attributes
        .entry(kind.to_owned())
        .or_insert_with(|| typed.clone());
    if *given != typed {
        return Err(Error::invalid(format!(
            "The {kind} attribute must be the user name"
        ))); // ours: stricter, AWS's text is not known
    }
    Ok(sub.to_owned())
}

/// What the name is, in a pool where an address or number stands in place of the user name.
pub(crate) fn sign_in_contact(pool: &template::UserPool, name: &str) -> Option<&'static str> {
    contact_kind(name).filter(|kind| lists(&pool.username_attributes, kind))
}

fn lists(attributes: &[String], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute == name)
}
