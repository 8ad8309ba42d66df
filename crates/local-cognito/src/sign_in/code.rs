use serde_json::{Value, json};
use subtle::ConstantTimeEq;

use super::{Answer, Place, device, mfa, required, session};
use crate::delivery;
use crate::error::Error;
use crate::triggers::{Letter, MessageReason, Metadata};
use crate::user_pool::{Challenge, Progress, SentCode, State, User};
use crate::{ids, secret_hash};

/// What a code that is sent stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    SmsMfa,
    EmailMfa,
    SmsOtp,
    EmailOtp,
}

impl Sent {
    /// A code by e-mail has one name, whichever step it is for.
    fn challenge(self) -> &'static str {
        match self {
            Self::SmsMfa => "SMS_MFA",
            Self::SmsOtp => "SMS_OTP",
            Self::EmailMfa | Self::EmailOtp => "EMAIL_OTP",
        }
    }

    pub(super) fn attribute(self) -> &'static str {
        match self {
            Self::SmsMfa | Self::SmsOtp => "phone_number",
            Self::EmailMfa | Self::EmailOtp => "email",
        }
    }

    fn is_first_factor(self) -> bool {
        matches!(self, Self::SmsOtp | Self::EmailOtp)
    }
}

/// Sends a code and asks for it.
pub(super) async fn ask(
    place: Place<'_>,
    user: &User,
    sent: Sent,
    progress: Progress,
    metadata: Option<&Metadata>,
) -> Result<Value, Error> {
    let code = ids::code();
    let letter = Letter {
        reason: MessageReason::Authentication,
        client_id: Some(&place.client.id),
        // D: the metadata of a challenge's answer reaches this trigger only from a server.
        client_metadata: metadata.filter(|_| place.administrator),
        attribute: sent.attribute(),
        code: &code,
    };
    let details = delivery::send(place.stand_in, place.pool, user, letter).await?;
    let to = user.attributes.get(sent.attribute()).cloned();
    let challenge = Challenge::SentCode(
        SentCode {
            challenge: sent.challenge(),
            attribute: sent.attribute(),
            to: to.unwrap_or_default(),
            code: Some(code),
            is_first_factor: sent.is_first_factor(),
        },
        progress,
    );
    let session = session::open(place, user, challenge);
    Ok(challenge_of(sent, &user.username, &details, &session))
}

/// Asks somebody who does not exist for a code that nobody sent. `name` is what they would be called.
pub(super) fn simulate(
    place: Place<'_>,
    name: String,
    typed: &str,
    sent: Sent,
    progress: Progress,
) -> Value {
    let details = delivery::made_up(place.pool, typed, sent.attribute());
    let challenge = Challenge::SentCode(
        SentCode {
            challenge: sent.challenge(),
            attribute: sent.attribute(),
            to: String::new(),
            code: None,
            is_first_factor: sent.is_first_factor(),
        },
        progress,
    );
    let session = session::new(place, name.clone(), String::new(), challenge);
    let session = place.pool.state().sessions.open(session);
    challenge_of(sent, &name, &details, &session)
}

fn challenge_of(sent: Sent, username: &str, details: &Value, session: &str) -> Value {
    json!({
        "ChallengeName": sent.challenge(),
        "Session": session,
        "ChallengeParameters": {
            "CODE_DELIVERY_DELIVERY_MEDIUM": details["DeliveryMedium"],
            "CODE_DELIVERY_DESTINATION": details["Destination"],
            "USER_ID_FOR_SRP": username,
        },
    })
}

/// `SMS_MFA`, `EMAIL_OTP` and `SMS_OTP`: the code.
pub(super) async fn respond(
    place: Place<'_>,
    challenge: &str,
    answer: Answer<'_>,
) -> Result<Value, Error> {
    let username = required(answer.responses, "USERNAME")?;
    let presented = required(answer.responses, &format!("{challenge}_CODE"))?;
    let name = session::of(answer)?;
    let secret_hash = answer.responses.get("SECRET_HASH").map(String::as_str);
    secret_hash::check(place.client, username, secret_hash)?;
    let (user, first, passed, mut progress) = {
        let mut state = place.pool.state();
        let now = place.now();
        let session = state.sessions.find(name, &place.client.id, now)?;
        let Challenge::SentCode(sent, progress) = &session.challenge else {
            return Err(Error::used_session());
        };
        if sent.challenge != challenge || !session::is_about(place, &state, session, username) {
            return Err(Error::used_session());
        }
        let (attribute, to, first) = (sent.attribute, sent.to.clone(), sent.is_first_factor);
        let right = sent
            .code
            .as_ref()
            .is_some_and(|code| code.as_bytes().ct_eq(presented.as_bytes()).into());
        let (of, passed) = (session.username.clone(), sent.challenge);
        let progress = progress.clone();
        session::judge(place, &mut state, name, &of, right)?;
        let session = state.sessions.take(name, &place.client.id, now)?;
        let user = session::user(place, &state, &session, username)?;
        // The code says nothing of another address or number that they have got since.
        if user.attributes.get(attribute) != Some(&to) {
            return Err(Error::used_session());
        }
        let user = reached(place, &mut state, user, attribute);
        (user, first, passed, progress)
    };
    if first {
        mfa::next(place, &user, progress, answer.metadata).await
    } else {
        progress.passed(passed);
        device::next(place, &user, progress, answer.metadata).await
    }
}

/// The user, whose address or number is verified by now (D), unless it is another's name.
fn reached(place: Place<'_>, state: &mut State, user: User, attribute: &str) -> User {
    if user.verified(attribute) {
        return user;
    }
    let mut verified = user.clone();
    let name = format!("{attribute}_verified");
    verified.attributes.insert(name, "true".to_owned());
    let (config, now) = (&place.pool.config, place.now());
    if state.take_names(config, &verified, false, now).is_err() {
        return user;
    }
    verified.modified = now;
    state.users.put(config, verified.clone());
    verified
}
