use serde_json::{Value, json};

use super::super::secure_remote_password::check_timestamp;
use super::super::{Answer, Place, issue, required, session};
use crate::error::Error;
use crate::srp::{Exchange, Proof, Verifier};
use crate::triggers::TokenCause;
use crate::user_pool::{Challenge, Progress, State, User};
use crate::{ids, secret_hash};

/// `DEVICE_SRP_AUTH`: the device begins to show that it knows its password.
pub(in super::super) fn begin(place: Place<'_>, answer: Answer<'_>) -> Result<Value, Error> {
    let username = required(answer.responses, "USERNAME")?;
    let key = required(answer.responses, "DEVICE_KEY")?;
    let srp_a = required(answer.responses, "SRP_A")?;
    let secret_hash = answer.responses.get("SECRET_HASH").map(String::as_str);
    secret_hash::check(place.client, username, secret_hash)?;
    let (user, verifier, progress) = {
        let mut state = place.pool.state();
        let now = place.now();
        let name = match answer.session {
            Some(name) => name.to_owned(),
            None => waiting(place, &state, username, key)?,
        };
        let session = state.sessions.find(&name, &place.client.id, now)?;
        let progress = awaited(&session.challenge, key)?.clone();
        let user = session::user(place, &state, session, username)?;
        let (verifier, _) = remembered(&state, &user, key)?;
        state.sessions.take(&name, &place.client.id, now)?;
        (user, verifier, progress)
    };
    let exchange =
        Exchange::new(srp_a, &verifier).map_err(|_| Error::invalid("SRP_A is not valid"))?;
    let secret_block = ids::secret_block();
    let challenge = json!({
        "ChallengeName": "DEVICE_PASSWORD_VERIFIER",
        "ChallengeParameters": {
            "USERNAME": user.username,
            "DEVICE_KEY": key,
            "SALT": verifier.salt_hex(),
            "SRP_B": exchange.srp_b(),
            "SECRET_BLOCK": secret_block,
        },
    });
    let session = session::new(
        place,
        user.username.clone(),
        user.password_or_sub(),
        Challenge::DevicePasswordVerifier(Box::new(exchange), progress),
    );
    place.pool.state().sessions.open_as(&secret_block, session);
    Ok(challenge)
}

/// `DEVICE_PASSWORD_VERIFIER`: the proof. The secret block names the exchange, and is good for one answer.
pub(in super::super) async fn prove(place: Place<'_>, answer: Answer<'_>) -> Result<Value, Error> {
    let username = required(answer.responses, "USERNAME")?;
    let key = required(answer.responses, "DEVICE_KEY")?;
    let secret_block = required(answer.responses, "PASSWORD_CLAIM_SECRET_BLOCK")?;
    let timestamp = required(answer.responses, "TIMESTAMP")?;
    let signature = required(answer.responses, "PASSWORD_CLAIM_SIGNATURE")?;
    check_timestamp(timestamp)?;
    let secret_hash = answer.responses.get("SECRET_HASH").map(String::as_str);
    secret_hash::check(place.client, username, secret_hash)?;
    let (user, group_key, exchange, mut progress) = {
        let mut state = place.pool.state();
        let taken = state
            .sessions
            .take(secret_block, &place.client.id, place.now())?;
        let user = session::user(place, &state, &taken, username)?;
        let Challenge::DevicePasswordVerifier(exchange, progress) = taken.challenge else {
            return Err(Error::used_session());
        };
        let (_, group_key) = remembered(&state, &user, key)?;
        (user, group_key, exchange, progress)
    };
    let proof = Proof {
        pool_name: &group_key,
        username: key,
        secret_block,
        timestamp,
        signature,
    };
    if progress.device_key.as_deref() != Some(key) || !exchange.proof_is_right(&proof) {
        return Err(Error::wrong_credentials());
    }
    progress.cause = TokenCause::AuthenticateDevice;
    issue::sign_in_complete(place, &user, &progress, answer.metadata).await
}

/// The session of a sign-in that waits for this device. AWS's own examples answer without naming it.
fn waiting(
    place: Place<'_>,
    state: &State,
    username: &str,
    device_key: &str,
) -> Result<String, Error> {
    let waiting = state.sessions.newest(&place.client.id, |session| {
        awaited(&session.challenge, device_key).is_ok()
            && session::is_about(place, state, session, username)
    });
    waiting.ok_or_else(Error::used_session)
}

/// The sign-in that goes on when this device has proven itself.
fn awaited<'a>(challenge: &'a Challenge, device_key: &str) -> Result<&'a Progress, Error> {
    match challenge {
        Challenge::DeviceSrpAuth(progress)
            if progress.device_key.as_deref() == Some(device_key) =>
        {
            Ok(progress)
        }
        _ => Err(Error::used_session()),
    }
}

/// The verifier and the group key of a device that is remembered still.
fn remembered(state: &State, user: &User, key: &str) -> Result<(Verifier, String), Error> {
    let device = state.devices.find(&user.username, key)?;
    let verifier = device.verifier.clone().filter(|_| device.remembered);
    let verifier = verifier.ok_or_else(Error::used_session)?;
    Ok((verifier, device.group_key.clone()))
}
