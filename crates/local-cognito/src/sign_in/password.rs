use secrecy::SecretString;
use serde_json::Value;

use super::{Parameters, Place, mfa, new_password, required};
use crate::error::Error;
use crate::migration::migrate;
use crate::secret_hash;
use crate::srp::Verifier;
use crate::triggers::{Arrival, Metadata, TokenCause};
use crate::user_pool::{Progress, Status, User};

/// `USER_PASSWORD_AUTH` and `ADMIN_USER_PASSWORD_AUTH`: the password itself.
pub(super) async fn initiate(
    place: Place<'_>,
    parameters: &Parameters,
    metadata: Option<&Metadata>,
) -> Result<Value, Error> {
    let typed = required(parameters, "USERNAME")?;
    let password = SecretString::from(required(parameters, "PASSWORD")?);
    secret_hash::check(
        place.client,
        typed,
        parameters.get("SECRET_HASH").map(String::as_str),
    )?;
    let arrival = Arrival::SignIn {
        password: &password,
        validation_data: metadata,
    };
    let migrated = migrate(place.stand_in, place.pool, place.client, typed, arrival).await?;
    let typed = migrated.as_deref().unwrap_or(typed);
    let user = place.admitted(typed, metadata).await?;
    let name = place.name_of(user.as_ref(), typed);
    let device_key = parameters.get("DEVICE_KEY").map(String::as_str);
    check(place, user, &name, &password, device_key, None).await
}

/// Compares the password, and goes on where it is right. `name` is what the user is called, or would be.
pub(super) async fn check(
    place: Place<'_>,
    user: Option<User>,
    name: &str,
    password: &SecretString,
    device_key: Option<&str>,
    metadata: Option<&Metadata>,
) -> Result<Value, Error> {
    place.pool.state().attempts.check(name, place.now())?;
    let right = match user
        .as_ref()
        .and_then(|user| Some((user, user.password.as_ref()?)))
    {
        Some((user, verifier)) => {
            verifier.matches(place.pool.short_name(), &user.username, password)
        }
        // The same work as for a user that exists.
        None => {
            Verifier::decoy(&place.pool.decoy_key, name).matches(
                place.pool.short_name(),
                name,
                password,
            );
            false
        }
    };
    // D, of imported users: whoever has no password here yet is told to set one, or nothing where the client hides who exists.
    let has_none = |user: &User| user.password.is_none() && user.status == Status::ResetRequired;
    if !place.client.prevent_user_existence_errors && user.as_ref().is_some_and(has_none) {
        return Err(Error::PasswordResetRequired);
    }
    let user = count(place, name, right, user)?;
    after_password(place, user, Progress::new(device_key), metadata).await
}

/// Counts the try, and goes on only with a user whose password was right.
pub(super) fn count(
    place: Place<'_>,
    name: &str,
    right: bool,
    user: Option<User>,
) -> Result<User, Error> {
    let right = right && user.is_some();
    let mut state = place.pool.state();
    state
        .attempts
        .judge(name, right, user.is_some(), place.now())?;
    user.ok_or_else(Error::wrong_credentials)
}

/// What stands between a right password and the tokens. `metadata` is that of the challenge's answer.
pub(super) async fn after_password(
    place: Place<'_>,
    user: User,
    mut progress: Progress,
    metadata: Option<&Metadata>,
) -> Result<Value, Error> {
    match next_step(place, &user)? {
        Step::NewPassword => {
            progress.cause = TokenCause::NewPasswordChallenge;
            Ok(new_password::challenge(place, &user, progress))
        }
        Step::SecondFactor => mfa::next(place, &user, progress, metadata).await,
    }
}

/// What comes after a right password.
enum Step {
    NewPassword,
    SecondFactor,
}

fn next_step(place: Place<'_>, user: &User) -> Result<Step, Error> {
    check_account(user)?;
    match user.status {
        Status::ForceChangePassword
            if user
                .temporary_password_until
                .is_some_and(|until| place.now() >= until) =>
        {
            Err(Error::not_authorized(
                "Temporary password has expired and must be reset by an administrator.",
            )) // W
        }
        Status::ForceChangePassword => Ok(Step::NewPassword),
        _ => Ok(Step::SecondFactor),
    }
}

/// Refuses whoever cannot sign in. Only someone who has proven who they are learns how the account stands (W, for unconfirmed).
pub(super) fn check_account(user: &User) -> Result<(), Error> {
    if !user.enabled {
        return Err(Error::not_authorized("User is disabled.")); // P
    }
    match user.status {
        Status::Unconfirmed => Err(Error::UserNotConfirmed),
        // Such a user has a password only if an administrator gave one; AWS documents no sign-in with it before a link was used.
        Status::ExternalProvider => Err(Error::wrong_credentials()),
        Status::ResetRequired => Err(Error::PasswordResetRequired),
        Status::Confirmed | Status::ForceChangePassword => Ok(()),
    }
}
