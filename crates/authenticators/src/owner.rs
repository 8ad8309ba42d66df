use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

/// Whose authenticators: a user of a pool.
///
/// For somebody who does not exist, any `sub` will do that no user has, such as a keyed hash of the name that was typed: nothing is found
/// under it, at the same cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    user_pool_id: String,
    sub: String,
}

impl Owner {
    /// The user of that pool who has that `sub`.
    pub fn new(user_pool_id: impl Into<String>, sub: impl Into<String>) -> Self {
        Self {
            user_pool_id: user_pool_id.into(),
            sub: sub.into(),
        }
    }

    /// The partition key.
    pub(crate) fn subject(&self) -> AttributeValue {
        AttributeValue::S(format!("user#{}", self.sub))
    }

    /// What a secret of this user is bound to when KMS encrypts it. KMS logs it in plain text, and it says nothing without the pool.
    pub(crate) fn encryption_context(&self, purpose: &str) -> HashMap<String, String> {
        [
            ("purpose", purpose),
            ("userPoolId", &self.user_pool_id),
            ("sub", &self.sub),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }
}
