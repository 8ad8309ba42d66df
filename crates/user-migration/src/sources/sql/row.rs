use std::collections::{BTreeMap, BTreeSet};

use legacy_users::{Address, StoredHash};
use serde_json::Value;

use super::SqlError;
use crate::source::{Found, Proof};

/// What a row has, by the names of its columns, without what is NULL.
pub(super) type Columns = BTreeMap<String, String>;

/// A user of the database.
pub(super) struct Row {
    name: String,
    pub(super) hash: Option<StoredHash>,
    cohort: Option<String>,
    verified: BTreeSet<Address>,
    attributes: BTreeMap<String, String>,
}

impl Row {
    /// Every column with no meaning of its own is an attribute.
    pub(super) fn of(mut columns: Columns) -> Result<Self, SqlError> {
        let name = columns.remove("user").ok_or(SqlError::NoUser)?;
        let hash = hash(&mut columns);
        let cohort = columns.remove("cohort");
        let addresses = [Address::Email, Address::PhoneNumber].into_iter();
        let verified = addresses.filter(|address| {
            let flag = columns.remove(&format!("{}_verified", address.name()));
            flag.is_some_and(|flag| ["1", "t", "true"].contains(&&*flag.to_ascii_lowercase()))
        });
        Ok(Self {
            name,
            hash,
            cohort,
            verified: verified.collect(),
            attributes: columns,
        })
    }

    pub(super) fn found(self, proof: Proof) -> Found {
        Found {
            name: self.name,
            attributes: self.attributes,
            verified: self.verified,
            proof,
            cohort: self.cohort,
            membership: None,
        }
    }
}

/// One that cannot be read is none, so that nobody learns of it.
fn hash(columns: &mut Columns) -> Option<StoredHash> {
    let [text, format, settings, project] =
        ["hash", "format", "settings", "project"].map(|name| columns.remove(name));
    let format = format.map(|name| name.parse()).transpose();
    let settings = settings.map(|settings| serde_json::from_str(&settings));
    let (Ok(format), Ok(settings)) = (format, settings.transpose()) else {
        tracing::error!(
            "a user's hash in the database has an unknown format, or settings that are no JSON"
        );
        return None;
    };
    Some(StoredHash {
        text: text?.into(),
        format,
        settings: settings.unwrap_or(Value::Null),
        project,
    })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn row<const N: usize>(columns: [(&str, &str); N]) -> Result<Row, SqlError> {
        let owned = columns.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Row::of(owned.into())
    }

    #[test]
    fn what_has_no_meaning_is_an_attribute() {
        let row = row([
            ("user", "Ines"),
            ("hash", "$2b$04$x"),
            ("email", "ines@example.org"),
            ("email_verified", "true"),
            ("phone_number_verified", "0"),
            ("custom:plan", "gold"),
            ("cohort", "shop"),
        ]);
        let row = row.unwrap();
        assert_eq!(row.hash.as_ref().unwrap().text.expose_secret(), "$2b$04$x");
        let expected = Found {
            name: "Ines".to_owned(),
            attributes: BTreeMap::from([
                ("email".to_owned(), "ines@example.org".to_owned()),
                ("custom:plan".to_owned(), "gold".to_owned()),
            ]),
            verified: BTreeSet::from([Address::Email]),
            proof: Proof::Known,
            cohort: Some("shop".to_owned()),
            membership: None,
        };
        assert!(row.found(Proof::Known) == expected);
    }

    #[test]
    fn an_address_is_verified_only_if_the_row_says_so() {
        for (flag, expected) in [
            ("true", true),
            ("TRUE", true),
            ("t", true),
            ("1", true),
            ("false", false),
            ("f", false),
            ("0", false),
            ("", false),
            ("2", false),
            ("2024-01-01", false),
        ] {
            let row = row([("user", "ines"), ("email_verified", flag)]).unwrap();
            let found = row.found(Proof::Known);
            assert_eq!(!found.verified.is_empty(), expected, "{flag:?}");
            assert!(found.attributes.is_empty(), "{flag:?}");
        }
    }

    #[test]
    fn a_row_without_its_name_is_a_mistake_and_one_without_a_hash_is_not() {
        assert!(matches!(row([("hash", "x")]), Err(SqlError::NoUser)));
        for (name, value) in [
            ("email", "ines@example.org"),
            ("format", "no-such-format"),
            ("settings", "{"),
        ] {
            let row = row([("user", "ines"), (name, value)]).unwrap();
            assert!(row.hash.is_none(), "{name}");
        }
    }
}
