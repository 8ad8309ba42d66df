use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::Error;
use crate::secret_hash;
use crate::stand_in::StandIn;
use crate::template;
use crate::user_pool::{State, Status, User};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    client_id: String,
    username: String,
    confirmation_code: String,
    secret_hash: Option<String>,
    force_alias_creation: Option<bool>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmSignUp.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let (pool, client) = stand_in.client(&input.client_id)?;
    secret_hash::check(client, &input.username, input.secret_hash.as_deref())?;
    let now = stand_in.clock.now();
    let mut state = pool.state();
    let Some(user) = state.users.find(&pool.config, &input.username).cloned() else {
        return Err(match client.prevent_user_existence_errors {
            true => Error::ExpiredCode, // D
            false => Error::UserNotFound("Username/client id combination not found."), // R
        });
    };
    if user.status != Status::Unconfirmed {
        return Err(Error::not_authorized(format!(
            "User cannot be confirmed. Current status is {}",
            user.status.as_str()
        ))); // W
    }
    let proven = state
        .codes
        .check(&user.username, &input.confirmation_code, now)?;
    if let Some(attribute) = &proven {
        take_alias(
            &pool.config,
            &mut state,
            &user,
            attribute,
            input.force_alias_creation.unwrap_or(false),
            now,
        )?;
    }
    state.codes.forget(&user.username);
    state
        .users
        .change(&pool.config, &user.username, now, |user| {
            user.status = Status::Confirmed;
            if let Some(attribute) = proven {
                user.attributes
                    .insert(format!("{attribute}_verified"), "true".to_owned());
            }
        });
    Ok(json!({}))
}

/// The last to verify an alias has it, but only when asked for by `ForceAliasCreation`; the owner before then has an unverified one.
pub(super) fn take_alias(
    pool: &template::UserPool,
    state: &mut State,
    user: &User,
    attribute: &str,
    force: bool,
    now: i64,
) -> Result<(), Error> {
    let Some(value) = user.attributes.get(attribute) else {
        return Ok(());
    };
    let owner = state
        .users
        .find(pool, value)
        .filter(|owner| owner.username != user.username)
        .map(|owner| owner.username.clone());
    match owner {
        None => Ok(()),
        Some(_) if !force => Err(Error::AliasExists(
            "An account with the given email already exists.",
        )), // P
        Some(owner) => {
            state.users.change(pool, &owner, now, |owner| {
                owner
                    .attributes
                    .insert(format!("{attribute}_verified"), "false".to_owned());
            });
            Ok(())
        }
    }
}
