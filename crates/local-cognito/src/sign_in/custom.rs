//! `CUSTOM_AUTH`: three functions of one's own say what is asked, make it, and judge the answer.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-challenge.html>

use secrecy::SecretString;
use serde_json::{Map, Value, json};

use super::password::check_account;
use super::{Answer, Parameters, Place, device, required, secure_remote_password, session};
use crate::error::Error;
use crate::secret_hash;
use crate::triggers::{
    Challenged, Decision, Metadata, check_wired, create_auth_challenge, define_auth_challenge,
    verify_auth_challenge_response,
};
use crate::user_pool::{
    Challenge, CustomChallenge, CustomSignIn, Progress, Round, State, Status, User,
};

/// Somebody who signs in, whether they exist or not, and how far they have come.
struct Candidate {
    user: Option<User>,
    /// What they are called, or would be.
    name: String,
    sign_in: Box<CustomSignIn>,
}

/// Begins, with a proof of the password if the client wants that.
pub(super) async fn initiate(
    place: Place<'_>,
    parameters: &Parameters,
    metadata: Option<&Metadata>,
) -> Result<Value, Error> {
    let typed = required(parameters, "USERNAME")?;
    let srp_a = srp_a(parameters)?;
    let secret_hash = parameters.get("SECRET_HASH").map(String::as_str);
    secret_hash::check(place.client, typed, secret_hash)?;
    check_wired(place.pool)?;
    // Observed: pre authentication was seen to run where a proof of the password comes first, and is said not to run otherwise.
    let user = match srp_a {
        Some(_) => place.admitted(typed, metadata).await?,
        None => place.pool.find(typed),
    };
    let name = place.name_of(user.as_ref(), typed);
    let user = user.filter(is_native);
    if user.is_none() && !place.client.prevent_user_existence_errors {
        return Err(Error::UserNotFound("User does not exist.")); // R, for SRP
    }
    let mut sign_in = CustomSignIn {
        typed: typed.to_owned(),
        srp_a: srp_a.map(str::to_owned),
        device_key: parameters.get("DEVICE_KEY").cloned(),
        device_stands_in: false,
        rounds: Vec::new(),
    };
    if srp_a.is_some() {
        sign_in.passed("SRP_A");
    }
    let candidate = Candidate {
        user,
        name,
        sign_in: Box::new(sign_in),
    };
    next(place, candidate, None).await
}

/// Goes on after the password, and after the second factor that Cognito itself asks for then.
pub(super) async fn go_on(
    place: Place<'_>,
    user: &User,
    sign_in: Box<CustomSignIn>,
    metadata: Option<&Metadata>,
) -> Result<Value, Error> {
    let candidate = Candidate {
        name: user.username.clone(),
        user: Some(user.clone()),
        sign_in,
    };
    next(place, candidate, metadata).await
}

/// `CUSTOM_CHALLENGE`: the answer. A wrong one does not end the sign-in: define auth challenge decides.
pub(super) async fn respond(place: Place<'_>, answer: Answer<'_>) -> Result<Value, Error> {
    let presented = SecretString::from(required(answer.responses, "ANSWER")?);
    let (mut candidate, challenge) = answered(place, answer)?;
    let passed = verify_auth_challenge_response(
        candidate.challenged(place, answer.metadata),
        &challenge.private_parameters,
        &presented,
    )
    .await?;
    candidate.look_again(place)?;
    candidate.sign_in.rounds.push(Round {
        challenge: "CUSTOM_CHALLENGE",
        passed,
        metadata: challenge.metadata,
    });
    next(place, candidate, answer.metadata).await
}

/// Whoever has answered, and what they were asked. The session is used by that, whatever becomes of the answer.
fn answered(place: Place<'_>, answer: Answer<'_>) -> Result<(Candidate, CustomChallenge), Error> {
    let username = required(answer.responses, "USERNAME")?;
    let name = session::of(answer)?;
    let secret_hash = answer.responses.get("SECRET_HASH").map(String::as_str);
    secret_hash::check(place.client, username, secret_hash)?;
    let device_key = answer.responses.get("DEVICE_KEY");
    let mut state = place.pool.state();
    let now = place.now();
    let session = state.sessions.find(name, &place.client.id, now)?;
    let about = session::is_about(place, &state, session, username);
    if !about || !matches!(session.challenge, Challenge::Custom(..)) {
        return Err(Error::used_session());
    }
    device::check_known(&state, &session.username, device_key.map(String::as_str))?;
    let session = state.sessions.take(name, &place.client.id, now)?;
    let Challenge::Custom(challenge, mut sign_in) = session.challenge else {
        return Err(Error::used_session());
    };
    if let Some(key) = device_key {
        sign_in.device_key = Some(key.clone());
    }
    let candidate = Candidate {
        user: still_the_same(place, &state, &session.username, &session.salt)?,
        name: session.username,
        sign_in,
    };
    Ok((candidate, challenge))
}

