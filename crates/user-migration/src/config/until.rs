use std::fmt;
use std::str::FromStr;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A day, which is its first moment in UTC, or a moment.
pub(super) struct Until(pub(super) OffsetDateTime);

impl FromStr for Until {
    type Err = NoTime;

    fn from_str(text: &str) -> Result<Self, NoTime> {
        OffsetDateTime::parse(text, &Rfc3339)
            .or_else(|_| OffsetDateTime::parse(&format!("{text}T00:00:00Z"), &Rfc3339))
            .map(Self)
            .map_err(|_| NoTime)
    }
}

/// Neither a day nor a moment.
#[derive(Debug)]
pub(super) struct NoTime;

impl fmt::Display for NoTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("expected a day as 2027-06-30 or a time as 2027-06-30T12:00:00Z")
    }
}
