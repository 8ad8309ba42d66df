use std::collections::BTreeMap;

use crate::error::Error;
use crate::template;

/// The attributes that every pool has (D).
const STANDARD: [&str; 19] = [
    "address",
    "birthdate",
    "email",
    "email_verified",
    "family_name",
    "gender",
    "given_name",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "phone_number",
    "phone_number_verified",
    "picture",
    "preferred_username",
    "profile",
    "updated_at",
    "website",
    "zoneinfo",
];
/// A value's most characters (D, quotas).
const LONGEST_VALUE: usize = 2_048;

/// Who writes the attributes.
pub(crate) enum AttributeRules<'a> {
    /// A client for a new user: only what it may write, and all that is required.
    NewUser(&'a template::UserPoolClient),
    /// A client for the user that is signed in.
    OwnUser(&'a template::UserPoolClient),
    /// An administrator: anything of the schema.
    Administrator,
}

/// Whether the pool's schema takes these attributes from this writer.
pub(crate) fn check_attributes(
    pool: &template::UserPool,
    attributes: &BTreeMap<String, String>,
    rules: &AttributeRules<'_>,
) -> Result<(), Error> {
    for (name, value) in attributes {
        let custom = pool.schema.iter().find(|attribute| attribute.name == *name);
        if custom.is_none() && !STANDARD.contains(&name.as_str()) {
            return Err(does_not_exist(name, rules));
        }
        if let AttributeRules::NewUser(client) | AttributeRules::OwnUser(client) = rules {
            // A client never writes what only a proof can set, whatever its list says.
            let proven = name == "email_verified" || name == "phone_number_verified";
            let writable = listed(client.write_attributes.as_deref(), name);
            if proven || !writable {
                return Err(Error::not_authorized(
                    "A client attempted to write unauthorized attribute",
                )); // D
            }
        }
        if matches!(rules, AttributeRules::OwnUser(_))
            && custom.is_some_and(|attribute| !attribute.mutable)
        {
            return Err(Error::invalid(format!(
                "user.{name}: Attribute cannot be updated.\n"
            ))); // P
        }
        check_value(name, value)?;
    }
    if matches!(rules, AttributeRules::NewUser(_))
        && let Some(missing) = pool
            .schema
            .iter()
            .find(|attribute| attribute.required && !attributes.contains_key(&attribute.name))
    {
        return Err(Error::invalid(format!(
            "Attributes did not conform to the schema: {}: The attribute is required\n",
            missing.name
        ))); // P
    }
    Ok(())
}

/// Whether a client's list of attributes has this one; a client without a list has the standard ones (D).
pub(crate) fn listed(list: Option<&[String]>, name: &str) -> bool {
    match list {
        Some(list) => list.iter().any(|listed| listed == name),
        None => STANDARD.contains(&name),
    }
}

fn does_not_exist(name: &str, rules: &AttributeRules<'_>) -> Error {
    match rules {
        AttributeRules::Administrator => Error::invalid(format!(
            "Invalid user attributes: user.{name}: Attribute does not exist in the schema.\n"
        )), // P
        _ => Error::invalid(format!(
            "Attributes did not conform to the schema: {name}: Attribute does not exist in the schema.\n"
        )), // P
    }
}

fn check_value(name: &str, value: &str) -> Result<(), Error> {
    if value.chars().count() > LONGEST_VALUE {
        return Err(Error::invalid(format!(
            "Attributes did not conform to the schema: {name}: String length too long\n"
        )));
    }
    match name {
        "email" if !looks_like_address(value) => {
            Err(Error::invalid("Invalid email address format."))
        } // P
        "phone_number" if !looks_like_number(value) => {
            Err(Error::invalid("Invalid phone number format."))
        } // P
        "email_verified" | "phone_number_verified" if value != "true" && value != "false" => {
            Err(Error::invalid(format!(
                "Attributes did not conform to the schema: {name}: Invalid boolean value\n"
            )))
        }
        _ => Ok(()),
    }
}

/// As far as a pool looks: something, one `@`, a domain.
pub(crate) fn looks_like_address(value: &str) -> bool {
    let parts = value.rsplit_once('@');
    parts.is_some_and(|(local, domain)| {
        !local.is_empty() && domain.len() >= 2 && !value.chars().any(char::is_whitespace)
    })
}

/// E.164: a plus sign and up to 15 digits.
pub(crate) fn looks_like_number(value: &str) -> bool {
    value.strip_prefix('+').is_some_and(|digits| {
        (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}
