//! CSV with a first row that names the columns.
//!
//! The columns `user` (what people type), `username`, `hash`, `format` and `settings` (JSON) of the hash, `settings.<name>` (one of them, such as
//! `settings.salt`), `email_verified`, `phone_number_verified`, `groups` (separated by semicolons) and `cohort` are what their names say.
//! Any other column is an attribute. `--map FIELD=COLUMN` says that a column of another name is one of these.

use legacy_users::Address;
use serde_json::{Map, Value};

use super::{Entries, Entry};
use crate::columns::{Columns, Rows, truth};
use crate::input::{Input, ReadError};
use crate::record::{Record, Reject, of_format, recognised};

/// What a column means.
enum Field {
    User,
    Username,
    Hash,
    Format,
    Settings,
    Setting(String),
    Verified(Address),
    Groups,
    Cohort,
    Attribute(String),
}

pub(super) fn entries(input: Input, columns: &Columns) -> Result<Entries, ReadError> {
    let rows = Rows::new(input, columns.delimiter)?;
    let fields = fields(Vec::from_iter(&rows.header), &columns.map)?;
    Ok(Box::new(rows.map(move |row| {
        let row = row?;
        let record = row.values.and_then(|values| {
            let values = fields.iter().map(|(place, field)| {
                let value = values.get(*place).unwrap_or_default();
                (field, value)
            });
            record(values.filter(|(_, value)| !value.is_empty()))
        });
        let line = row.line;
        Ok(Entry { line, record })
    })))
}

/// The fields with the places of their columns.
fn fields(header: Vec<&str>, map: &[(String, String)]) -> Result<Vec<(usize, Field)>, ReadError> {
    let mut fields = Vec::new();
    for (field, column) in map {
        let Some(place) = header.iter().position(|name| name == column) else {
            let problem = format!("there is no column `{column}`");
            return Err(ReadError::NotAsSaid(problem));
        };
        fields.push((place, Field::named(field)));
    }
    for (place, name) in header.into_iter().enumerate() {
        let is_mapped = map
            .iter()
            .any(|(field, column)| field == name || column == name);
        if !is_mapped {
            fields.push((place, Field::named(name)));
        }
    }
    Ok(fields)
}

impl Field {
    fn named(name: &str) -> Self {
        match name {
            "user" => Self::User,
            "username" => Self::Username,
            "hash" => Self::Hash,
            "format" => Self::Format,
            "settings" => Self::Settings,
            "email_verified" => Self::Verified(Address::Email),
            "phone_number_verified" => Self::Verified(Address::PhoneNumber),
            "groups" => Self::Groups,
            "cohort" => Self::Cohort,
            _ => match name.strip_prefix("settings.") {
                Some(setting) => Self::Setting(setting.to_owned()),
                None => Self::Attribute(name.to_owned()),
            },
        }
    }
}

fn record<'a>(values: impl Iterator<Item = (&'a Field, &'a str)>) -> Result<Record, Reject> {
    let mut record = Record::default();
    let (mut hash, mut format, mut settings) = (None, None, Map::new());
    for (field, value) in values {
        let text = value.to_owned();
        match field {
            Field::User => record.user = Some(text),
            Field::Username => record.username = Some(text),
            Field::Hash => hash = Some(text.into()),
            Field::Format => format = Some(value),
            Field::Settings => {
                let object: Map<_, _> = serde_json::from_str(value)
                    .map_err(|_| Reject::NotA("a row whose `settings` are a JSON object"))?;
                settings.extend(object);
            }
            Field::Setting(name) => drop(settings.insert(name.clone(), text.into())),
            Field::Verified(address) => {
                let word = truth(value).ok_or(Reject::NotA("a row that says true or false"))?;
                record = record.verified(*address, word);
            }
            Field::Groups => {
                let groups = value.split(';').map(|group| group.trim().to_owned());
                record =
                    record.member_of("groups", groups.filter(|name| !name.is_empty()).collect());
            }
            Field::Cohort => record.cohort = Some(text),
            Field::Attribute(name) => record = record.with(name, Some(text)),
        }
    }
    let settings = (!settings.is_empty()).then_some(Value::Object(settings));
    let settings = settings.unwrap_or_default();
    let hash = hash.map(|text| match format {
        Some(format) => of_format(format, text, settings),
        None => {
            let mut hash = recognised(text);
            hash.settings = settings;
            Ok(hash)
        }
    });
    record.hash = hash.transpose()?;
    Ok(record)
}
