use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Parser;
use clap::builder::PossibleValuesParser;
use legacy_password::{Format, Limits};
use legacy_users::Address;
use serde_json::{Map, Value};

use crate::choices::{Choices, NameFrom, OnUnsupported};
use crate::columns::Columns;
use crate::entries::Sources;
use crate::formats::{NAMES, SourceFormat};

/// Fills the table of legacy users from what other systems export.
///
/// The table is reached as by any AWS SDK: AWS_REGION and the credentials in the environment, AWS_ENDPOINT_URL for another address.
#[derive(Debug, Parser)]
#[command(name = "lifeguard-import", version)]
pub struct Arguments {
    /// What another system has exported
    #[arg(required_unless_present = "report")]
    files: Vec<PathBuf>,
    /// Which system has written the files; `auto` looks at how each begins
    #[arg(long, default_value = "auto", value_parser = format_names(), hide_possible_values = false)]
    format: String,
    /// The table of legacy users
    #[arg(long, value_name = "NAME", required_unless_present = "check")]
    pub(crate) table: Option<String>,
    /// Write nothing and ask nobody: count which users could be imported, by the formats of their hashes
    #[arg(long, conflicts_with_all = ["report", "resume"])]
    pub(crate) check: bool,
    /// Count the table's users by cohort and state
    #[arg(long, conflicts_with_all = ["files", "resume"])]
    pub(crate) report: bool,
    /// The word under which reports count these users, unless the file has one
    #[arg(long, value_name = "NAME")]
    cohort: Option<String>,
    /// What the user name is taken from, unless the file says what people type
    #[arg(long, value_enum, default_value = "email")]
    user_name: NameFrom,
    /// CSV: the column that a field is in, where it has not the field's name; may be repeated
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = pair)]
    map: Vec<(String, String)>,
    /// CSV: what stands between two columns
    #[arg(long, value_name = "CHARACTER", default_value = ",", value_parser = delimiter)]
    delimiter: u8,
    /// The attributes to take, separated by commas; if absent Cognito's standard ones and `custom:` ones
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    attributes: Vec<String>,
    /// Addresses that the other system verified for everybody: `email`, `phone_number` or both
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = address)]
    verified: Vec<Address>,
    /// The format of all hashes for which a file names none, as legacy-password calls it
    #[arg(long, value_name = "NAME")]
    hash_format: Option<Format>,
    /// What a hash may cost, if not as usual: the function's `HASH_LIMITS`, such as bcrypt-cost=12,memory-kib=131072
    #[arg(long, value_name = "LIMITS")]
    hash_limits: Option<Limits>,
    /// A file with settings that belong to every hash, as a JSON object, such as Firebase's signerKey
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// The name under which the function is configured with these settings, so that they are not written with each user
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
    /// What becomes of users whose hashes cannot be checked
    #[arg(long, value_enum, default_value = "reject")]
    unsupported: OnUnsupported,
    /// Where to list who was not taken, and why
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
    /// Keep in this file how far the import has come, and go on from there
    #[arg(long, value_name = "FILE")]
    pub(crate) resume: Option<PathBuf>,
}

/// Why the files' settings cannot be used. It quotes nothing, since they are secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    /// The operating system says so.
    #[error("failed to read {}", .0.display())]
    File(PathBuf, #[source] io::Error),
    /// It is something else.
    #[error("{} is not a JSON object", .0.display())]
    NotAnObject(PathBuf),
}

impl Arguments {
    /// The files and how they are to be read.
    pub(crate) fn sources(&self) -> Result<Sources, SettingsError> {
        let attributes = BTreeSet::from_iter(self.attributes.iter().cloned());
        let choices = Choices {
            name_from: self.user_name,
            attributes: (!attributes.is_empty()).then_some(attributes),
            verified: self.verified.iter().copied().collect(),
            hash_format: self.hash_format,
            hash_limits: self.hash_limits.unwrap_or_default(),
            settings: self.hash_settings()?,
            project: self.project.clone(),
            on_unsupported: self.unsupported,
            cohort: self.cohort.clone(),
        };
        Ok(Sources {
            files: self.files.clone(),
            format: SourceFormat::named(&self.format),
            columns: Columns {
                delimiter: self.delimiter,
                map: self.map.clone(),
            },
            choices,
            bytes_read: Arc::default(),
        })
    }

    fn hash_settings(&self) -> Result<Map<String, Value>, SettingsError> {
        let Some(path) = &self.settings else {
            return Ok(Map::new());
        };
        let text = std::fs::read(path).map_err(|error| SettingsError::File(path.clone(), error))?;
        serde_json::from_slice(&text).map_err(|_| SettingsError::NotAnObject(path.clone()))
    }
}

fn format_names() -> PossibleValuesParser {
    let names = NAMES.iter().map(|(name, _)| *name);
    PossibleValuesParser::new(std::iter::once("auto").chain(names))
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (field, column) = text.split_once('=').ok_or("expected FIELD=COLUMN")?;
    Ok((field.to_owned(), column.to_owned()))
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text {
        "\\t" => Ok(b'\t'),
        _ => match text.as_bytes() {
            [byte] if byte.is_ascii() => Ok(*byte),
            _ => Err("expected one character, or \\t".to_owned()),
        },
    }
}

fn address(name: &str) -> Result<Address, String> {
    [Address::Email, Address::PhoneNumber]
        .into_iter()
        .find(|address| address.name() == name)
        .ok_or_else(|| "expected `email` or `phone_number`".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn what_does_not_go_together_is_refused() {
        let parse = |line: &str| Arguments::try_parse_from(line.split(' ')).is_ok();
        for (line, is_right) in [
            ("lifeguard-import --table t users.csv", true),
            ("lifeguard-import --check a.csv b.json --format csv", true),
            ("lifeguard-import --report --table t", true),
            ("lifeguard-import users.csv", false),
            ("lifeguard-import --table t", false),
            ("lifeguard-import --report", false),
            ("lifeguard-import --report --table t users.csv", false),
            ("lifeguard-import --check --resume s users.csv", false),
            ("lifeguard-import --check users.csv --format ldif", false),
            (
                "lifeguard-import --check users.csv --hash-format rot13",
                false,
            ),
            (
                "lifeguard-import --check users.csv --hash-limits bcrypt-cost=12,text-bytes=99",
                true,
            ),
            (
                "lifeguard-import --check users.csv --hash-limits cost=12",
                false,
            ),
            (
                "lifeguard-import --check users.csv --verified email,phone_number",
                true,
            ),
            ("lifeguard-import --check users.csv --verified name", false),
            ("lifeguard-import --check users.csv --map user", false),
            ("lifeguard-import --check users.csv --delimiter \\t", true),
            ("lifeguard-import --check users.csv --delimiter ;;", false),
        ] {
            assert_eq!(parse(line), is_right, "{line}");
        }
    }
}
