//! The members of requests that describe something, which the template's reader then reads.

use serde_json::Value;

use super::lower_first;
use crate::error::Error;
use crate::template::Members;

/// Takes a text that the operation cannot do without.
pub(super) fn take(members: &mut Members, name: &str) -> Result<String, Error> {
    match members.remove(name) {
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(Error::Serialization("The request could not be read")),
        None => Err(Error::missing(&lower_first(name))),
    }
}

/// Takes the name of a user pool or app client: 1 to 128 letters, digits, blanks and some signs (D).
pub(super) fn take_name(members: &mut Members, name: &str) -> Result<String, Error> {
    let value = take(members, name)?;
    let allowed = |character: char| {
        character.is_alphanumeric() || character.is_whitespace() || "_+=,.@-".contains(character)
    };
    if (1..=128).contains(&value.chars().count()) && value.chars().all(allowed) {
        return Ok(value);
    }
    let member = lower_first(name);
    Err(Error::invalid(format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w\\s+=,.@-]+"
    )))
}

/// The size of a page that was asked for as `MaxResults`, between one and `most`.
pub(super) fn max_results(asked: usize, most: usize) -> Result<usize, Error> {
    let wrong = |bound: String| {
        Err(Error::invalid(format!(
            "1 validation error detected: Value '{asked}' at 'maxResults' failed to satisfy constraint: Member must have value {bound}"
        )))
    };
    match asked {
        0 => wrong("greater than or equal to 1".to_owned()),
        asked if asked > most => wrong(format!("less than or equal to {most}")),
        asked => Ok(asked),
    }
}
