use std::collections::BTreeMap;

/// What is known of a request, by condition keys such as `aws:PrincipalTag/tenant` and `dynamodb:LeadingKeys`.
///
/// The case of keys does not matter, the case of values does.
#[derive(Debug, Clone, Default)]
pub struct Context {
    values: BTreeMap<String, Vec<String>>,
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

    /// The same, with everything that another one knows; the other one's values win.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        let others = other.values.iter();
        self.values
            .extend(others.map(|(key, values)| (key.clone(), values.clone())));
        self
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
