//! Verify auth challenge response: whether an answer is right. Everything that protects the answer stands here, in one order for all
//! kinds, so that none can leave a step out.

use authenticators::{Authenticators, Owner};
use aws_connection::OnFirstUse;
use cognito_events::verify_auth_challenge_response::{Event, Response};
use cognito_events::{Attributes, is_id};
use entrypoint::{Decided, Failure};
use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;

pub use crate::config::verify_auth_challenge_response::Config;

use crate::attempt::Attempt;
use crate::attempts::Claim;
use crate::challenge::Challenge;
use crate::kind::Kind;
use crate::table::Challenges;
use crate::user::User;
use crate::user_secret::{ChallengeKey, UserSecret};

/// What this function reaches.
pub struct Outside {
    challenges: Challenges,
    key: ChallengeKey,
    authenticators: Option<Authenticators>,
}

impl Outside {
    /// The configured tables and keys, through these clients.
    pub fn new(
        dynamodb: aws_sdk_dynamodb::Client,
        kms: aws_sdk_kms::Client,
        config: &Config,
    ) -> Self {
        Self {
            challenges: Challenges::new(dynamodb.clone(), &config.challenges_table),
            key: ChallengeKey::new(kms.clone(), &config.challenge_key),
            authenticators: config.authenticators_key.as_ref().map(|key| {
                Authenticators::new(
                    dynamodb,
                    &config.authenticators_table,
                    OnFirstUse::from(kms),
                    key,
                )
            }),
        }
    }
}

/// Longer than any answer; what people paste by mistake need not be hashed.
const LONGEST_ANSWER: usize = 256;

/// Answers one event.
///
/// # Errors
///
/// [`Failure::Internal`] when a table or a key cannot be used, so that nothing can be said of the answer.
pub async fn handle(
    event: Event,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<Decided<Response>, Failure> {
    let request = &event.request;
    let private = &request.private_challenge_parameters;
    let given = request.challenge_answer.as_ref();
    let given = given.filter(|answer| answer.expose_secret().len() <= LONGEST_ANSWER);
    if let Some(choices) = private.get("choices") {
        let is_one = given.is_some_and(|answer| is_among(choices, answer.expose_secret()));
        return Ok(decided(is_one, if is_one { "Chosen" } else { "NoChoice" }));
    }
    let client_id = event.caller_context.client_id.as_deref();
    let (Some(round), Some(client_id)) = (Round::of(private), client_id.filter(|id| is_id(id)))
    else {
        return Ok(decided(false, "NotOurs"));
    };
    // The wish for another message is no answer, and no guess.
    if request.client_metadata.get("resend") == Some("true") {
        return Ok(decided(false, "Resend"));
    }
    let Some(answer) = given else {
        return Ok(decided(false, "NoAnswer"));
    };
    let user = User::of(&event, &request.user_attributes, request.user_not_found);
    Box::pin(judge(&round, answer, client_id, &user, outside, now)).await
}

/// What create auth challenge kept for this round.
struct Round<'a> {
    kind: Kind,
    id: &'a str,
    nonce: &'a str,
}

impl<'a> Round<'a> {
    fn of(private: &'a Attributes) -> Option<Self> {
        Some(Self {
            kind: private.get("challenge")?.parse().ok()?,
            id: private.get("id")?,
            nonce: private.get("nonce")?,
        })
    }
}

/// The steps in which an answer is judged. Up to the comparison they are the same calls whoever it is about and whatever was answered.
async fn judge(
    round: &Round<'_>,
    answer: &SecretString,
    client_id: &str,
    user: &User<'_>,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<Decided<Response>, Failure> {
    let secret = outside.key.secret_of(user).await?;
    let text = answer.expose_secret();
    let attempt = secret.name("attempt", &[round.nonce.as_bytes(), text.as_bytes()]);
    let is_guess = round.kind.is_guess(text);

    // 1. It counts as failed, before anything is compared: across rounds, sessions and resends.
    let failures = secret.name("failures", &[round.kind.as_str().as_bytes()]);
    let failures = format!("failures#{failures}");
    let is_allowed = if is_guess {
        let counted = outside.challenges.count_guess(&failures, &attempt, now);
        counted.await?
    } else {
        true
    };

    // 2. The challenge counts it too, and is the user's, of this app client, and still open.
    let owner = secret.name("owner", &[]);
    let claim = Claim {
        challenge_id: round.id,
        kind: round.kind,
        owner: &owner,
        client_id,
        attempt: &attempt,
        is_guess,
        is_allowed,
    };
    let comparable = outside.challenges.claim(&claim, now).await?;
    let is_comparable = comparable.is_some() && user.may_sign_in();
    let is_repetition = comparable.as_ref().is_some_and(|found| found.is_repetition);
    let decoy;
    let challenge = match &comparable {
        Some(found) => &found.challenge,
        None => {
            decoy = nobodys(round, &owner, client_id);
            &decoy
        }
    };

    // 3. Only then it is compared, in constant time; where it must not be, with what nobody has.
    let is_right = is_repetition
        || round
            .kind
            .verify(&Attempt {
                secret_answer: answer,
                id: &attempt,
                challenge,
                secret: &secret,
                owner: authenticators_owner(user, is_comparable, &secret),
                authenticators: outside.authenticators.as_ref(),
                now,
            })
            .await?;
    if !is_comparable {
        return Ok(decided(false, "NotCompared"));
    }
    if !is_right {
        return Ok(decided(false, "Wrong"));
    }

    // 4. After all other checks it is used up, once.
    if !outside.challenges.use_up(&claim, now).await? {
        return Ok(decided(false, "UsedUp"));
    }

    // 5. Who has proved this kind has failed at none of it, and may ask for the next message at once.
    let send = secret.name(
        "send",
        &[client_id.as_bytes(), round.kind.as_str().as_bytes()],
    );
    outside.challenges.forget(failures).await?;
    outside.challenges.forget(format!("send#{send}")).await?;
    Ok(decided(true, "Right"))
}

fn authenticators_owner(user: &User<'_>, is_comparable: bool, secret: &UserSecret) -> Owner {
    match user.sub().filter(|_| is_comparable) {
        Some(sub) => Owner::new(user.pool_id, sub),
        None => Owner::new(user.pool_id, secret.name("nobody", &[])),
    }
}

/// For the same work where there is no challenge to compare with.
fn nobodys(round: &Round<'_>, owner: &str, client_id: &str) -> Challenge {
    Challenge {
        id: round.id.to_owned(),
        seed: Vec::new(),
        kind: round.kind,
        owner: owner.to_owned(),
        client_id: client_id.to_owned(),
        expires_at: 0,
        digits: 6,
        redirect: None,
        cross_device: false,
    }
}

fn is_among(choices: &str, answer: &str) -> bool {
    choices.split(',').any(|choice| choice == answer)
}

fn decided(is_right: bool, reason: &'static str) -> Decided<Response> {
    let response = Response {
        answer_correct: Some(is_right),
    };
    Decided::by(reason, response)
}
