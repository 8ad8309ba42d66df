use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use legacy_users::{Address, Item};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::EndpointError;
use crate::source::{Found, Proof, Question};

/// How deep a membership may be; a claim's value has no more.
const MAX_DEPTH: usize = 8;

/// What the endpoint says of the user.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    found: bool,
    name: Option<String>,
    #[serde(default)]
    password: Option<Password>,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    #[serde(default)]
    verified: Vec<Verified>,
    #[serde(default)]
    cohort: Option<String>,
    #[serde(default)]
    membership: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Password {
    Right,
    RightButReset,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Verified {
    Email,
    PhoneNumber,
}

/// The user of the answer. Without a word about the password it is not right.
pub(super) fn read(body: &[u8], question: &Question<'_>) -> Result<Option<Found>, EndpointError> {
    let answer: Answer = serde_json::from_slice(body).map_err(|_| EndpointError::Unreadable)?;
    let proof = match (question.password, answer.password) {
        _ if !answer.found => return Ok(None),
        (None, _) => Proof::Known,
        (Some(_), Some(Password::Right)) => Proof::PasswordRight,
        (Some(_), Some(Password::RightButReset)) => Proof::PasswordRightButReset,
        (Some(_), None) => return Ok(None),
    };
    let membership = answer.membership.map(item).transpose()?;
    let address = |verified| match verified {
        Verified::Email => Address::Email,
        Verified::PhoneNumber => Address::PhoneNumber,
    };
    Ok(Some(Found {
        name: answer.name.ok_or(EndpointError::Unreadable)?,
        attributes: answer.attributes,
        verified: answer.verified.into_iter().map(address).collect(),
        proof,
        cohort: answer.cohort,
        membership,
    }))
}

fn item(members: Map<String, Value>) -> Result<Item, EndpointError> {
    let members = members.into_iter();
    members
        .map(|(name, value)| Ok((name, attribute(value, 1)?)))
        .collect()
}

fn attribute(value: Value, depth: usize) -> Result<AttributeValue, EndpointError> {
    if depth > MAX_DEPTH {
        return Err(EndpointError::Unreadable);
    }
    Ok(match value {
        Value::String(text) => AttributeValue::S(text),
        Value::Number(number) => AttributeValue::N(number.to_string()),
        Value::Bool(boolean) => AttributeValue::Bool(boolean),
        Value::Array(values) => {
            let values = values.into_iter().map(|value| attribute(value, depth + 1));
            AttributeValue::L(values.collect::<Result<_, _>>()?)
        }
        Value::Object(members) => {
            let members = members.into_iter();
            let members = members.map(|(name, value)| Ok((name, attribute(value, depth + 1)?)));
            AttributeValue::M(members.collect::<Result<_, EndpointError>>()?)
        }
        // Whether it takes a right away or leaves it alone, nobody can tell.
        Value::Null => return Err(EndpointError::Unreadable),
    })
}
