//! `USER_AUTH`: the user chooses how to sign in, among what the pool and their account allow.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-selection-sdk.html#authentication-flows-selection-choice>

use secrecy::SecretString;
use serde_json::{Value, json};

use super::code::{self, Sent};
use super::{Answer, Parameters, Place, required, session};
use super::{password as by_password, secure_remote_password};
use crate::error::Error;
use crate::secret_hash;
use crate::triggers::Metadata;
use crate::user_pool::{Challenge, FirstFactor, Progress, Status, User};

/// Somebody who is signing in, whether they exist or not.
struct Candidate {
    user: Option<User>,
    /// What they are called, or would be.
    name: String,
    /// What they typed.
    typed: String,
}

/// Begins with the preferred factor, or tells which there are.
pub(super) async fn initiate(
    place: Place<'_>,
    parameters: &Parameters,
    metadata: Option<&Metadata>,
) -> Result<Value, Error> {
    let typed = required(parameters, "USERNAME")?;
    let secret_hash = parameters.get("SECRET_HASH").map(String::as_str);
    secret_hash::check(place.client, typed, secret_hash)?;
    if place.pool.config.tier == "LITE" {
        return Err(Error::FeatureUnavailableInTier("USER_AUTH".to_owned())); // D
    }
    let preferred = parameters.get("PREFERRED_CHALLENGE");
    let preferred = preferred.map(|name| named(name)).transpose()?;
    let user = place.admitted(typed, metadata).await?;
    let candidate = Candidate {
        name: place.name_of(user.as_ref(), typed),
        typed: typed.to_owned(),
        user,
    };
    let available = available(place, candidate.user.as_ref());
    match preferred.filter(|factor| available.contains(factor)) {
        Some(FirstFactor::Password) if !parameters.contains_key("PASSWORD") => Ok(ask(
            place,
            &candidate,
            "PASSWORD",
            vec![FirstFactor::Password],
        )),
        Some(FirstFactor::PasswordSrp) if !parameters.contains_key("SRP_A") => {
            let only = vec![FirstFactor::PasswordSrp];
            Ok(ask(place, &candidate, "PASSWORD_SRP", only))
        }
        Some(factor) => begin(place, candidate, factor, parameters, None).await,
        None => {
            let names: Vec<_> = available.iter().map(|factor| name_of(*factor)).collect();
            let mut challenge = ask(place, &candidate, "SELECT_CHALLENGE", available);
            challenge["AvailableChallenges"] = json!(names);
            Ok(challenge)
        }
    }
}

/// `SELECT_CHALLENGE`: the choice, and what it takes.
pub(super) async fn select(place: Place<'_>, answer: Answer<'_>) -> Result<Value, Error> {
    let chosen = named(required(answer.responses, "ANSWER")?)?;
    let candidate = candidate(place, answer, chosen)?;
    begin(place, candidate, chosen, answer.responses, answer.metadata).await
}

/// `PASSWORD`: the password itself.
pub(super) async fn password(place: Place<'_>, answer: Answer<'_>) -> Result<Value, Error> {
    let chosen = FirstFactor::Password;
    let candidate = candidate(place, answer, chosen)?;
    begin(place, candidate, chosen, answer.responses, answer.metadata).await
}

/// `PASSWORD_SRP`: the first half of a proof.
pub(super) async fn password_srp(place: Place<'_>, answer: Answer<'_>) -> Result<Value, Error> {
    let chosen = FirstFactor::PasswordSrp;
    let candidate = candidate(place, answer, chosen)?;
    begin(place, candidate, chosen, answer.responses, answer.metadata).await
}

/// Whether the user is this pool's own and was confirmed. The others cannot sign in, so nothing tells them from users who do not exist.
fn is_known(user: &User) -> bool {
    !matches!(user.status, Status::Unconfirmed | Status::ExternalProvider)
}

/// What this user can choose from; for one who does not exist, all that the pool has.
fn available(place: Place<'_>, user: Option<&User>) -> Vec<FirstFactor> {
    let config = &place.pool.config;
    let user = user.filter(|user| !place.client.prevent_user_existence_errors || is_known(user));
    let allowed = |name: &str| {
        let factors = &config.allowed_first_auth_factors;
        factors.iter().any(|factor| factor == name)
    };
    let password = user.is_none_or(|user| user.password.is_some());
    let code = |attribute: &str| match user {
        Some(user) => user.may_sign_in_without_password(config) && user.verified(attribute),
        None => config.mfa_configuration != "ON",
    };
    let factors = [
        (FirstFactor::Password, allowed("PASSWORD") && password),
        (FirstFactor::PasswordSrp, allowed("PASSWORD") && password),
        (FirstFactor::EmailOtp, allowed("EMAIL_OTP") && code("email")),
        (
            FirstFactor::SmsOtp,
            allowed("SMS_OTP") && code("phone_number"),
        ),
    ];
    let available = factors.into_iter().filter(|(_, available)| *available);
    available.map(|(factor, _)| factor).collect()
}

