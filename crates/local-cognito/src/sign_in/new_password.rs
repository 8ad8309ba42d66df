use std::collections::BTreeMap;

use secrecy::SecretString;
use serde_json::{Value, json};

use super::{Parameters, Place, issue, required};
use crate::error::Error;
use crate::triggers::{Metadata, TokenCause};
use crate::user_pool::{AttributeRules, Challenge, Session, Status, User, check_attributes};
use crate::{passwords, secret_hash, srp};

/// Asks for a password of the user's own in place of the temporary one.
pub(super) fn challenge(place: Place<'_>, user: &User) -> Value {
    let session = Session {
        client_id: place.client.id.clone(),
        username: user.username.clone(),
        expires: place.now() + issue::seconds(place.client.auth_session_validity),
        challenge: Challenge::NewPasswordRequired,
    };
    let missing =
        place.pool.config.schema.iter().filter(|attribute| {
            attribute.required && !user.attributes.contains_key(&attribute.name)
        });
    let missing: Vec<String> = missing
        .map(|attribute| format!("userAttributes.{}", attribute.name))
        .collect();
    let session = place.pool.state().sessions.open(session, place.now());
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
pub(super) async fn respond(
    place: Place<'_>,
    session: Option<&str>,
    responses: &Parameters,
    metadata: Option<&Metadata>,
) -> Result<Value, Error> {
    let username = required(responses, "USERNAME")?;
    let password = SecretString::from(required(responses, "NEW_PASSWORD")?);
    let session = session.ok_or_else(|| Error::invalid("Missing required parameter Session"))?; // W
    secret_hash::check(
        place.client,
        username,
        responses.get("SECRET_HASH").map(String::as_str),
    )?;
    passwords::check(
        &place.pool.config.password_policy,
        &password,
        passwords::By::User,
    )?;
    let attributes: BTreeMap<String, String> = responses
        .iter()
        .filter_map(|(name, value)| {
            Some((
                name.strip_prefix("userAttributes.")?.to_owned(),
                value.clone(),
            ))
        })
        .collect();
    check_attributes(
        &place.pool.config,
        &attributes,
        &AttributeRules::OwnUser(place.client),
    )?;

    let user = place.pool.find(username);
    let now = place.now();
    let taken = place
        .pool
        .state()
        .sessions
        .take(session, &place.client.id, now)?;
    let user = user.filter(|user| {
        user.username == taken.username && matches!(taken.challenge, Challenge::NewPasswordRequired)
    });
    let user = user
        .filter(|user| user.enabled && user.status == Status::ForceChangePassword)
        .ok_or_else(Error::used_session)?;
    let verifier = srp::verifier(place.pool.short_name(), &user.username, &password);
    place
        .pool
        .state()
        .users
        .change(&place.pool.config, &user.username, now, |user| {
            user.password = Some(verifier);
            user.temporary_password_until = None;
            user.status = Status::Confirmed;
            user.attributes.extend(attributes);
        });
    issue::sign_in_complete(
        place,
        &user.username,
        TokenCause::NewPasswordChallenge,
        metadata,
    )
    .await
}
