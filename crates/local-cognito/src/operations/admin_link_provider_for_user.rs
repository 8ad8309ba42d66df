use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::Error;
use crate::stand_in::StandIn;
use crate::template;
use crate::user_pool::{
    Directory, Identity, MOST_IDENTITIES, SUBJECT, Status, User, UserPool, fold,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    destination_user: ProviderUser,
    source_user: ProviderUser,
}

/// `ProviderUserIdentifierType`: somebody as a provider calls them.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ProviderUser {
    pub(super) provider_name: Option<String>,
    pub(super) provider_attribute_name: Option<String>,
    pub(super) provider_attribute_value: Option<String>,
}

/// The users of the pool itself.
pub(super) const OWN_PROVIDER: &str = "Cognito";
/// The providers whose users are known by their subject only (D).
const SOCIAL: [&str; 4] = ["Facebook", "Google", "LoginWithAmazon", "SignInWithApple"];
/// The most characters of the source's three parts together. Observed: <https://github.com/aws/aws-sdk-js-v3/issues/6985>, 2025-03.
const LONGEST_SOURCE: usize = 128;

/// Lets somebody who comes by an external provider be a user that exists.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminLinkProviderForUser.html>
pub(super) fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let now = stand_in.clock.now();
    let identity = source(&pool, input.source_user, now)?;
    let mut state = pool.state();
    let user = destination(&pool.config, &state.users, &input.destination_user)?;
    check(&pool.config, &state.users, &user, &identity)?;
    state
        .users
        .change(&pool.config, &user.username, now, |user| {
            user.identities.push(identity)
        });
    Ok(json!({}))
}

/// Who is to come by the external provider.
fn source(pool: &UserPool, source: ProviderUser, now: i64) -> Result<Identity, Error> {
    let (provider_name, attribute_name, user_id) = parts(source, "sourceUser")?;
    if provider_name == OWN_PROVIDER {
        return Err(native_source());
    }
    if SOCIAL.contains(&provider_name.as_str()) && attribute_name != SUBJECT {
        return Err(Error::invalid(format!(
            "Invalid SourceUser: ProviderAttributeName must be {SUBJECT} for {provider_name}"
        ))); // ours: AWS's text is not known
    }
    let characters = [&provider_name, &attribute_name, &user_id].map(|part| part.chars().count());
    if characters.iter().sum::<usize>() > LONGEST_SOURCE {
        return Err(Error::invalid(format!(
            "Invalid SourceUser: its parts have more than {LONGEST_SOURCE} characters"
        ))); // ours: AWS's text is not known
    }
    Ok(Identity {
        provider_type: provider_type(pool, &provider_name)?,
        provider_name,
        attribute_name,
        user_id,
        primary: false,
        created: now,
    })
}

/// The three parts, all of which a source needs.
pub(super) fn parts(user: ProviderUser, member: &str) -> Result<(String, String, String), Error> {
    let given = |part: Option<String>, name: &str| {
        let part = part.filter(|part| !part.is_empty());
        part.ok_or_else(|| Error::missing(&format!("{member}.{name}")))
    };
    Ok((
        given(user.provider_name, "providerName")?,
        given(user.provider_attribute_name, "providerAttributeName")?,
        given(user.provider_attribute_value, "providerAttributeValue")?,
    ))
}

/// What kind of provider the pool knows by this name.
fn provider_type(pool: &UserPool, provider_name: &str) -> Result<String, Error> {
    let mut providers = pool.config.identity_providers.iter();
    let found = providers.find(|provider| provider.name == provider_name);
    let found = found.map(|provider| provider.provider_type.clone());
    found.ok_or_else(|| {
        Error::ResourceNotFound(format!("Identity provider {provider_name} does not exist.")) // P
    })
}

/// The user that exists. Its attribute name is ignored (D); its value is the user name, or what an external provider calls the user.
fn destination(
    pool: &template::UserPool,
    users: &Directory,
    destination: &ProviderUser,
) -> Result<User, Error> {
    let text = |part: &Option<String>, name: &str| match part.as_deref() {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(Error::missing(&format!("destinationUser.{name}"))),
    };
    let provider = text(&destination.provider_name, "providerName")?;
    let value = text(
        &destination.provider_attribute_value,
        "providerAttributeValue",
    )?;
    let nobody = Error::UserNotFound("User does not exist.");
    if provider == OWN_PROVIDER {
        // Only by the very name: an address may lead to another user tomorrow.
        let found = users.find(pool, &value);
        let found = found.filter(|user| fold(pool, &value) == fold(pool, &user.username));
        return found
            .filter(|user| user.status != Status::ExternalProvider)
            .cloned()
            .ok_or(nobody);
    }
    let came_by = |identity: &Identity| {
        identity.primary && identity.provider_name == provider && identity.user_id == value
    };
    let mut found = users.iter();
    found
        .find(|user| user.identities.iter().any(came_by))
        .cloned()
        .ok_or(nobody)
}

