//! What other systems export, one file a system. Each says what of a record is what of a user; how files are cut into records is shared.

mod auth0;
mod cognito;
mod csv;
mod django;
mod firebase;
mod keycloak;
mod ndjson;
mod wordpress;

use serde_json::{Map, Value};

use crate::columns::Columns;
use crate::input::{Input, ReadError};
use crate::json::Documents;
use crate::record::{Record, Reject};
use crate::sql::Rows;

/// Which system has written a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SourceFormat {
    Csv,
    Ndjson,
    Auth0,
    Firebase,
    Keycloak,
    Cognito,
    Django,
    Wordpress,
}

/// The names that the command line knows.
pub(crate) const NAMES: [(&str, SourceFormat); 8] = [
    ("csv", SourceFormat::Csv),
    ("ndjson", SourceFormat::Ndjson),
    ("auth0", SourceFormat::Auth0),
    ("firebase", SourceFormat::Firebase),
    ("keycloak", SourceFormat::Keycloak),
    ("cognito", SourceFormat::Cognito),
    ("django", SourceFormat::Django),
    ("wordpress", SourceFormat::Wordpress),
];

/// One record of a file.
pub(crate) struct Entry {
    /// The line where it begins, from 1.
    pub(crate) line: u64,
    pub(crate) record: Result<Record, Reject>,
}

pub(crate) type Entries = Box<dyn Iterator<Item = Result<Entry, ReadError>> + Send>;

impl SourceFormat {
    pub(crate) fn named(name: &str) -> Option<Self> {
        let found = NAMES.into_iter().find(|(other, _)| *other == name);
        found.map(|(_, format)| format)
    }

    pub(crate) fn name(self) -> &'static str {
        let found = NAMES.into_iter().find(|(_, format)| *format == self);
        found.map_or("", |(name, _)| name)
    }

    /// The format of a file that begins so; `None` where that tells nothing.
    pub(crate) fn of_beginning(beginning: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(beginning);
        let text = text.trim_start_matches('\u{feff}').trim_start();
        let first_line = text.lines().next().unwrap_or_default();
        let first_object: Option<Map<String, Value>> = serde_json::from_str(first_line).ok();
        if first_object.is_some_and(|object| object.contains_key("user")) {
            return Some(Self::Ndjson);
        }
        let has = |name: &str| text.contains(&format!("\"{name}\""));
        let is_sql = ["--", "/*", "INSERT", "CREATE", "SET ", "DROP"]
            .iter()
            .any(|word| text.starts_with(word));
        match text.chars().next()? {
            '{' | '[' if has("model") && has("fields") => Some(Self::Django),
            '{' if has("localId") => Some(Self::Firebase),
            '{' if has("realm") || has("credentials") => Some(Self::Keycloak),
            '{' | '[' if has("email") => Some(Self::Auth0),
            '{' | '[' => None,
            _ if is_sql => Some(Self::Wordpress),
            _ if first_line.contains("cognito:username") => Some(Self::Cognito),
            _ if first_line.contains([',', ';', '\t']) => Some(Self::Csv),
            _ => None,
        }
    }

    /// The records of a file of this format.
    pub(crate) fn entries(self, input: Input, columns: &Columns) -> Result<Entries, ReadError> {
        let users = "users";
        Ok(match self {
            Self::Csv => csv::entries(input, columns)?,
            Self::Ndjson => entries_of(Documents::lines(input), ndjson::record),
            Self::Auth0 => entries_of(Documents::list_or_lines(input)?, auth0::record),
            Self::Firebase => entries_of(Documents::of_member(input, users), firebase::record),
            Self::Keycloak => entries_of(Documents::of_member(input, users), keycloak::record),
            Self::Cognito => cognito::entries(input)?,
            Self::Django => entries_of(Documents::list_or_lines(input)?, django::record),
            Self::Wordpress => wordpress::entries(Rows::new(input)),
        })
    }
}

/// `record` answers nothing for what is of no concern, such as another table's rows.
fn entries_of(
    documents: Documents,
    record: impl Fn(&[u8]) -> Result<Option<Record>, Reject> + Send + 'static,
) -> Entries {
    Box::new(documents.filter_map(move |document| {
        let document = match document {
            Ok(document) => document,
            Err(error) => return Some(Err(error)),
        };
        let record = document.text.and_then(|text| record(&text)).transpose()?;
        let line = document.line;
        Some(Ok(Entry { line, record }))
    }))
}

#[cfg(test)]
mod tests;
