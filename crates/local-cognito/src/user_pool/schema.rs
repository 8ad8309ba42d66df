use std::collections::BTreeMap;

use super::names::{looks_like_address, looks_like_number};
use crate::error::Error;
use crate::template::{self, STANDARD_ATTRIBUTES, SchemaAttribute};

/// A value's most characters (D, quotas).
const LONGEST_VALUE: usize = 2_048;

/// Who writes the attributes, and for whom.
#[derive(Clone, Copy)]
pub(crate) enum AttributeRules<'a> {
    /// A client for a new user: only what it may write, and all that is required.
    NewUser(&'a template::UserPoolClient),
    /// A client for the user that is signing in; what cannot be changed is the caller's to check.
    OwnUser(&'a template::UserPoolClient),
    /// A client for the user that is signed in: what it may write and can be changed.
    SignedInUser(&'a template::UserPoolClient),
    /// An administrator for a new user: anything of the schema.
    NewUserOfAdministrator,
    /// The user migration trigger for a new user: anything of the schema.
    MigratedUser,
    /// An administrator for a user that is: anything that can be changed.
    Administrator,
}

/// Whether the pool's schema takes these attributes from this writer.
pub(crate) fn check_attributes(
    pool: &template::UserPool,
    attributes: &BTreeMap<String, String>,
    rules: &AttributeRules<'_>,
) -> Result<(), Error> {
    for (name, value) in attributes {
        let declared = pool.schema.iter().find(|attribute| attribute.name == *name);
        if declared.is_none() && !STANDARD_ATTRIBUTES.contains(&name.as_str()) {
            return Err(rules.refused(name, "Attribute does not exist in the schema."));
        }
        if let AttributeRules::NewUser(client)
        | AttributeRules::OwnUser(client)
        | AttributeRules::SignedInUser(client) = rules
        {
            // A client never writes what only a proof can set, whatever its list says.
            let proven = name == "email_verified" || name == "phone_number_verified";
            let writable = listed(client.write_attributes.as_deref(), name);
            if proven || !writable {
                return Err(Error::not_authorized(
                    "A client attempted to write unauthorized attribute",
                )); // D
            }
        }
        if let AttributeRules::Administrator | AttributeRules::SignedInUser(_) = rules {
            if declared.is_some_and(|attribute| !attribute.mutable) {
                return Err(Error::invalid(format!(
                    "user.{name}: Attribute cannot be updated.\n"
                ))); // P
            }
            // A blank value removes the attribute.
            if value.is_empty() {
                check_removable(pool, declared, name, rules)?;
                continue;
            }
        }
        check_contact(name, value)?;
        if let Some(problem) = broken_constraint(declared, name, value) {
            return Err(rules.refused(name, problem));
        }
    }
    let missing = pool
        .schema
        .iter()
        .find(|attribute| attribute.required && !attributes.contains_key(&attribute.name));
    match (rules, missing) {
        (AttributeRules::NewUser(_), Some(missing)) => {
            Err(rules.refused(&missing.name, "The attribute is required"))
        } // P
        _ => Ok(()),
    }
}

/// Whether a client's list of attributes has this one; a client without a list has the standard ones (D).
pub(crate) fn listed(list: Option<&[String]>, name: &str) -> bool {
    match list {
        Some(list) => list.iter().any(|listed| listed == name),
        None => STANDARD_ATTRIBUTES.contains(&name),
    }
}

impl AttributeRules<'_> {
    /// The form of the text: P for both; of the problems only the unknown attribute's is.
    fn refused(&self, name: &str, problem: &str) -> Error {
        match self {
            Self::NewUser(_) | Self::OwnUser(_) | Self::SignedInUser(_) | Self::MigratedUser => {
                Error::invalid(format!(
                    "Attributes did not conform to the schema: {name}: {problem}\n"
                ))
            }
            Self::NewUserOfAdministrator | Self::Administrator => {
                Error::invalid(format!("Invalid user attributes: user.{name}: {problem}\n"))
            }
        }
    }
}

fn check_removable(
    pool: &template::UserPool,
    declared: Option<&SchemaAttribute>,
    name: &str,
    rules: &AttributeRules<'_>,
) -> Result<(), Error> {
    let required = declared.is_some_and(|attribute| attribute.required);
    if required || pool.username_attributes.iter().any(|taken| taken == name) {
        return Err(rules.refused(name, "The attribute is required"));
    }
    Ok(())
}

fn check_contact(name: &str, value: &str) -> Result<(), Error> {
    match name {
        "email" if !looks_like_address(value) => {
            Err(Error::invalid("Invalid email address format."))
        } // P
        "phone_number" if !looks_like_number(value) => {
            Err(Error::invalid("Invalid phone number format."))
        } // P
        _ => Ok(()),
    }
}

/// What is wrong with a value, by the type and bounds that the schema has for it.
fn broken_constraint(
    declared: Option<&SchemaAttribute>,
    name: &str,
    value: &str,
) -> Option<&'static str> {
    let length = value.chars().count();
    if length > LONGEST_VALUE {
        return Some("String length too long");
    }
    let (data_type, min, max) = match (name, declared) {
        ("email_verified" | "phone_number_verified", _) => ("Boolean", None, None),
        ("updated_at", None) => ("Number", Some(0), None),
        // D: ten characters, YYYY-MM-DD.
        ("birthdate", None) => ("String", Some(10), Some(10)),
        (_, None) => ("String", None, None),
        (_, Some(declared)) => (declared.data_type.as_str(), declared.min, declared.max),
    };
    let bounded = match data_type {
        "Boolean" if value != "true" && value != "false" => return Some("Invalid boolean value"),
        "Number" => match value.parse::<i64>() {
            Ok(number) => number,
            Err(_) => return Some("Invalid number value"),
        },
        "String" => i64::try_from(length).unwrap_or(i64::MAX),
        _ => return None,
    };
    let number = data_type == "Number";
    if min.is_some_and(|min| bounded < min) {
        return Some(if number {
            "Number too small"
        } else {
            "String length too short"
        });
    }
    if max.is_some_and(|max| bounded > max) {
        return Some(if number {
            "Number too large"
        } else {
            "String length too long"
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(data_type: &str, min: i64, max: i64) -> SchemaAttribute {
        SchemaAttribute {
            name: "custom:a".to_owned(),
            data_type: data_type.to_owned(),
            mutable: true,
            required: false,
            min: Some(min),
            max: Some(max),
        }
    }

    #[test]
    fn values_keep_to_the_type_and_the_bounds_of_the_schema() {
        let number = declared("Number", -1, 10);
        let text = declared("String", 2, 3);
        let boolean = declared("Boolean", 0, 0);
        let long = "x".repeat(LONGEST_VALUE + 1);
        for (attribute, name, value, expected) in [
            (Some(&number), "custom:a", "10", None),
            (Some(&number), "custom:a", "11", Some("Number too large")),
            (Some(&number), "custom:a", "-2", Some("Number too small")),
            (Some(&number), "custom:a", "", Some("Invalid number value")),
            (
                Some(&number),
                "custom:a",
                "NaN",
                Some("Invalid number value"),
            ),
            (Some(&text), "custom:a", "äö", None),
            (
                Some(&text),
                "custom:a",
                "a",
                Some("String length too short"),
            ),
            (
                Some(&text),
                "custom:a",
                "abcd",
                Some("String length too long"),
            ),
            (Some(&boolean), "custom:a", "true", None),
            (
                Some(&boolean),
                "custom:a",
                "TRUE",
                Some("Invalid boolean value"),
            ),
            (None, "email_verified", "yes", Some("Invalid boolean value")),
            (None, "birthdate", "1990-01-31", None),
            (None, "birthdate", "1990", Some("String length too short")),
            (
                None,
                "updated_at",
                "yesterday",
                Some("Invalid number value"),
            ),
            (None, "name", "", None),
            (None, "name", &long, Some("String length too long")),
        ] {
            assert_eq!(
                broken_constraint(attribute, name, value),
                expected,
                "{name} {}",
                &value[..value.len().min(10)]
            );
        }
    }
}
