use serde_json::{Value, json};

use super::super::{Answer, Place, device, required, session};
use crate::error::Error;
use crate::secret_hash;
use crate::user_pool::{Challenge, Progress, SecondFactor, State, User};

/// Asks somebody who has no second factor to set one up; only an authenticator app can be set up here and now (D).
pub(super) fn challenge(place: Place<'_>, user: &User, progress: Progress) -> Value {
    let offered = SecondFactor::ALL.into_iter();
    let offered = offered.filter(|factor| factor.offered(&place.pool.config));
    let names: Vec<_> = offered.map(SecondFactor::as_str).collect();
    let setup = Challenge::MfaSetup {
        done: false,
        progress,
    };
    let session = session::open(place, user, setup);
    json!({
        "ChallengeName": "MFA_SETUP",
        "Session": session,
        "ChallengeParameters": {
            "USER_ID_FOR_SRP": user.username,
            // JSON inside a string.
            "MFAS_CAN_SETUP": json!(names).to_string(),
        },
    })
}

/// Hands out a new authenticator app's secret in the middle of a sign-in: `AssociateSoftwareToken` with a session.
pub(crate) fn associate(place: Place<'_>, session: &str) -> Result<Value, Error> {
    let mut state = place.pool.state();
    let setup = SetUp::of(place, &state, session, None)?;
    let secret_code =
        state.hand_out_software_token(&place.pool.config, &setup.user.username, place.now())?;
    let session = setup.goes_on(place, &mut state, session, false)?;
    Ok(json!({ "SecretCode": secret_code, "Session": session }))
}

/// Sees the first code of a new authenticator app in the middle of a sign-in: `VerifySoftwareToken` with a session.
pub(crate) fn verify(place: Place<'_>, session: &str, code: &str) -> Result<Value, Error> {
    let mut state = place.pool.state();
    let setup = SetUp::of(place, &state, session, None)?;
    state.verify_software_token(&place.pool.config, &setup.user.username, code, place.now())?;
    let session = setup.goes_on(place, &mut state, session, true)?;
    Ok(json!({ "Status": "SUCCESS", "Session": session }))
}

/// `MFA_SETUP`: an authenticator app is set up.
pub(in super::super) async fn respond(
    place: Place<'_>,
    answer: Answer<'_>,
) -> Result<Value, Error> {
    let username = required(answer.responses, "USERNAME")?;
    let session = session::of(answer)?;
    let secret_hash = answer.responses.get("SECRET_HASH").map(String::as_str);
    secret_hash::check(place.client, username, secret_hash)?;
    let SetUp { user, progress, .. } = {
        let mut state = place.pool.state();
        let mut setup = SetUp::of(place, &state, session, Some(username))?;
        if !setup.done {
            // From memory.
            return Err(Error::invalid("User has not verified software token mfa"));
        }
        let now = place.now();
        state.sessions.take(session, &place.client.id, now)?;
        let active = &mut setup.user.second_factors.active;
        active.insert(SecondFactor::SoftwareToken);
        state.users.put(&place.pool.config, setup.user.clone());
        setup
    };
    device::next(place, &user, progress, answer.metadata).await
}

/// How far somebody has come with `MFA_SETUP`.
struct SetUp {
    user: User,
    progress: Progress,
    /// Whether the authenticator app has shown a code.
    done: bool,
}

impl SetUp {
    /// `username` is what the client calls the user, where the operation has them say it.
    fn of(
        place: Place<'_>,
        state: &State,
        session: &str,
        username: Option<&str>,
    ) -> Result<Self, Error> {
        let session = state
            .sessions
            .find(session, &place.client.id, place.now())?;
        let Challenge::MfaSetup { done, progress } = &session.challenge else {
            return Err(Error::used_session());
        };
        let username = username.unwrap_or(&session.username);
        let user = session::user(place, state, session, username)?;
        // Whoever knows the password alone must not replace what another session of the user has set up meanwhile.
        if !(*done || user.asked_second_factors(&place.pool.config).is_empty()) {
            return Err(Error::used_session());
        }
        Ok(Self {
            user,
            progress: progress.clone(),
            done: *done,
        })
    }

    /// Puts a new session in the place of the old one, which was used.
    fn goes_on(
        self,
        place: Place<'_>,
        state: &mut State,
        old: &str,
        done: bool,
    ) -> Result<String, Error> {
        let mut session = state.sessions.take(old, &place.client.id, place.now())?;
        session.challenge = Challenge::MfaSetup {
            done,
            progress: self.progress,
        };
        Ok(state.sessions.open(session))
    }
}
