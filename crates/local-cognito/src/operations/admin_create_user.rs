use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::shapes::{self, AttributeList};
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::triggers::{Letter, MessageReason, Metadata, NewUser, pre_sign_up};
use crate::user_pool::{
    AttributeRules, Status, User, UserPool, check_attributes, name_new_user, sign_in_contact,
};
use crate::{delivery, ids, passwords, srp};

const SECONDS_A_DAY: i64 = 24 * 60 * 60;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    username: String,
    temporary_password: Option<SecretString>,
    user_attributes: Option<AttributeList>,
    validation_data: Option<AttributeList>,
    message_action: Option<String>,
    force_alias_creation: Option<bool>,
    desired_delivery_mediums: Option<Vec<String>>,
    client_metadata: Option<Metadata>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html>
pub(super) async fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let password = match input.temporary_password {
        Some(password) => {
            passwords::check(
                &pool.config.password_policy,
                &password,
                passwords::By::Administrator,
            )?;
            password
        }
        None => passwords::temporary(&pool.config.password_policy),
    };
    let exists = || match sign_in_contact(&pool.config, &input.username) {
        None => Error::UsernameExists("User account already exists".to_owned()), // W
        contact => Error::username_exists(contact),
    };
    let user = match (input.message_action.as_deref(), pool.find(&input.username)) {
        (Some("RESEND"), _) => again(stand_in, &pool, &input.username, &password)?,
        (None | Some("SUPPRESS"), Some(_)) => return Err(exists()),
        (None | Some("SUPPRESS"), None) => {
            let mut attributes: BTreeMap<String, String> =
                input.user_attributes.map(Into::into).unwrap_or_default();
            let sub = ids::uuid();
            let username = name_new_user(&pool.config, &input.username, &sub, &mut attributes)?;
            check_attributes(
                &pool.config,
                &attributes,
                &AttributeRules::NewUserOfAdministrator,
            )?;
            let validation_data = input.validation_data.map(Metadata::from);
            let new = NewUser {
                username: &username,
                attributes: &attributes,
                validation_data: validation_data.as_ref(),
                client_metadata: input.client_metadata.as_ref(),
                client_id: None,
            };
            // The flags that the trigger may answer mean nothing for a user whom an administrator creates.
            pre_sign_up(stand_in, &pool, new).await?;
            let now = stand_in.clock.now();
            let user = User {
                password: Some(srp::verifier(pool.short_name(), &username, &password)),
                status: Status::ForceChangePassword,
                temporary_password_until: Some(good_until(&pool, now)),
                ..User::new(username, sub, attributes, now)
            };
            {
                // Another user may have come to this name while the function decided.
                let mut state = pool.state();
                if state.users.find(&pool.config, &input.username).is_some() {
                    return Err(exists());
                }
                let force = input.force_alias_creation.unwrap_or(false);
                state.take_names(&pool.config, &user, force, now)?;
                state.add(&pool.config, user.clone());
            }
            user
        }
        (Some(action), _) => {
            return Err(Error::invalid(format!(
                "1 validation error detected: Value '{action}' at 'messageAction' failed to satisfy constraint: Member must satisfy enum value set: [RESEND, SUPPRESS]"
            )));
        }
    };
    if input.message_action.as_deref() != Some("SUPPRESS") {
        let by_email = input
            .desired_delivery_mediums
            .is_some_and(|mediums| mediums.iter().any(|medium| medium == "EMAIL"));
        if let Some(attribute) = delivery::invited_at(&user, by_email) {
            let letter = Letter {
                reason: MessageReason::AdminCreateUser,
                client_id: None,
                // Not on AWS's list of what this operation's metadata reaches.
                client_metadata: None,
                attribute,
                code: password.expose_secret(),
            };
            delivery::send(stand_in, &pool, &user, letter).await?;
        }
    }
    Ok(json!({ "User": {
        "Username": user.username,
        "Attributes": shapes::attribute_list(&user),
        "UserCreateDate": user.created,
        "UserLastModifiedDate": user.modified,
        "Enabled": user.enabled,
        "UserStatus": user.status.as_str(),
    }}))
}

/// A new temporary password for a user that has not used the first.
fn again(
    stand_in: &StandIn,
    pool: &UserPool,
    name: &str,
    password: &SecretString,
) -> Result<User, Error> {
    let username = pool.find_for_administrator(name)?.username;
    let verifier = srp::verifier(pool.short_name(), &username, password);
    let now = stand_in.clock.now();
    let mut state = pool.state();
    let mut user = state
        .users
        .find_for_administrator(&pool.config, &username)?
        .clone();
    if user.status != Status::ForceChangePassword {
        return Err(Error::UnsupportedUserState(format!(
            "Resend not possible. User status is not FORCE_CHANGE_PASSWORD but {}",
            user.status.as_str()
        ))); // ours: AWS's text is not known
    }
    user.password = Some(verifier);
    user.temporary_password_until = Some(good_until(pool, now));
    user.modified = now;
    let again = user.clone();
    state
        .users
        .change(&pool.config, &username, now, |user| *user = again);
    Ok(user)
}

fn good_until(pool: &UserPool, now: i64) -> i64 {
    now + i64::from(pool.config.password_policy.temporary_password_validity_days) * SECONDS_A_DAY
}
