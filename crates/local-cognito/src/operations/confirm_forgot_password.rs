use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::Error;
use crate::srp::Verifier;
use crate::stand_in::StandIn;
use crate::triggers::{Confirmed, Metadata, post_confirmation};
use crate::user_pool::{Purpose, Status, User, UserPool, check_username, fold};
use crate::{passwords, recovery, secret_hash, srp};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    client_id: String,
    username: String,
    confirmation_code: String,
    password: SecretString,
    secret_hash: Option<String>,
    client_metadata: Option<Metadata>,
}

/// Sets a new password by a code. Tokens that were issued before stay good.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmForgotPassword.html>
pub(super) async fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    check_username(&input.username)?;
    let (pool, client) = stand_in.client(&input.client_id)?;
    secret_hash::check(&client, &input.username, input.secret_hash.as_deref())?;
    passwords::check(
        &pool.config.password_policy,
        &input.password,
        passwords::By::User,
    )?;
    let found = pool.find(&input.username);
    let hides = client.prevent_user_existence_errors;
    let name = match found {
        Some(user) => user.username,
        None if hides => fold(&pool.config, &input.username),
        None => {
            return Err(Error::UserNotFound(
                "Username/client id combination not found.",
            ));
        } // R
    };
    // The same work whether or not there is such a user.
    let verifier = srp::verifier(pool.short_name(), &name, &input.password);
    let now = stand_in.clock.now();
    let user = set_password(&pool, &name, &input, verifier, now).map_err(|refused| {
        match refused {
            // What a user without a code is told, a name without a user is told too, and the other way round.
            Refused::NoCode if hides => no_such_code(&pool, &input, now),
            Refused::NoCode => Error::ExpiredCode,
            // D: a disabled user's code is answered like a wrong one.
            Refused::Disabled if hides => Error::CodeMismatch,
            Refused::Disabled => recovery::Unrecoverable::Disabled.into(),
            Refused::Told(error) => error,
        }
    })?;
    post_confirmation(
        stand_in,
        &pool,
        Confirmed::ForgotPassword,
        &user,
        Some(&client.id),
        input.client_metadata.as_ref(),
    )
    .await?;
    Ok(json!({}))
}

/// Why the password was not set.
enum Refused {
    NoCode,
    Disabled,
    Told(Error),
}

/// Checks the code and sets the password at once, so that no code is good twice.
fn set_password(
    pool: &UserPool,
    name: &str,
    input: &Input,
    verifier: Verifier,
    now: i64,
) -> Result<User, Refused> {
    let purpose = Purpose::ForgotPassword;
    let mut state = pool.state();
    let found = state.users.find(&pool.config, name).cloned();
    // The verifier is made for this very name.
    let found = found.filter(|user| user.username == name && state.codes.waits(name, purpose));
    let mut user = found.ok_or(Refused::NoCode)?;
    let code = &input.confirmation_code;
    let proven = state.codes.check(name, purpose, code, now);
    let proven = proven.map_err(Refused::Told)?;
    if !user.enabled {
        return Err(Refused::Disabled);
    }
    match user.status {
        Status::Confirmed | Status::ResetRequired => {}
        Status::Unconfirmed => return Err(Refused::Told(Error::UserNotConfirmed)),
        Status::ForceChangePassword | Status::ExternalProvider => {
            let why = recovery::Unrecoverable::NoPasswordOfTheirOwn;
            return Err(Refused::Told(why.into()));
        }
    }
    let still_theirs = user.attributes.get(&proven.attribute) == Some(&proven.value);
    if !(still_theirs && user.verified(&proven.attribute)) {
        return Err(Refused::Told(Error::ExpiredCode)); // ours: the code went to what is no longer proven to be the user's
    }
    user.password = Some(verifier);
    user.temporary_password_until = None;
    user.status = Status::Confirmed;
    state.codes.used(name, purpose);
    state.attempts.forget(name);
    let changed = user.clone();
    state
        .users
        .change(&pool.config, name, now, |user| *user = changed);
    Ok(user)
}

/// Judges a guess at a code that was never sent: it is wrong, late or one too many, as for a user that exists, and never right.
fn no_such_code(pool: &UserPool, input: &Input, now: i64) -> Error {
    let name = fold(&pool.config, &input.username);
    let mut state = pool.state();
    let guess = &input.confirmation_code;
    let judged = state
        .decoy_codes
        .check(&name, Purpose::ForgotPassword, guess, now);
    judged.err().unwrap_or(Error::CodeMismatch)
}
