use serde_json::Value;

use crate::tokens::{Claims, decoded};

/// A JSON web token that nobody has verified yet. What it says is good for finding who could have signed it, and nothing else.
pub(super) struct Unverified {
    header: Claims,
    claims: Claims,
}

impl Unverified {
    /// `None` where it is no token.
    pub(super) fn read(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let mut json =
            || -> Option<Claims> { serde_json::from_slice(&decoded(parts.next()?)?).ok() };
        let (header, claims) = (json()?, json()?);
        let signature = parts.next();
        (signature.is_some() && parts.next().is_none()).then_some(Self { header, claims })
    }

    pub(super) fn algorithm(&self) -> Option<&str> {
        self.header.get("alg").and_then(Value::as_str)
    }

    pub(super) fn key_id(&self) -> Option<&str> {
        self.header.get("kid").and_then(Value::as_str)
    }

    pub(super) fn issuer(&self) -> Option<&str> {
        self.claims.get("iss").and_then(Value::as_str)
    }

    /// `aud`, which is a text or a list of texts.
    pub(super) fn audience(&self) -> Vec<&str> {
        match self.claims.get("aud") {
            Some(Value::String(audience)) => vec![audience],
            Some(Value::Array(audiences)) => audiences.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// What it says, for whoever has verified it.
    pub(super) fn into_claims(self) -> Claims {
        self.claims
    }
}
