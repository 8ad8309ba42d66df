use std::sync::Arc;

use super::{Answer, Place, issue};
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::template::UserPoolClient;
use crate::user_pool::{Challenge, Session, State, Status, User, UserPool};

/// Opens a challenge, and tells the session that the client brings back.
pub(super) fn open(place: Place<'_>, user: &User, challenge: Challenge) -> String {
    let session = new(
        place,
        user.username.clone(),
        user.password_or_sub(),
        challenge,
    );
    place.pool.state().sessions.open(session)
}

/// A session for whoever this name is, or would be.
pub(super) fn new(
    place: Place<'_>,
    username: String,
    salt: String,
    challenge: Challenge,
) -> Session {
    Session {
        client_id: place.client.id.clone(),
        username,
        salt,
        expires: place.now() + issue::seconds(place.client.auth_session_validity),
        challenge,
        wrong_tries: 0,
    }
}

/// The session that an answer names.
pub(super) fn of(answer: Answer<'_>) -> Result<&str, Error> {
    answer
        .session
        .ok_or_else(|| Error::invalid("Missing required parameter Session")) // W
}

/// Whether the session is about whom the client names: by what was typed, or by what the challenge called them.
pub(super) fn is_about(place: Place<'_>, state: &State, session: &Session, username: &str) -> bool {
    let found = state.users.find(&place.pool.config, username);
    session.username == username || place.name_of(found, username) == session.username
}

/// The user that the session is about, if the password or the account that opened it is still theirs, and good.
pub(super) fn user(
    place: Place<'_>,
    state: &State,
    session: &Session,
    username: &str,
) -> Result<User, Error> {
    let user = state.users.find(&place.pool.config, username);
    let user = user.filter(|user| {
        user.username == session.username
            && user.password_or_sub() == session.salt
            && user.enabled
            && user.status != Status::ResetRequired
    });
    user.cloned().ok_or_else(Error::used_session)
}

/// Judges a code: counts a wrong one, for the session and for the user, whose right password does not make up for it.
///
/// D: "After five unsuccessful attempts to present an MFA code", the lock of wrong passwords begins.
pub(super) fn judge(
    place: Place<'_>,
    state: &mut State,
    session: &str,
    username: &str,
    right: bool,
) -> Result<(), Error> {
    let now = place.now();
    state.code_attempts.check(username, now)?;
    if right {
        state.code_attempts.forget(username);
        return Ok(());
    }
    let of_user = state.users.find(&place.pool.config, username).is_some();
    state.code_attempts.failed(username, of_user, now);
    state.sessions.wrong_try(session);
    Err(Error::WrongSignInCode)
}

/// The pool and the app client of a session, for operations that name neither.
pub(crate) fn owners(
    stand_in: &StandIn,
    session: &str,
) -> Result<(Arc<UserPool>, Arc<UserPoolClient>), Error> {
    let found = stand_in.pools.all().into_iter().find_map(|pool| {
        let client = pool.state().sessions.client_of(session)?.to_owned();
        let client = pool.client(&client)?;
        Some((pool, client))
    });
    found.ok_or_else(Error::used_session)
}
