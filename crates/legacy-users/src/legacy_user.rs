use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use aws_sdk_dynamodb::types::AttributeValue;
use legacy_password::Format;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use time::OffsetDateTime;

use crate::name::LegacyName;
use crate::state::State;

/// A user of an older system. `Debug` shows nothing about the person.
#[derive(Clone, PartialEq)]
pub struct LegacyUser {
    /// The key.
    pub name: LegacyName,
    /// What the password is checked against; without it the user can only ask for a new password.
    pub hash: Option<StoredHash>,
    /// The user's attributes by the names of the older system.
    pub attributes: BTreeMap<String, String>,
    /// Which addresses the older system has verified.
    pub verified: BTreeSet<Address>,
    /// What becomes the user's item in the table of memberships, without its key.
    pub membership: Option<Item>,
    /// The group of users that reports count by.
    pub cohort: Option<String>,
    /// The run of the importer that wrote the item.
    pub import: Option<String>,
    /// Whether the user has moved.
    pub state: State,
}

/// A password hash and what it takes to read it.
#[derive(Clone)]
pub struct StoredHash {
    /// The hash as the older system has it.
    pub text: SecretString,
    /// What it is a hash of; `None` where its beginning tells.
    pub format: Option<Format>,
    /// What a configured format needs besides, as JSON; `Value::Null` if nothing.
    pub settings: Value,
    /// The name under which the function's configuration has settings that all users of one project share, such as Firebase's signer key.
    pub project: Option<String>,
}

/// A kind of address that can be verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Address {
    /// `email`.
    Email,
    /// `phone_number`.
    PhoneNumber,
}

/// An item of a table, or a map in one.
pub type Item = HashMap<String, AttributeValue>;

/// An attribute of the item is not what it should be; someone has to correct it. It quotes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`{attribute}` is not {expected}")]
pub struct Malformed {
    /// The attribute's name.
    pub attribute: &'static str,
    /// What it should be.
    pub expected: &'static str,
}

impl LegacyUser {
    /// The item that the table holds.
    pub fn to_item(&self) -> Item {
        let mut item = Item::from([
            ("user".to_owned(), text(self.name.as_str())),
            ("state".to_owned(), text(self.state.word())),
        ]);
        let mut put = |name: &str, value| item.insert(name.to_owned(), value);
        if let Some(hash) = &self.hash {
            put("hash", text(hash.text.expose_secret()));
            if let Some(format) = hash.format {
                put("format", text(format.name()));
            }
            if !hash.settings.is_null() {
                put("settings", text(&hash.settings.to_string()));
            }
            if let Some(project) = &hash.project {
                put("project", text(project));
            }
        }
        if !self.attributes.is_empty() {
            let attributes = self.attributes.iter();
            let attributes = attributes.map(|(name, value)| (name.clone(), text(value)));
            put("attributes", AttributeValue::M(attributes.collect()));
        }
        if !self.verified.is_empty() {
            let verified = self
                .verified
                .iter()
                .map(|address| address.name().to_owned());
            put("verified", AttributeValue::Ss(verified.collect()));
        }
        if let Some(membership) = &self.membership {
            put("membership", AttributeValue::M(membership.clone()));
        }
        for (name, value) in [("cohort", &self.cohort), ("import", &self.import)] {
            if let Some(value) = value {
                put(name, text(value));
            }
        }
        if let State::Migrated(at) | State::Awaited(at) = self.state {
            put("migratedAt", seconds(at));
        }
        item
    }

    /// The user that the item is.
    ///
    /// # Errors
    ///
    /// [`Malformed`]
    pub fn from_item(mut item: Item) -> Result<Self, Malformed> {
        let name = take_text(&mut item, "user")?.and_then(|name| {
            // A key in another form would never be found by its name, and must not be answered by another's.
            LegacyName::normalised(&name).filter(|normalised| normalised.as_str() == name)
        });
        let name = name.ok_or(Malformed {
            attribute: "user",
            expected: "a name in normalised form",
        })?;
        Ok(Self {
            name,
            hash: take_hash(&mut item)?,
            attributes: take_attributes(&mut item)?,
            verified: take_verified(&mut item)?,
            membership: take_map(&mut item, "membership")?,
            cohort: take_text(&mut item, "cohort")?,
            import: take_text(&mut item, "import")?,
            state: State::take(&mut item)?,
        })
    }
}

