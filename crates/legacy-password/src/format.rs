use std::fmt;
use std::str::FromStr;

use crate::Unsupported;
use crate::hashes::{Definition, FAMILIES, Written};
use crate::stored::Stored;

/// A format of password hashes that this crate checks.
#[derive(Clone, Copy)]
pub struct Format(&'static Definition);

impl Format {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        FAMILIES.iter().copied().flatten().map(Self)
    }

    /// The name for reports and settings: kebab-case, and never changed.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Whether the format is known by how its hashes begin; otherwise it has to be configured.
    pub fn is_recognised(self) -> bool {
        !self.begins().is_empty()
    }

    pub(crate) fn begins(self) -> &'static [&'static str] {
        self.0.begins
    }

    pub(crate) fn read(self, written: &Written<'_>) -> Result<Stored, Unsupported> {
        (self.0.read)(written)
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Format {}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl fmt::Debug for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::all()
            .find(|format| format.name() == name)
            .ok_or(UnknownFormat)
    }
}

/// A name that is no format's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no password hash format of that name")]
pub struct UnknownFormat;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_formats() {
        for format in Format::all() {
            assert_eq!(format.name().parse(), Ok(format));
        }
        assert_eq!("argon2".parse::<Format>(), Err(UnknownFormat));
    }
}
