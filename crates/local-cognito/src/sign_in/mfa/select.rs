use serde_json::{Value, json};

use super::super::{Answer, Place, required, session};
use super::ask;
use crate::error::Error;
use crate::secret_hash;
use crate::user_pool::{Challenge, Progress, SecondFactor, User};

pub(super) fn challenge(
    place: Place<'_>,
    user: &User,
    factors: &[SecondFactor],
    progress: Progress,
) -> Value {
    let names: Vec<_> = factors.iter().map(|factor| factor.as_str()).collect();
    let choice = Challenge::SelectMfaType(factors.to_vec(), progress);
    let session = session::open(place, user, choice);
    json!({
        "ChallengeName": "SELECT_MFA_TYPE",
        "Session": session,
        "ChallengeParameters": {
            "USER_ID_FOR_SRP": user.username,
            // JSON inside a string.
            "MFAS_CAN_CHOOSE": json!(names).to_string(),
        },
    })
}

/// `SELECT_MFA_TYPE`: which of the factors.
pub(in super::super) async fn respond(
    place: Place<'_>,
    answer: Answer<'_>,
) -> Result<Value, Error> {
    let username = required(answer.responses, "USERNAME")?;
    let wanted = required(answer.responses, "ANSWER")?;
    let name = session::of(answer)?;
    let secret_hash = answer.responses.get("SECRET_HASH").map(String::as_str);
    secret_hash::check(place.client, username, secret_hash)?;
    let (user, factor, progress) = {
        let mut state = place.pool.state();
        let now = place.now();
        let session = state.sessions.find(name, &place.client.id, now)?;
        let Challenge::SelectMfaType(factors, progress) = &session.challenge else {
            return Err(Error::used_session());
        };
        let wanted = SecondFactor::named(wanted).filter(|factor| factors.contains(factor));
        // The text is ours.
        let factor = wanted.ok_or_else(|| Error::invalid("Invalid MFA type selected"))?;
        let progress = progress.clone();
        let user = session::user(place, &state, session, username)?;
        state.sessions.take(name, &place.client.id, now)?;
        if !factor.set_up(&user) {
            return Err(Error::used_session());
        }
        (user, factor, progress)
    };
    ask(place, &user, factor, progress, answer.metadata).await
}