impl Address {
    /// The name of the attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::PhoneNumber => "phone_number",
        }
    }
}

impl PartialEq for StoredHash {
    fn eq(&self, other: &Self) -> bool {
        let parts = |hash: &Self| (hash.settings.clone(), hash.project.clone(), hash.format);
        self.text.expose_secret() == other.text.expose_secret() && parts(self) == parts(other)
    }
}

impl fmt::Debug for StoredHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("StoredHash([redacted])")
    }
}

impl fmt::Debug for LegacyUser {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LegacyUser")
            .field("attributes", &Vec::from_iter(self.attributes.keys()))
            .field("verified", &self.verified)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

fn take_hash(item: &mut Item) -> Result<Option<StoredHash>, Malformed> {
    let hash = take_text(item, "hash")?;
    let settings = take_text(item, "settings")?.map(|settings| serde_json::from_str(&settings));
    let settings = settings.transpose().map_err(|_| Malformed {
        attribute: "settings",
        expected: "JSON",
    })?;
    let format = take_text(item, "format")?.map(|format| format.parse());
    let format = format.transpose().map_err(|_| Malformed {
        attribute: "format",
        expected: "the name of a known format",
    })?;
    let project = take_text(item, "project")?;
    Ok(hash.map(|hash| StoredHash {
        text: hash.into(),
        format,
        settings: settings.unwrap_or_default(),
        project,
    }))
}

fn take_attributes(item: &mut Item) -> Result<BTreeMap<String, String>, Malformed> {
    let attributes = take_map(item, "attributes")?.unwrap_or_default();
    let attributes = attributes.into_iter().map(|(name, value)| match value {
        AttributeValue::S(value) => Some((name, value)),
        _ => None,
    });
    attributes.collect::<Option<_>>().ok_or(Malformed {
        attribute: "attributes",
        expected: "a map of texts",
    })
}

fn take_verified(item: &mut Item) -> Result<BTreeSet<Address>, Malformed> {
    let names = match item.remove("verified") {
        None => Some(Vec::new()),
        Some(AttributeValue::Ss(names)) => Some(names),
        Some(AttributeValue::L(names)) => {
            let names = names.into_iter().map(|name| name.as_s().ok().cloned());
            names.collect()
        }
        Some(_) => None,
    };
    let address = |name: String| {
        [Address::Email, Address::PhoneNumber]
            .into_iter()
            .find(|address| address.name() == name)
    };
    let verified = names.and_then(|names| names.into_iter().map(address).collect());
    verified.ok_or(Malformed {
        attribute: "verified",
        expected: "a list of `email` and `phone_number`",
    })
}

pub(crate) fn take_text(
    item: &mut Item,
    attribute: &'static str,
) -> Result<Option<String>, Malformed> {
    match item.remove(attribute) {
        None => Ok(None),
        Some(AttributeValue::S(text)) => Ok(Some(text)),
        Some(_) => Err(Malformed {
            attribute,
            expected: "a text",
        }),
    }
}

pub(crate) fn take_map(
    item: &mut Item,
    attribute: &'static str,
) -> Result<Option<Item>, Malformed> {
    match item.remove(attribute) {
        None => Ok(None),
        Some(AttributeValue::M(map)) => Ok(Some(map)),
        Some(_) => Err(Malformed {
            attribute,
            expected: "a map",
        }),
    }
}

pub(crate) fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub(crate) fn seconds(time: OffsetDateTime) -> AttributeValue {
    AttributeValue::N(time.unix_timestamp().to_string())
}

#[cfg(test)]
mod tests;