/// Has define auth challenge say what comes next, and does that.
async fn next(
    place: Place<'_>,
    mut candidate: Candidate,
    metadata: Option<&Metadata>,
) -> Result<Value, Error> {
    let challenged = candidate.challenged(place, metadata);
    let decision = define_auth_challenge(challenged, &candidate.sign_in).await?;
    candidate.look_again(place)?;
    match decision {
        Decision::CustomChallenge => create(place, candidate, metadata).await,
        Decision::PasswordVerifier(srp_a) => {
            candidate.sign_in.srp_a = None;
            let Candidate {
                user,
                name,
                sign_in,
            } = candidate;
            secure_remote_password::challenge(place, user, name, &srp_a, Some(sign_in))
        }
        Decision::IssueTokens => finish(place, candidate, metadata).await,
        Decision::FailAuthentication => Err(Error::wrong_credentials()), // P
    }
}

/// Has create auth challenge make a challenge, and asks it.
async fn create(
    place: Place<'_>,
    candidate: Candidate,
    metadata: Option<&Metadata>,
) -> Result<Value, Error> {
    let challenged = candidate.challenged(place, metadata);
    let made = create_auth_challenge(challenged, &candidate.sign_in.rounds).await?;
    let public = made.public_challenge_parameters.unwrap_or_default();
    let public = public
        .iter()
        .map(|(name, value)| (name.to_owned(), json!(value)));
    let mut parameters: Map<String, Value> = public.collect();
    parameters.insert("USERNAME".to_owned(), json!(candidate.name));

    let salt = candidate.salt();
    let Candidate { name, sign_in, .. } = candidate;
    let challenge = CustomChallenge {
        private_parameters: made.private_challenge_parameters.unwrap_or_default(),
        metadata: made.challenge_metadata,
    };
    let session = session::new(place, name, salt, Challenge::Custom(challenge, sign_in));
    let session = place.pool.state().sessions.open(session);
    Ok(json!({
        "ChallengeName": "CUSTOM_CHALLENGE",
        "Session": session,
        "ChallengeParameters": parameters,
    }))
}

/// Lets the candidate in, if there is such a user and nothing is against them; a device that they name has yet to prove itself.
async fn finish(
    place: Place<'_>,
    candidate: Candidate,
    metadata: Option<&Metadata>,
) -> Result<Value, Error> {
    // Whatever the function says of somebody who does not exist.
    let user = candidate.user.ok_or_else(Error::wrong_credentials)?;
    check_account(&user)?;
    let sign_in = candidate.sign_in;
    let mut progress = Progress::new(sign_in.device_key.as_deref());
    // Observed: a sign-in without a password names no device.
    progress.names_device = sign_in.has_proven_password();
    // The device may be remembered no more, or another have come in its place.
    if sign_in.device_stands_in && !device::stands_in_for_second_factor(place, &user, &progress)? {
        return Err(Error::used_session());
    }
    device::before_tokens(place, &user, progress, metadata).await
}

impl Candidate {
    fn challenged<'a>(
        &'a self,
        place: Place<'a>,
        client_metadata: Option<&'a Metadata>,
    ) -> Challenged<'a> {
        Challenged {
            stand_in: place.stand_in,
            pool: place.pool,
            client_id: &place.client.id,
            user: self.user.as_ref(),
            typed: &self.sign_in.typed,
            client_metadata,
        }
    }

    /// Reads the user again after a trigger, which may have changed them, or while which they may have got another password or left.
    fn look_again(&mut self, place: Place<'_>) -> Result<(), Error> {
        self.user = still_the_same(place, &place.pool.state(), &self.name, &self.salt())?;
        Ok(())
    }

    /// The salt of their session.
    fn salt(&self) -> String {
        let salt = self.user.as_ref().map(User::password_or_sub);
        salt.unwrap_or_default()
    }
}

/// The user of this name, if they are whom the salt is of; nobody, if it is nobody's.
fn still_the_same(
    place: Place<'_>,
    state: &State,
    name: &str,
    salt: &str,
) -> Result<Option<User>, Error> {
    let user = state.users.find(&place.pool.config, name);
    let user = user.filter(|user| is_native(user)).cloned();
    if user.as_ref().map(User::password_or_sub).unwrap_or_default() != salt {
        return Err(Error::used_session());
    }
    Ok(user)
}

/// Whether the user is this pool's own. Those of identity providers never sign in this way (D), so nothing tells them from nobody.
fn is_native(user: &User) -> bool {
    user.status != Status::ExternalProvider
}

/// The client's public number, where it begins with a proof of the password.
fn srp_a(parameters: &Parameters) -> Result<Option<&str>, Error> {
    match parameters.get("CHALLENGE_NAME").map(String::as_str) {
        Some("SRP_A") => required(parameters, "SRP_A").map(Some),
        // The text is ours.
        Some(_) => Err(Error::invalid("CHALLENGE_NAME can only be SRP_A")),
        None => Ok(None),
    }
}
