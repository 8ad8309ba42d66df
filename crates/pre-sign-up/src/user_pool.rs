//! The user pool itself: whose users have an address, and what makes a federated identity one of theirs.

mod user;

use aws_connection::{CallError, OnFirstUse};
use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::operation::admin_create_user::AdminCreateUserError;
use aws_sdk_cognitoidentityprovider::types::{
    AttributeType, MessageActionType, ProviderUserIdentifierType,
};
use cognito_events::UserName;
use email_address::EmailAddress;
use secrecy::{ExposeSecret, SecretString};

pub(crate) use user::{FederatedIdentity, Status, User};

/// The most that Cognito gives at once. More users of one address are too many to choose from, whoever they are.
const MAX_USERS: i32 = 60;

/// Cognito may give a page of no users and a way to the next.
const MAX_PAGES: usize = 3;

/// A user pool's administrator; the events say which pool.
#[derive(Debug, Clone)]
pub struct UserPool {
    client: OnFirstUse<Client>,
}

impl UserPool {
    /// The pool that a call names, reached with this client.
    pub fn new(client: impl Into<OnFirstUse<Client>>) -> Self {
        let client = client.into();
        Self { client }
    }

    /// The users who have one of these spellings of an address: native and federated, confirmed or not.
    pub(crate) async fn users_with(
        &self,
        user_pool_id: &str,
        spellings: &[String],
    ) -> Result<Vec<User>, UserPoolError> {
        let mut users: Vec<User> = Vec::new();
        for spelling in spellings {
            let filter = format!("email = \"{}\"", escaped(spelling));
            let mut next = None;
            for _ in 0..MAX_PAGES {
                let page = self
                    .client
                    .list_users()
                    .user_pool_id(user_pool_id)
                    .filter(&filter)
                    .limit(MAX_USERS)
                    .set_pagination_token(next.take())
                    .send()
                    .await
                    .map_err(|error| UserPoolError::Find(error.into()))?;
                users.extend(page.users().iter().map(User::read));
                next = page.pagination_token;
                if next.is_none() {
                    break;
                }
            }
            if next.is_some() {
                return Err(UserPoolError::TooManyUsers);
            }
        }
        users.sort_by(|one, next| one.name.as_str().cmp(next.name.as_str()));
        users.dedup_by(|one, next| one.name == next.name);
        Ok(users)
    }

    /// Makes a user of that address, verified, without a message; `None` if there is one already.
    ///
    /// The address is the user name, as it has to be where users sign in with their address.
    pub(crate) async fn create(
        &self,
        user_pool_id: &str,
        email: &EmailAddress,
    ) -> Result<Option<UserName>, UserPoolError> {
        let created = self
            .client
            .admin_create_user()
            .user_pool_id(user_pool_id)
            .username(email.normalised())
            .user_attributes(attribute("email", &email.normalised()))
            .user_attributes(attribute("email_verified", "true"))
            .message_action(MessageActionType::Suppress)
            .send()
            .await;
        match created {
            Ok(created) => {
                let name = created.user.and_then(|user| user.username);
                let name = name.ok_or(UserPoolError::Unnamed)?;
                Ok(Some(UserName::from(name.as_str())))
            }
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(AdminCreateUserError::is_username_exists_exception) =>
            {
                Ok(None)
            }
            Err(error) => Err(UserPoolError::Create(error.into())),
        }
    }

    /// Gives the user a password that nobody knows, in place of a temporary one. This confirms the user.
    pub(crate) async fn set_unknown_password(
        &self,
        user_pool_id: &str,
        user_name: &UserName,
    ) -> Result<(), UserPoolError> {
        self.client
            .admin_set_user_password()
            .user_pool_id(user_pool_id)
            .username(user_name.as_str())
            .password(unknown_password()?.expose_secret())
            .permanent(true)
            .send()
            .await
            .map_err(|error| UserPoolError::SetPassword(error.into()))?;
        Ok(())
    }

    /// Makes the identity the native user's.
    pub(crate) async fn link(
        &self,
        user_pool_id: &str,
        identity: &FederatedIdentity,
        user_name: &UserName,
    ) -> Result<(), UserPoolError> {
        // Of the destination, Cognito looks at nothing but the name.
        let native = ProviderUserIdentifierType::builder()
            .provider_name("Cognito")
            .provider_attribute_value(user_name.as_str());
        let federated = ProviderUserIdentifierType::builder()
            .provider_name(&identity.provider)
            .provider_attribute_name("Cognito_Subject")
            .provider_attribute_value(&identity.user_id);
        self.client
            .admin_link_provider_for_user()
            .user_pool_id(user_pool_id)
            .destination_user(native.build())
            .source_user(federated.build())
            .send()
            .await
            .map_err(|error| UserPoolError::Link(error.into()))?;
        Ok(())
    }
}

/// A value within the quotes of a filter.
///
/// Source: <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html>, `Filter`.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"")
}

fn attribute(name: &str, value: &str) -> AttributeType {
    AttributeType::builder()
        .name(name)
        .value(value)
        .build()
        .expect("an attribute that has a name is complete")
}

/// 256 bits by chance, and one character of each kind that a password policy can ask for.
fn unknown_password() -> Result<SecretString, UserPoolError> {
    let mut chance = [0; 32];
    getrandom::fill(&mut chance).map_err(|_| UserPoolError::NoChance)?;
    let digits: String = chance.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(SecretString::from(format!("{digits}aA1!")))
}

/// What the user pool did not do. No variant quotes a value.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UserPoolError {
    #[error("failed to find the users of the address")]
    Find(#[source] CallError),
    #[error("failed to find the users of the address: there are too many")]
    TooManyUsers,
    #[error("failed to create the native user")]
    Create(#[source] CallError),
    #[error("failed to create the native user: it has no name")]
    Unnamed,
    #[error("failed to find the native user that exists already")]
    NotFoundAgain,
    #[error("failed to link the federated identity: there is no client for the user pool")]
    NotThere,
    #[error("failed to give the native user a password")]
    SetPassword(#[source] CallError),
    #[error("failed to give the native user a password: the system has no random bytes")]
    NoChance,
    #[error("failed to link the federated identity to the native user")]
    Link(#[source] CallError),
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::{escaped, unknown_password};

    #[test]
    fn a_value_cannot_end_the_filter() {
        for (value, expected) in [
            ("ines@example.org", "ines@example.org"),
            (r#""a" or "b"@example.org"#, r#"\"a\" or \"b\"@example.org"#),
            (r#""a\"b"@example.org"#, r#"\"a\\\"b\"@example.org"#),
        ] {
            assert_eq!(escaped(value), expected);
        }
    }

    #[test]
    fn a_password_is_long_and_of_every_kind_and_never_the_same() {
        let passwords = [unknown_password().unwrap(), unknown_password().unwrap()];
        let [one, other] = passwords
            .each_ref()
            .map(|password| password.expose_secret());
        assert_ne!(one, other);
        assert_eq!(one.len(), 68);
        for kind in [
            char::is_ascii_lowercase,
            char::is_ascii_uppercase,
            char::is_ascii_digit,
            char::is_ascii_punctuation,
        ] {
            assert!(one.chars().any(|character| kind(&character)));
        }
    }
}
