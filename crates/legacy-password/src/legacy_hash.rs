use std::fmt;

use serde_json::Value;

use crate::hashes::Written;
use crate::limits::at_most;
use crate::recognition::recognise;
use crate::stored::{Cost, Stored};
use crate::{Format, Limits, Preparation, Unsupported};

/// Nobody types more, and digests that repeat the password would take long over it. Cognito itself takes 256 characters, which are 1,024
/// bytes at most.
const MAX_PASSWORD_BYTES: usize = 1024;

/// A password hash of another system, read and within its limits: ready to check passwords.
pub struct LegacyHash {
    format: Format,
    stored: Stored,
    /// How many forms of a password are checked.
    forms: usize,
    is_dummy: bool,
}

impl LegacyHash {
    /// Reads a hash whose format its beginning tells.
    ///
    /// # Errors
    ///
    /// [`Unsupported`], before anything is computed.
    pub fn parse(text: &str, limits: &Limits) -> Result<Self, Unsupported> {
        at_most(length(text), limits.text_bytes, TEXT)?;
        let (format, text) = recognise(text)?;
        Self::read(format, text, &Value::Null, limits)
    }

    /// Reads a hash of a format that the operator has named, with the settings that do not stand in the text itself; `Value::Null` for
    /// none. The crate's documentation names the settings of each format.
    ///
    /// # Errors
    ///
    /// [`Unsupported`], before anything is computed.
    pub fn parse_as(
        format: Format,
        text: &str,
        settings: &Value,
        limits: &Limits,
    ) -> Result<Self, Unsupported> {
        at_most(length(text), limits.text_bytes, TEXT)?;
        at_most(
            length(&settings.to_string()),
            limits.text_bytes,
            "the length of the settings",
        )?;
        Self::read(format, text, settings, limits)
    }

    fn read(
        format: Format,
        text: &str,
        settings: &Value,
        limits: &Limits,
    ) -> Result<Self, Unsupported> {
        let written = Written {
            text,
            settings,
            limits,
        };
        let stored = format.read(&written)?;
        Ok(Self {
            format,
            forms: limits.forms(stored.cost()),
            stored,
            is_dummy: false,
        })
    }

    /// Whether this is the password, as its bytes are.
    pub fn verify(&self, password: &[u8]) -> bool {
        self.verify_prepared(password, &Preparation::default())
    }

    /// Whether this is the password, after what the other system does to passwords before it hashes them.
    ///
    /// A wrong password costs as many checks as there are different forms of it, as far as [`Limits::forms_milliseconds`] goes; the first that
    /// fits ends the search.
    pub fn verify_prepared(&self, password: &[u8], preparation: &Preparation) -> bool {
        password.len() <= MAX_PASSWORD_BYTES
            && preparation
                .forms(password)
                .iter()
                .take(self.forms)
                .any(|form| self.stored.is_of(form) && !self.is_dummy)
    }

    /// A hash that no password fits and that takes as long to say so: for a user who does not exist.
    #[must_use]
    pub fn into_dummy(self) -> Self {
        Self {
            is_dummy: true,
            ..self
        }
    }

    /// What it is a hash of.
    pub fn format(&self) -> Format {
        self.format
    }

    /// What one check costs, as an estimate within a factor of two, so that the least time of an answer can be chosen.
    pub fn cost(&self) -> Cost {
        self.stored.cost()
    }
}

/// How the limit is called that both ways of reading begin with.
const TEXT: &str = "the length of the text";

fn length(text: &str) -> u64 {
    text.len().try_into().unwrap_or(u64::MAX)
}

impl fmt::Debug for LegacyHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "LegacyHash({}, [redacted])", self.format)
    }
}