/// Whether the two can be linked.
fn check(
    pool: &template::UserPool,
    users: &Directory,
    user: &User,
    identity: &Identity,
) -> Result<(), Error> {
    let same = |other: &Identity| {
        let Identity {
            provider_name,
            attribute_name,
            user_id,
            ..
        } = identity;
        other.is(provider_name, attribute_name, user_id)
    };
    if user.identities.iter().any(same) {
        return Err(Error::invalid(
            "SourceUser is already linked to DestinationUser",
        )); // from memory; before 2024-07 it was the text of a native source (W: boto/boto3#4163)
    }
    match users.iter().find(|user| user.identities.iter().any(same)) {
        Some(other) if other.status == Status::ExternalProvider => {
            return Err(Error::invalid(
                "Merging is not currently supported, provide a SourceUser that has not been signed up in order to link",
            )); // W: aws/aws-sdk-net#1000
        }
        Some(_) => return Err(Error::AliasOfAnother), // the exception W: aws-amplify/amplify-js#497
        None => {}
    }
    if user.identities.len() >= MOST_IDENTITIES {
        return Err(Error::LimitExceeded); // D; the text is that of other limits
    }
    // At each sign-in the provider's values go into the attributes, so they must be open to change (D).
    let fixed = pool
        .schema
        .iter()
        .find(|attribute| !attribute.mutable && user.attributes.contains_key(&attribute.name));
    match fixed {
        Some(attribute) => Err(Error::invalid(format!(
            "user.{}: Attribute cannot be updated.\n",
            attribute.name
        ))), // the text P, for an update
        None => Ok(()),
    }
}

fn native_source() -> Error {
    Error::invalid(
        "Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser, only as a DestinationUser",
    ) // W: aws-amplify/amplify-js#13334
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::template::{Members, Stack};

    fn google(user_id: &str, primary: bool) -> Identity {
        Identity {
            provider_name: "Google".to_owned(),
            provider_type: "Google".to_owned(),
            attribute_name: SUBJECT.to_owned(),
            user_id: user_id.to_owned(),
            primary,
            created: 0,
        }
    }

    /// `ines`, who is native, and somebody who came by Google.
    fn pool() -> (template::UserPool, Directory) {
        let pool = Stack::default().user_pool("eu-central-1_a", "pool", Members::new());
        let pool = pool.unwrap();
        let user =
            |name: &str| User::new(name.to_owned(), format!("sub-{name}"), BTreeMap::new(), 0);
        let mut users = Directory::default();
        users.put(&pool, user("ines"));
        let federated = User {
            status: Status::ExternalProvider,
            identities: vec![google("10845", true)],
            ..user("Google_10845")
        };
        users.put(&pool, federated);
        (pool, users)
    }

    #[test]
    fn a_destination_is_named_as_its_provider_names_it() {
        let (pool, users) = pool();
        for (provider, value, expected) in [
            ("Cognito", "ines", Some("ines")),
            ("Cognito", "sub-ines", None),
            ("Cognito", "Google_10845", None),
            ("Google", "10845", Some("Google_10845")),
            ("Google", "ines", None),
            ("Facebook", "10845", None),
        ] {
            let named = ProviderUser {
                provider_name: Some(provider.to_owned()),
                provider_attribute_name: None,
                provider_attribute_value: Some(value.to_owned()),
            };
            let found = destination(&pool, &users, &named).ok();
            let found = found.map(|user| user.username);
            assert_eq!(found.as_deref(), expected, "{provider} {value}");
        }
    }

    #[test]
    fn who_has_come_by_a_provider_cannot_be_merged() {
        let (pool, users) = pool();
        let ines = users.find(&pool, "ines").unwrap();
        let signed_up = check(&pool, &users, ines, &google("10845", false));
        let text = "Merging is not currently supported, provide a SourceUser that has not been signed up in order to link";
        assert_eq!(signed_up, Err(Error::invalid(text)));
        assert_eq!(check(&pool, &users, ines, &google("10846", false)), Ok(()));
    }
}
