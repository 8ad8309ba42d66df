use serde_json::{Value, json};

use super::super::{Answer, Place, device, required, session};
use crate::error::Error;
use crate::secret_hash;
use crate::user_pool::{Challenge, Progress, Tried, User};

pub(super) fn challenge(place: Place<'_>, user: &User, progress: Progress) -> Value {
    let session = session::open(place, user, Challenge::SoftwareToken(progress));
    json!({
        "ChallengeName": "SOFTWARE_TOKEN_MFA",
        "Session": session,
        "ChallengeParameters": { "USER_ID_FOR_SRP": user.username },
    })
}

/// `SOFTWARE_TOKEN_MFA`: what the authenticator app shows.
pub(in super::super) async fn respond(
    place: Place<'_>,
    answer: Answer<'_>,
) -> Result<Value, Error> {
    let username = required(answer.responses, "USERNAME")?;
    let presented = required(answer.responses, "SOFTWARE_TOKEN_MFA_CODE")?;
    let name = session::of(answer)?;
    let secret_hash = answer.responses.get("SECRET_HASH").map(String::as_str);
    secret_hash::check(place.client, username, secret_hash)?;
    let (user, progress) = {
        let mut state = place.pool.state();
        let now = place.now();
        let session = state.sessions.find(name, &place.client.id, now)?;
        let Challenge::SoftwareToken(progress) = &session.challenge else {
            return Err(Error::used_session());
        };
        let mut progress = progress.clone();
        let mut user = session::user(place, &state, session, username)?;
        let token = user.second_factors.software_token.as_mut();
        let tried = token.ok_or(NONE)?.try_code(presented, now);
        // A code that was seen is no guess, and no proof either.
        if tried == Tried::Used {
            return Err(Error::UsedSoftwareToken);
        }
        let right = tried == Tried::Right;
        session::judge(place, &mut state, name, &user.username, right)?;
        state.sessions.take(name, &place.client.id, now)?;
        state.users.put(&place.pool.config, user.clone());
        progress.passed("SOFTWARE_TOKEN_MFA");
        (user, progress)
    };
    device::next(place, &user, progress, answer.metadata).await
}

const NONE: Error =
    Error::SoftwareTokenMfaNotFound("Software Token MFA does not exist for the user."); // W
