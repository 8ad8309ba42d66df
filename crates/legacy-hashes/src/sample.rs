use std::fmt;
use std::str::FromStr;

use legacy_users::StoredHash;
use serde::Deserialize;
use serde_json::Value;

/// A hash as a row of the table has it: its text alone, or an object of what a row has besides.
pub(crate) struct Sample(pub(crate) StoredHash);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    hash: String,
    format: Option<String>,
    #[serde(default)]
    settings: Value,
    project: Option<String>,
}

impl FromStr for Sample {
    type Err = NoSample;

    fn from_str(text: &str) -> Result<Self, NoSample> {
        // No hash is JSON, but some begin with a brace.
        let sample = match serde_json::from_str::<Written>(text) {
            Ok(written) => StoredHash {
                text: written.hash.into(),
                format: written
                    .format
                    .map(|format| format.parse())
                    .transpose()
                    .map_err(|_| NoSample)?,
                settings: written.settings,
                project: written.project,
            },
            Err(_) => StoredHash {
                text: text.into(),
                format: None,
                settings: Value::Null,
                project: None,
            },
        };
        Ok(Self(sample))
    }
}

/// Not a hash of a known format. It may be somebody's, so nothing of it is said.
#[derive(Debug)]
pub(crate) struct NoSample;

impl fmt::Display for NoSample {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the hash is of no known format")
    }
}
