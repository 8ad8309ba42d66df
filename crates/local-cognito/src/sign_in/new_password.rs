use std::collections::BTreeMap;

use secrecy::SecretString;
use serde_json::{Value, json};

use super::{Answer, Parameters, Place, mfa, required, session};
use crate::error::Error;
use crate::user_pool::{
    AttributeRules, Challenge, Progress, State, Status, User, check_attributes, fold_names,
};
use crate::{passwords, secret_hash, srp};

/// Asks for a password of the user's own in place of the temporary one.
pub(super) fn challenge(place: Place<'_>, user: &User, progress: Progress) -> Value {
    let missing: Vec<String> = missing(place, user)
        .map(|name| format!("userAttributes.{name}"))
        .collect();
    let session = session::open(place, user, Challenge::NewPasswordRequired(progress));
    json!({
        "ChallengeName": "NEW_PASSWORD_REQUIRED",
        "Session": session,
        // Both are JSON inside a string.
        "ChallengeParameters": {
            "USER_ID_FOR_SRP": user.username,
            "requiredAttributes": json!(missing).to_string(),
            "userAttributes": json!(user.attributes).to_string(),
        },
    })
}

/// `NEW_PASSWORD_REQUIRED`: the user's own password.
pub(super) async fn respond(place: Place<'_>, answer: Answer<'_>) -> Result<Value, Error> {
    let responses = answer.responses;
    let username = required(responses, "USERNAME")?;
    let password = SecretString::from(required(responses, "NEW_PASSWORD")?);
    let session = session::of(answer)?;
    secret_hash::check(
        place.client,
        username,
        responses.get("SECRET_HASH").map(String::as_str),
    )?;
    let (user, _) = user_of_session(place, &place.pool.state(), session, username)?;
    passwords::check(
        &place.pool.config.password_policy,
        &password,
        passwords::By::User,
    )?;
    let attributes = attributes_in(responses);
    let mut attributes: BTreeMap<String, String> = attributes.collect();
    fold_names(&place.pool.config, &mut attributes);
    check_own_attributes(place, &user, &attributes)?;

    let verifier = srp::verifier(place.pool.short_name(), &user.username, &password);
    let (user, progress) = {
        let now = place.now();
        let mut state = place.pool.state();
        let (mut user, progress) = user_of_session(place, &state, session, username)?;
        user.password = Some(verifier);
        user.temporary_password_until = None;
        user.status = Status::Confirmed;
        user.modified = now;
        user.change_attributes(attributes);
        state.take_names(&place.pool.config, &user, false, now)?;
        state.sessions.take(session, &place.client.id, now)?;
        let changed = user.clone();
        state
            .users
            .change(&place.pool.config, &user.username, now, |user| {
                *user = changed
            });
        (user, progress)
    };
    mfa::next(place, &user, progress, answer.metadata).await
}

/// The user that the session is about, if the temporary password that opened it is still theirs.
fn user_of_session(
    place: Place<'_>,
    state: &State,
    session: &str,
    username: &str,
) -> Result<(User, Progress), Error> {
    let session = state
        .sessions
        .find(session, &place.client.id, place.now())?;
    let Challenge::NewPasswordRequired(progress) = &session.challenge else {
        return Err(Error::used_session());
    };
    let user = session::user(place, state, session, username)?;
    if user.status != Status::ForceChangePassword {
        return Err(Error::used_session());
    }
    Ok((user, progress.clone()))
}

fn attributes_in(responses: &Parameters) -> impl Iterator<Item = (String, String)> {
    responses.iter().filter_map(|(name, value)| {
        let name = name.strip_prefix("userAttributes.")?;
        Some((name.to_owned(), value.clone()))
    })
}

/// What is required must be there now, and what was given before stays as it is.
fn check_own_attributes(
    place: Place<'_>,
    user: &User,
    attributes: &BTreeMap<String, String>,
) -> Result<(), Error> {
    let config = &place.pool.config;
    for name in attributes.keys() {
        let declared = config
            .schema
            .iter()
            .find(|attribute| attribute.name == *name);
        let given = user.attributes.contains_key(name);
        let required = declared.is_some_and(|attribute| attribute.required)
            || config.username_attributes.contains(name);
        if given && required {
            return Err(Error::not_authorized(format!(
                "Cannot modify an already provided {name}"
            ))); // W
        }
        if name.ends_with("_verified") || (given && declared.is_some_and(|known| !known.mutable)) {
            return Err(Error::not_authorized(format!(
                "Cannot modify the non-mutable attribute {name}"
            ))); // W: the text; the exception is that of its sibling
        }
    }
    if let Some(name) = missing(place, user).find(|name| !attributes.contains_key(*name)) {
        return Err(Error::invalid(format!(
            "Invalid attributes given, {name} is missing"
        ))); // W
    }
    check_attributes(config, attributes, &AttributeRules::OwnUser(place.client))
}

/// Attributes that the schema requires and the user does not have.
fn missing<'a>(place: Place<'a>, user: &'a User) -> impl Iterator<Item = &'a String> {
    let schema = place.pool.config.schema.iter();
    schema
        .filter(|attribute| attribute.required && !user.attributes.contains_key(&attribute.name))
        .map(|attribute| &attribute.name)
}
