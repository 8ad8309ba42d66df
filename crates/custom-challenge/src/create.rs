//! Create auth challenge: sets the challenge that the policy wants, and has its message sent.

mod issue;

use std::collections::BTreeMap;

use aws_connection::OnFirstUse;
use cognito_events::create_auth_challenge::{Event, Response};
use cognito_events::{ChallengeResult, is_id};
use entrypoint::{Decided, Failure};
use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;

pub use crate::config::create_auth_challenge::Config;

use crate::challenge::random_id;
use crate::kind::{Channel, Kind, Offer};
use crate::mask::destination;
use crate::policies::Policies;
use crate::policy::Step;
use crate::redirect::{Redirect, chosen};
use crate::sender::Sender;
use crate::session::{Progress, Round, progress};
use crate::table::Challenges;
use crate::user::User;
use crate::user_secret::{ChallengeKey, UserSecret};
use issue::{Issued, Issuer, Wish};

/// What this function reaches.
pub struct Outside {
    policies: Policies,
    challenges: Challenges,
    key: ChallengeKey,
    sender: Sender,
}

impl Outside {
    /// The configured tables, key and function, and the user pool that events come from, through these clients.
    pub fn new(
        dynamodb: aws_sdk_dynamodb::Client,
        kms: aws_sdk_kms::Client,
        lambda: impl Into<OnFirstUse<aws_sdk_lambda::Client>>,
        user_pools: impl Into<OnFirstUse<aws_sdk_cognitoidentityprovider::Client>>,
        config: &Config,
    ) -> Self {
        let policies = Policies::new(
            dynamodb.clone(),
            user_pools,
            &config.policies_table,
            config.policy.as_ref(),
        );
        Self {
            policies,
            challenges: Challenges::new(dynamodb, &config.challenges_table),
            key: ChallengeKey::new(kms, &config.challenge_key),
            sender: Sender::new(lambda, &config.challenge_sender),
        }
    }
}

/// Answers one event.
///
/// # Errors
///
/// [`Failure::Internal`] when the policy is not known, the challenge cannot be kept or its message not be asked for, or nothing was to be
/// created.
pub async fn handle(
    event: Event,
    config: &Config,
    outside: &Outside,
    now: OffsetDateTime,
) -> Result<Decided<Response>, Failure> {
    let request = &event.request;
    let user = User::of(&event, &request.user_attributes, request.user_not_found);
    let client_id = event.caller_context.client_id.as_deref();
    let client_id = client_id.filter(|id| is_id(id)).ok_or(NothingToCreate)?;
    let (policy, secret) = tokio::join!(
        outside.policies.of(client_id, &user),
        outside.key.secret_of(&user),
    );
    let (policy, secret) = (policy?, secret?);
    let steps = policy.steps.ok_or(NothingToCreate)?;
    let (kinds, failed) = match progress(&request.session, &steps) {
        Progress::Choice(kinds) => return Ok(Decided::by("Choice", choice(kinds))),
        Progress::Challenge { kinds, failed } => (kinds, failed),
        Progress::Password | Progress::Passed(_) | Progress::Over(_) => {
            return Err(NothingToCreate.into());
        }
    };
    let redirects = policy.redirects.as_deref().unwrap_or(&config.redirects);
    let kind = picked(
        kinds,
        failed.as_ref(),
        request.client_metadata.get("challenge"),
    );
    let wants_another = request.client_metadata.get("resend") == Some("true");
    let wish = Wish {
        kind,
        offer: kind.offer(&config.lifetimes),
        client_id,
        session: &fingerprint(&request.session, &secret),
        kept: match &failed {
            Some(Round::Challenge(last, id)) if *last == kind && !wants_another => Some(id),
            _ => None,
        },
        redirect: chosen(redirects, request.client_metadata.get("redirect")).map(Redirect::as_str),
    };
    let issuer = Issuer {
        wish: &wish,
        user: &user,
        secret: &secret,
        config,
        outside,
        now,
    };
    let issued = Box::pin(issuer.issue()).await?;
    let response = response(&wish, &issued, &user, &secret, now)?;
    Ok(Decided::by(issued.reason, response))
}

