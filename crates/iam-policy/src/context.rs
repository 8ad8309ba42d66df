use std::collections::{BTreeMap, BTreeSet};

/// What is known of a request, by condition keys such as `aws:PrincipalTag/tenant` and `dynamodb:LeadingKeys`.
///
/// The case of keys does not matter, the case of values does.
#[derive(Debug, Clone, Default)]
pub struct Context {
    values: BTreeMap<String, Vec<String>>,
    unknown: BTreeSet<String>,
}

impl Context {
    /// The same, with one value for a key.
    #[must_use]
    pub fn with(self, key: &str, value: impl Into<String>) -> Self {
        self.with_all(key, [value.into()])
    }

    /// The same, with several values for a key, or with none for one that is there all the same.
    #[must_use]
    pub fn with_all(mut self, key: &str, values: impl IntoIterator<Item = String>) -> Self {
        let values = values.into_iter().collect();
        self.values.insert(key.to_ascii_lowercase(), values);
        self
    }

    /// The same, with a key of which the values cannot be told: what asks for it allows nothing, and denies whatever else it is about.
    #[must_use]
    pub fn with_unknown(mut self, key: &str) -> Self {
        self.unknown.insert(key.to_ascii_lowercase());
        self
    }

    /// The same, with everything that another one knows; the other one's values win.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        let others = other.values.iter();
        self.values
            .extend(others.map(|(key, values)| (key.clone(), values.clone())));
        self.unknown.extend(other.unknown.iter().cloned());
        self
    }

    pub(crate) fn knows(&self, mut keys: impl Iterator<Item: AsRef<str>>) -> bool {
        keys.all(|key| !self.unknown.contains(key.as_ref()))
    }

    /// The values of a key in lower case; `None` where the request has none.
    pub(crate) fn values(&self, key: &str) -> Option<&[String]> {
        self.values.get(key).map(Vec::as_slice)
    }

    /// The value of a key in lower case, where it has exactly one.
    pub(crate) fn value(&self, key: &str) -> Option<&str> {
        match self.values(key)? {
            [value] => Some(value),
            _ => None,
        }
    }
}
