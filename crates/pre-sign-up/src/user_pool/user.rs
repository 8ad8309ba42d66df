use std::fmt;

use aws_sdk_cognitoidentityprovider::types::{UserStatusType, UserType};
use cognito_events::UserName;
use email_address::EmailAddress;
use serde::Deserialize;

/// A user of the pool, as far as linking looks at one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) name: UserName,
    pub(crate) email: Option<EmailAddress>,
    pub(crate) email_verified: bool,
    pub(crate) enabled: bool,
    pub(crate) status: Status,
    /// Since the epoch, in seconds; 0 if Cognito does not say.
    pub(crate) created_at: i64,
    /// The identities that are linked to the user; `None` if they cannot be read.
    pub(crate) identities: Option<Vec<FederatedIdentity>>,
}

impl User {
    /// What Cognito says about a user; what it leaves out speaks against linking.
    pub(super) fn read(user: &UserType) -> Self {
        let attribute = |name| {
            let mut attributes = user.attributes().iter();
            attributes.find(|attribute| attribute.name == name)?.value()
        };
        let created = user.user_create_date.as_ref();
        Self {
            name: UserName::from(user.username().unwrap_or_default()),
            email: attribute("email").and_then(EmailAddress::parse),
            email_verified: attribute("email_verified") == Some("true"),
            enabled: user.enabled,
            status: Status::of(user.user_status.as_ref()),
            created_at: created.map_or(0, |date| date.secs()),
            identities: attribute("identities").map_or_else(|| Some(Vec::new()), identities),
        }
    }

    /// Whether that identity is linked to the user.
    pub(crate) fn has(&self, identity: &FederatedIdentity) -> bool {
        let mut identities = self.identities.iter().flatten();
        identities.any(|linked| {
            linked.is_of_the_provider_of(identity) && linked.user_id == identity.user_id
        })
    }
}

/// How far a user has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Signed up, and has not proven anything.
    Unconfirmed,
    Confirmed,
    /// Has a temporary password from an administrator.
    ForceChangePassword,
    /// Must get a new password first.
    ResetRequired,
    /// Not native: a federated identity that is a user of its own.
    ExternalProvider,
    /// What this version does not know, or Cognito did not say.
    Unknown,
}

impl Status {
    fn of(status: Option<&UserStatusType>) -> Self {
        match status {
            Some(UserStatusType::Unconfirmed) => Self::Unconfirmed,
            Some(UserStatusType::Confirmed) => Self::Confirmed,
            Some(UserStatusType::ForceChangePassword) => Self::ForceChangePassword,
            Some(UserStatusType::ResetRequired) => Self::ResetRequired,
            Some(UserStatusType::ExternalProvider) => Self::ExternalProvider,
            _ => Self::Unknown,
        }
    }
}

/// Who somebody is to an identity provider.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FederatedIdentity {
    /// The provider's name in the user pool.
    #[serde(rename = "providerName")]
    pub(crate) provider: String,
    /// The provider's own name for the user.
    pub(crate) user_id: String,
}

impl FederatedIdentity {
    /// Cognito does not always keep the case of a provider's name.
    pub(crate) fn is_of_the_provider_of(&self, other: &Self) -> bool {
        self.provider.to_lowercase() == other.provider.to_lowercase()
    }
}

impl fmt::Debug for FederatedIdentity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("FederatedIdentity([redacted])")
    }
}

/// The attribute `identities` is a list in JSON.
fn identities(attribute: &str) -> Option<Vec<FederatedIdentity>> {
    serde_json::from_str(attribute).ok()
}

#[cfg(test)]
mod tests {
    use aws_sdk_cognitoidentityprovider::primitives::DateTime;
    use aws_sdk_cognitoidentityprovider::types::{AttributeType, UserStatusType, UserType};
    use cognito_events::UserName;
    use email_address::EmailAddress;

    use super::{FederatedIdentity, Status, User, identities};

    fn attribute(name: &str, value: &str) -> AttributeType {
        let attribute = AttributeType::builder().name(name).value(value);
        attribute.build().unwrap()
    }

    #[test]
    fn a_user_is_read() {
        let user = UserType::builder()
            .username("b3d4f8a2")
            .attributes(attribute("email", "Ines@Example.org"))
            .attributes(attribute("email_verified", "true"))
            .attributes(attribute(
                "identities",
                r#"[{"userId": "1084", "providerName": "Google", "primary": "false", "issuer": null}]"#,
            ))
            .enabled(true)
            .user_status(UserStatusType::Confirmed)
            .user_create_date(DateTime::from_secs(1_800_000_000))
            .build();
        let expected = User {
            name: UserName::from("b3d4f8a2"),
            email: EmailAddress::parse("ines@example.org"),
            email_verified: true,
            enabled: true,
            status: Status::Confirmed,
            created_at: 1_800_000_000,
            identities: Some(vec![FederatedIdentity {
                provider: "Google".to_owned(),
                user_id: "1084".to_owned(),
            }]),
        };
        assert_eq!(User::read(&user), expected);
    }

    #[test]
    fn what_is_left_out_speaks_against_linking() {
        let user = User::read(&UserType::builder().build());
        assert!(!user.email_verified && !user.enabled);
        assert_eq!((user.email, user.status), (None, Status::Unknown));
    }

    #[test]
    fn identities_that_cannot_be_read_are_not_taken_for_none() {
        assert_eq!(identities("[]"), Some(vec![]));
        for attribute in ["", "null", "{}", r#"[{"userId": 7}]"#] {
            assert_eq!(identities(attribute), None, "{attribute}");
        }
    }
}
