use serde_json::{Value, json};

use super::password::{after_password, count};
use super::{Answer, Parameters, Place, device, issue, required};
use crate::error::Error;
use crate::srp::{Exchange, Proof, Verifier};
use crate::triggers::Metadata;
use crate::user_pool::{Challenge, CustomSignIn, Progress, Session, User};
use crate::{ids, secret_hash};

/// `USER_SRP_AUTH`: the client shows that it knows the password without sending it.
pub(super) async fn initiate(
    place: Place<'_>,
    parameters: &Parameters,
    metadata: Option<&Metadata>,
) -> Result<Value, Error> {
    let typed = required(parameters, "USERNAME")?;
    let srp_a = required(parameters, "SRP_A")?;
    secret_hash::check(
        place.client,
        typed,
        parameters.get("SECRET_HASH").map(String::as_str),
    )?;
    let user = place.admitted(typed, metadata).await?;
    let name = place.name_of(user.as_ref(), typed);
    challenge(place, user, name, srp_a, None)
}

/// Asks for the proof. `name` is what the user is called, or would be; `custom` goes on after it.
pub(super) fn challenge(
    place: Place<'_>,
    user: Option<User>,
    name: String,
    srp_a: &str,
    custom: Option<Box<CustomSignIn>>,
) -> Result<Value, Error> {
    place.pool.state().attempts.check(&name, place.now())?;
    // A user that does not exist has a salt of its own all the same, and fails only at the proof.
    let verifier = user
        .and_then(|user| user.password)
        .unwrap_or_else(|| Verifier::decoy(&place.pool.decoy_key, &name));
    let exchange =
        Exchange::new(srp_a, &verifier).map_err(|_| Error::invalid("SRP_A is not valid"))?;
    let secret_block = ids::secret_block();
    let challenge = json!({
        "ChallengeName": "PASSWORD_VERIFIER",
        "ChallengeParameters": {
            "USER_ID_FOR_SRP": name,
            "USERNAME": name,
            "SALT": verifier.salt_hex(),
            "SRP_B": exchange.srp_b(),
            "SECRET_BLOCK": secret_block,
        },
    });
    let session = Session {
        client_id: place.client.id.clone(),
        username: name,
        salt: verifier.salt_hex(),
        expires: place.now() + issue::seconds(place.client.auth_session_validity),
        challenge: Challenge::PasswordVerifier(Box::new(exchange), custom),
        wrong_tries: 0,
    };
    place.pool.state().sessions.open_as(&secret_block, session);
    Ok(challenge)
}

/// `PASSWORD_VERIFIER`: the proof. The secret block names the exchange, and is good for one answer.
pub(super) async fn respond(place: Place<'_>, answer: Answer<'_>) -> Result<Value, Error> {
    let responses = answer.responses;
    let username = required(responses, "USERNAME")?;
    let secret_block = required(responses, "PASSWORD_CLAIM_SECRET_BLOCK")?;
    let timestamp = required(responses, "TIMESTAMP")?;
    let signature = required(responses, "PASSWORD_CLAIM_SIGNATURE")?;
    check_timestamp(timestamp)?;
    secret_hash::check(
        place.client,
        username,
        responses.get("SECRET_HASH").map(String::as_str),
    )?;
    let device_key = responses.get("DEVICE_KEY").map(String::as_str);
    let session = {
        let mut state = place.pool.state();
        // AWS's own client answers a second time, without the key, when the device is gone; so this must not use up the challenge.
        let session = state
            .sessions
            .find(secret_block, &place.client.id, place.now())?;
        device::check_known(&state, &session.username, device_key)?;
        state
            .sessions
            .take(secret_block, &place.client.id, place.now())?
    };
    let Challenge::PasswordVerifier(exchange, custom) = session.challenge else {
        return Err(Error::used_session());
    };
    // Some clients answer with what was typed, others with USER_ID_FOR_SRP; both must be the user that the exchange is about.
    let user = place.pool.find(&session.username);
    let same_user = session.username == username
        || place
            .pool
            .find(username)
            .is_some_and(|found| found.username == session.username);
    place
        .pool
        .state()
        .attempts
        .check(&session.username, place.now())?;
    let proof = Proof {
        pool_name: place.pool.short_name(),
        username: &session.username,
        secret_block,
        timestamp,
        signature,
    };
    let right = exchange.proof_is_right(&proof)
        && same_user
        // The password may have been changed since it was asked for.
        && user.as_ref().is_some_and(|user| user.salt() == Some(session.salt));
    let user = count(place, &session.username, right, user)?;
    let mut progress = Progress::new(device_key);
    progress.custom = custom;
    progress.passed("PASSWORD_VERIFIER");
    after_password(place, user, progress, answer.metadata).await
}

/// Refuses what Java would not read as a time.
pub(super) fn check_timestamp(text: &str) -> Result<(), Error> {
    if is_timestamp(text) {
        return Ok(());
    }
    Err(Error::invalid(
        "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.",
    )) // from memory
}

/// `Tue Sep 5 08:02:31 UTC 2026`: AWS asks for English names, UTC and a day without a leading zero.
fn is_timestamp(text: &str) -> bool {
    const FORM: &str = "[weekday repr:short] [month repr:short] [day padding:none] [hour]:[minute]:[second] UTC [year]";
    let form =
        time::format_description::parse_borrowed::<2>(FORM).expect("the form is a valid one");
    // Reading would take a leading zero.
    let padded = text
        .split(' ')
        .nth(2)
        .is_some_and(|day| day.starts_with('0'));
    !padded && time::PrimitiveDateTime::parse(text, &form).is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_timestamp;

    #[test]
    fn timestamps_are_as_cognitos_clients_write_them() {
        assert!(is_timestamp("Sat Nov 21 10:04:00 UTC 2026"));
        assert!(is_timestamp("Tue Sep 1 08:02:31 UTC 2026"));
        for wrong in [
            "Sat Nov 21 10:04:00 GMT 2026",
            "2026-11-21T10:04:00Z",
            "Tue Sep 01 08:02:31 UTC 2026",
            "",
            "Die Sep 1 08:02:31 UTC 2026",
        ] {
            assert!(!is_timestamp(wrong), "{wrong}");
        }
    }
}
