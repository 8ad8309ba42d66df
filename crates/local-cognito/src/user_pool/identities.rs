//! What external providers call a user.

use serde::{Deserialize, Serialize};
use serde_json::json;

/// The most identities that one user can have (D).
pub(crate) const MOST_IDENTITIES: usize = 5;

/// The attribute of every identity that holds the provider's own name for the user (D).
pub(crate) const SUBJECT: &str = "Cognito_Subject";

/// An identity of an external provider that leads to the user.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identity {
    /// The provider's name in the user pool.
    pub(crate) provider_name: String,
    /// `Google`, `SAML`, `OIDC` and the like.
    pub(crate) provider_type: String,
    /// By which of the provider's attributes the user is known: [`SUBJECT`], or one that the pool maps.
    pub(crate) attribute_name: String,
    /// That attribute's value.
    pub(crate) user_id: String,
    /// Whether the user came by this identity, instead of being linked to it.
    pub(crate) primary: bool,
    /// In seconds since the Unix epoch.
    pub(crate) created: i64,
}

impl Identity {
    /// Whether this is what that provider calls somebody by that attribute.
    pub(crate) fn is(&self, provider_name: &str, attribute_name: &str, value: &str) -> bool {
        self.provider_name == provider_name
            && self.attribute_name == attribute_name
            && self.user_id == value
    }
}

/// The attribute `identities`: a list in JSON, inside a string. Source: API reference, the sample answer of `AdminGetUser`.
pub(super) fn attribute(identities: &[Identity]) -> Option<String> {
    let listed = identities.iter().map(|identity| {
        json!({
            "userId": identity.user_id,
            "providerName": identity.provider_name,
            "providerType": identity.provider_type,
            "issuer": null,
            "primary": identity.primary,
            // In milliseconds, unlike other dates of Cognito's.
            "dateCreated": identity.created * 1_000,
        })
    });
    (!identities.is_empty()).then(|| json!(listed.collect::<Vec<_>>()).to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn the_attribute_lists_them_as_aws_documents_it() {
        assert_eq!(attribute(&[]), None);
        let google = Identity {
            provider_name: "Google".to_owned(),
            provider_type: "Google".to_owned(),
            attribute_name: SUBJECT.to_owned(),
            user_id: "10845".to_owned(),
            primary: false,
            created: 1_795_246_811,
        };
        let listed: Value = serde_json::from_str(&attribute(&[google]).unwrap()).unwrap();
        let expected = json!([{
            "userId": "10845", "providerName": "Google", "providerType": "Google", "issuer": null, "primary": false,
            "dateCreated": 1_795_246_811_000_i64,
        }]);
        assert_eq!(listed, expected);
    }
}
