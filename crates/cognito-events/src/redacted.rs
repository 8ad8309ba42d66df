//! User data that can be read but not printed.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::tolerant::{self, Text};

/// The names in a map, for a `Debug` that leaves out the values.
pub(crate) struct Names<'a, Value>(pub(crate) &'a BTreeMap<String, Value>);

impl<Value> fmt::Debug for Names<'_, Value> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

/// The user's name, which may be an address: `Debug` shows only that there is one.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct UserName(String);

impl UserName {
    /// The name itself, for use and never for a log.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for UserName {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

impl fmt::Debug for UserName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_empty() {
            "UserName(none)"
        } else {
            "UserName([redacted])"
        })
    }
}

impl<'de> Deserialize<'de> for UserName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        tolerant::text(deserializer).map(Self)
    }
}

/// User attributes, or whatever else comes in an event as names with text values. `Debug` shows only the names.
///
/// Cognito sends every value as text, booleans too (`"email_verified": "true"`). A null value is an absent attribute.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Attributes(BTreeMap<String, String>);

/// What an app passed along with its call. Anyone can put anything there.
pub type ClientMetadata = Attributes;

impl Attributes {
    /// The attribute's value, unless it is absent or null.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Names and values, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Attributes {
    fn from(pairs: [(&str, &str); N]) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        )
    }
}

impl fmt::Debug for Attributes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&Names(&self.0), formatter)
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values: BTreeMap<String, Text> = tolerant::or_default(deserializer)?;
        Ok(Self(
            values
                .into_iter()
                .filter_map(|(name, value)| Some((name, value.0?)))
                .collect(),
        ))
    }
}

/// Names with values of one type, such as the user attributes of a response. `Debug` shows only the names.
///
/// Unlike [`Attributes`] it is read strictly: a value of another type is an error.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedactedMap<Value>(BTreeMap<String, Value>);

impl<Value> RedactedMap<Value> {
    /// The value of that name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Names and values, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl<Value> Default for RedactedMap<Value> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<Value> FromIterator<(String, Value)> for RedactedMap<Value> {
    fn from_iter<Pairs: IntoIterator<Item = (String, Value)>>(pairs: Pairs) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl<Value> fmt::Debug for RedactedMap<Value> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&Names(&self.0), formatter)
    }
}