/// What the app asks for among the kinds of the step, or the kind that was just failed, or the first.
fn picked(kinds: &Step, failed: Option<&Round>, asked: Option<&str>) -> Kind {
    let asked = asked.and_then(|asked| asked.parse().ok());
    let failed = match failed {
        Some(Round::Challenge(kind, _)) => Some(*kind),
        Some(Round::Choice) | None => None,
    };
    let mut wanted = [asked, failed].into_iter().flatten();
    wanted.find(|kind| kinds.contains(kind)).unwrap_or(kinds[0])
}

/// Which session this is, by what it went through. All that are new are alike, and so are those that went the same way within seconds.
fn fingerprint(session: &[ChallengeResult], secret: &UserSecret) -> String {
    let rounds: Vec<_> = session
        .iter()
        .map(|round| {
            let metadata = round.challenge_metadata.as_ref();
            let metadata = metadata.map_or("", ExposeSecret::expose_secret);
            format!(
                "{:?} {} {metadata}",
                round.challenge_name, round.challenge_result
            )
        })
        .collect();
    let rounds: Vec<&[u8]> = rounds.iter().map(String::as_bytes).collect();
    secret.name("session", &rounds)
}

fn choice(kinds: &Step) -> Response {
    let choices: Vec<_> = kinds.iter().map(|kind| kind.as_str()).collect();
    let choices = choices.join(",");
    answer(
        &Round::Choice,
        [
            ("challenge", "choice".to_owned()),
            ("choices", choices.clone()),
        ]
        .into(),
        [("choices", choices)].into(),
    )
}

/// What the app sees is the same for everybody, but for an address that is masked.
fn response(
    wish: &Wish<'_>,
    issued: &Issued,
    user: &User<'_>,
    secret: &UserSecret,
    now: OffsetDateTime,
) -> Result<Response, getrandom::Error> {
    let challenge = &issued.challenge;
    let seconds = now.unix_timestamp();
    let mut public = BTreeMap::from([
        ("challenge", wish.kind.as_str().to_owned()),
        ("expiresIn", (challenge.expires_at - seconds).to_string()),
    ]);
    if let Offer {
        channel: Some(channel),
        ..
    } = wish.offer
    {
        let address = user.address(Channel::attribute(channel));
        let destination = destination(channel, address, user.name, secret);
        public.insert("destination", destination);
        public.insert("resendAfter", (issued.next_at - seconds).max(0).to_string());
    }
    public.extend(issued.number.clone().map(|number| ("number", number)));
    let private = BTreeMap::from([
        ("challenge", wish.kind.as_str().to_owned()),
        ("id", challenge.id.clone()),
        // Another for each session, so that an answer that was right in one is none in another.
        ("nonce", random_id()?),
    ]);
    let round = Round::Challenge(wish.kind, challenge.id.clone());
    Ok(answer(&round, public, private))
}

type Parameters = BTreeMap<&'static str, String>;

fn answer(round: &Round, public: Parameters, private: Parameters) -> Response {
    let map = |parameters: Parameters| {
        let parameters = parameters.into_iter();
        parameters
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    };
    Response {
        public_challenge_parameters: Some(map(public)),
        private_challenge_parameters: Some(map(private)),
        challenge_metadata: Some(SecretString::from(round.metadata())),
    }
}

/// Define auth challenge would not have asked, by what the session and the policy say now.
#[derive(Debug, thiserror::Error)]
#[error("the session and the policy want no challenge")]
struct NothingToCreate;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_picks_only_among_the_kinds_of_the_step() {
        use Kind::*;
        let kinds = vec![EmailCode, Totp];
        let failed = Round::Challenge(Totp, "1".to_owned());
        for (asked, failed, expected) in [
            (None, None, EmailCode),
            (Some("totp"), None, Totp),
            (Some("sms-code"), None, EmailCode),
            (Some("password"), None, EmailCode),
            (Some(""), None, EmailCode),
            (None, Some(&failed), Totp),
            (Some("email-code"), Some(&failed), EmailCode),
            (Some("recovery-code"), Some(&failed), Totp),
        ] {
            assert_eq!(picked(&kinds, failed, asked), expected, "{asked:?}");
        }
    }
}
