use std::fmt;
use std::str::FromStr;

/// An attribute that has another name in the pool.
pub(super) struct Rename {
    pub(super) old: String,
    pub(super) new: String,
}

impl FromStr for Rename {
    type Err = NotARename;

    fn from_str(text: &str) -> Result<Self, NotARename> {
        let (old, new) = text.split_once('=').ok_or(NotARename)?;
        let (old, new) = (old.trim(), new.trim());
        if old.is_empty() || new.is_empty() {
            return Err(NotARename);
        }
        Ok(Self {
            old: old.to_owned(),
            new: new.to_owned(),
        })
    }
}

/// Not two names.
#[derive(Debug)]
pub(super) struct NotARename;

impl fmt::Display for NotARename {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("expected <old>=<new>")
    }
}