fn named(name: &str) -> Result<FirstFactor, Error> {
    match name {
        "PASSWORD" => Ok(FirstFactor::Password),
        "PASSWORD_SRP" => Ok(FirstFactor::PasswordSrp),
        "EMAIL_OTP" => Ok(FirstFactor::EmailOtp),
        "SMS_OTP" => Ok(FirstFactor::SmsOtp),
        "WEB_AUTHN" => Err(Error::UnsupportedOperation(
            "local-cognito does not support the challenge WEB_AUTHN".to_owned(),
        )),
        // The text is ours.
        _ => Err(Error::invalid(format!("{name} is not a challenge"))),
    }
}

fn name_of(factor: FirstFactor) -> &'static str {
    match factor {
        FirstFactor::Password => "PASSWORD",
        FirstFactor::PasswordSrp => "PASSWORD_SRP",
        FirstFactor::EmailOtp => "EMAIL_OTP",
        FirstFactor::SmsOtp => "SMS_OTP",
    }
}

fn ask(
    place: Place<'_>,
    candidate: &Candidate,
    challenge: &str,
    factors: Vec<FirstFactor>,
) -> Value {
    let salt = candidate.user.as_ref().map(User::password_or_sub);
    let session = session::new(
        place,
        candidate.name.clone(),
        salt.unwrap_or_default(),
        Challenge::FirstFactor(factors),
    );
    let session = place.pool.state().sessions.open(session);
    json!({
        "ChallengeName": challenge,
        "Session": session,
        "ChallengeParameters": {},
    })
}

/// Whoever the session is about, if they may sign in by this factor. The session is used by that.
fn candidate(
    place: Place<'_>,
    answer: Answer<'_>,
    chosen: FirstFactor,
) -> Result<Candidate, Error> {
    let typed = required(answer.responses, "USERNAME")?;
    let name = session::of(answer)?;
    let secret_hash = answer.responses.get("SECRET_HASH").map(String::as_str);
    secret_hash::check(place.client, typed, secret_hash)?;
    let mut state = place.pool.state();
    let now = place.now();
    let session = state.sessions.find(name, &place.client.id, now)?;
    let Challenge::FirstFactor(factors) = &session.challenge else {
        return Err(Error::used_session());
    };
    if !session::is_about(place, &state, session, typed) {
        return Err(Error::used_session());
    }
    if !factors.contains(&chosen) {
        // The text is ours.
        return Err(Error::invalid(format!(
            "{} is not an available challenge",
            name_of(chosen)
        )));
    }
    let session = state.sessions.take(name, &place.client.id, now)?;
    let user = state.users.find(&place.pool.config, typed).cloned();
    let salt = user.as_ref().map(User::password_or_sub);
    if salt.unwrap_or_default() != session.salt {
        return Err(Error::used_session());
    }
    Ok(Candidate {
        user,
        name: session.username,
        typed: typed.to_owned(),
    })
}

/// Begins with a factor that is available.
async fn begin(
    place: Place<'_>,
    candidate: Candidate,
    factor: FirstFactor,
    parameters: &Parameters,
    metadata: Option<&Metadata>,
) -> Result<Value, Error> {
    let Candidate { user, name, typed } = candidate;
    let device_key = parameters.get("DEVICE_KEY").map(String::as_str);
    let sent = match factor {
        FirstFactor::Password => {
            let password = SecretString::from(required(parameters, "PASSWORD")?);
            return by_password::check(place, user, &name, &password, device_key, metadata).await;
        }
        FirstFactor::PasswordSrp => {
            let srp_a = required(parameters, "SRP_A")?;
            return secure_remote_password::challenge(place, user, name, srp_a, None);
        }
        FirstFactor::EmailOtp => Sent::EmailOtp,
        FirstFactor::SmsOtp => Sent::SmsOtp,
    };
    let progress = Progress::new(device_key);
    match user {
        Some(user) if user.enabled && is_known(&user) => {
            code::ask(place, &user, sent, progress, metadata).await
        }
        // Who is disabled or unconfirmed learns so only with the right password.
        _ => Ok(code::simulate(place, name, &typed, sent, progress)),
    }
}
