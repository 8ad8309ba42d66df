use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;

/// What a user or machine client is in the system that the pool serves.
///
/// An item's attributes, all optional: `tenant` (S), `roles`, `permissions`, `scopes`, `groups` (L of S, or SS), `iamRoles` (L of S, or SS:
/// the ARNs of roles of an identity pool), `preferredRole` (S: one of those that the token bears), `claims` (M), and `clients` (M: an app client's id -> M with the same attributes, each of which replaces the general one in tokens of that client).
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Membership {
    pub(crate) tenant: Option<String>,
    pub(crate) roles: Option<Vec<String>>,
    pub(crate) permissions: Option<Vec<String>>,
    /// Free claims; one whose value no token can hold has none.
    pub(crate) claims: Option<BTreeMap<String, Option<Value>>>,
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) groups: Option<Vec<String>>,
    pub(crate) iam_roles: Option<Vec<String>>,
    pub(crate) preferred_role: Option<String>,
}

/// An attribute of the item is of another type than a membership's. A null is too: whether it was meant to take a right away or to
/// leave it alone, nobody can tell.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("`{attribute}` is not {expected}")]
pub(crate) struct Malformed {
    pub(crate) attribute: &'static str,
    pub(crate) expected: &'static str,
}

impl Membership {
    /// The membership for tokens of this app client.
    ///
    /// # Errors
    ///
    /// [`Malformed`], for an attribute that would count for this app client or replaces one that would.
    pub(crate) fn from_item(mut item: Item, client_id: Option<&str>) -> Result<Self, Malformed> {
        let mut clients = take_map(&mut item, "clients")?.unwrap_or_default();
        let general = Self::from_attributes(item)?;
        match client_id.and_then(|id| clients.remove(id)) {
            Some(AttributeValue::M(own)) => Ok(Self::from_attributes(own)?.or(general)),
            Some(_) => Err(Malformed {
                attribute: "clients",
                expected: "a map of maps",
            }),
            None => Ok(general),
        }
    }

    fn from_attributes(mut attributes: Item) -> Result<Self, Malformed> {
        let attributes = &mut attributes;
        Ok(Self {
            tenant: take_text(attributes, "tenant")?,
            roles: take_texts(attributes, "roles")?,
            permissions: take_texts(attributes, "permissions")?,
            claims: take_map(attributes, "claims")?.map(claims),
            scopes: take_texts(attributes, "scopes")?,
            groups: take_texts(attributes, "groups")?,
            iam_roles: take_texts(attributes, "iamRoles")?,
            preferred_role: take_text(attributes, "preferredRole")?,
        })
    }

    fn or(self, general: Self) -> Self {
        Self {
            tenant: self.tenant.or(general.tenant),
            roles: self.roles.or(general.roles),
            permissions: self.permissions.or(general.permissions),
            claims: self.claims.or(general.claims),
            scopes: self.scopes.or(general.scopes),
            groups: self.groups.or(general.groups),
            iam_roles: self.iam_roles.or(general.iam_roles),
            preferred_role: self.preferred_role.or(general.preferred_role),
        }
    }
}

/// An item of the table, or a map in one.
pub type Item = HashMap<String, AttributeValue>;

/// A tenant without a name could be taken for every tenant.
fn take_text(attributes: &mut Item, attribute: &'static str) -> Result<Option<String>, Malformed> {
    match attributes.remove(attribute) {
        None => Ok(None),
        Some(AttributeValue::S(text)) if !text.trim().is_empty() => Ok(Some(text)),
        Some(_) => Err(Malformed {
            attribute,
            expected: "a text with something in it",
        }),
    }
}

/// A list keeps its order; a set has none, so it is sorted, for the same answer each time.
fn take_texts(
    attributes: &mut Item,
    attribute: &'static str,
) -> Result<Option<Vec<String>>, Malformed> {
    let texts = match attributes.remove(attribute) {
        None => return Ok(None),
        Some(AttributeValue::Ss(texts)) => Some(sorted(texts)),
        Some(AttributeValue::L(values)) => values.into_iter().map(text).collect(),
        Some(_) => None,
    };
    texts.map(Some).ok_or(Malformed {
        attribute,
        expected: "a list of texts",
    })
}

fn text(value: AttributeValue) -> Option<String> {
    match value {
        AttributeValue::S(text) => Some(text),
        _ => None,
    }
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort_unstable();
    texts
}

fn take_map(attributes: &mut Item, attribute: &'static str) -> Result<Option<Item>, Malformed> {
    match attributes.remove(attribute) {
        None => Ok(None),
        Some(AttributeValue::M(map)) => Ok(Some(map)),
        Some(_) => Err(Malformed {
            attribute,
            expected: "a map",
        }),
    }
}

fn claims(values: Item) -> BTreeMap<String, Option<Value>> {
    values
        .into_iter()
        .map(|(name, value)| (name, json(value, 1)))
        .collect()
}

/// How many lists and maps a claim's value may have within each other. DynamoDB allows 32; a claim is not a document.
const MAX_DEPTH: usize = 8;

/// The value in JSON; none if there is anything in it that no claim can hold: a null or binary data, or lists and maps too deep.
/// Nothing is left out of a value, since half a value can mean more than the whole.
fn json(value: AttributeValue, depth: usize) -> Option<Value> {
    match value {
        AttributeValue::S(text) => Some(Value::String(text)),
        AttributeValue::N(number) => number_or_text(number),
        AttributeValue::Bool(boolean) => Some(Value::Bool(boolean)),
        AttributeValue::Ss(texts) => Some(sorted(texts).into()),
        AttributeValue::Ns(numbers) => sorted(numbers).into_iter().map(number_or_text).collect(),
        AttributeValue::L(_) | AttributeValue::M(_) if depth > MAX_DEPTH => None,
        AttributeValue::L(values) => {
            let values = values.into_iter().map(|value| json(value, depth + 1));
            values.collect()
        }
        AttributeValue::M(members) => {
            let members = members.into_iter();
            let members = members.map(|(name, value)| Some((name, json(value, depth + 1)?)));
            members.collect::<Option<_>>().map(Value::Object)
        }
        _ => None,
    }
}

/// The number with its exact value: as JSON's number where that holds it, else as text, in DynamoDB's own digits.
///
/// DynamoDB's numbers have up to 38 digits. Readers of JSON take an integer of 64 bits and a binary floating-point number of 64 bits,
/// which gives back any 15 decimal digits (C's `DBL_DIG`); DynamoDB's largest power, 10^125, is within its range.
fn number_or_text(number: String) -> Option<Value> {
    if let Ok(integer) = number.parse::<i64>() {
        return Some(integer.into());
    }
    let is_decimal = number
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let decimal: f64 = number.parse().ok().filter(|_| is_decimal)?;
    if decimal.is_normal() && significant_digits(&number) <= 15 {
        Some(decimal.into())
    } else {
        Some(Value::String(number))
    }
}

fn significant_digits(number: &str) -> usize {
    let mantissa = number.split(['e', 'E']).next().unwrap_or_default();
    let digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
    let is_significant = |digit: &u8| *digit != b'0';
    match (
        digits.iter().position(is_significant),
        digits.iter().rposition(is_significant),
    ) {
        (Some(first), Some(last)) => last - first + 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
