use aws_connection::{LoadError, OnFirstUse};
use cognito_events::pre_sign_up::Event;
use entrypoint::Failure;
use invitations::Invitations;
use time::OffsetDateTime;

use crate::captcha::{Attempt, Captcha};
use crate::config::{CaptchaRules, Config};
use crate::rules::{self, Facts, Proof};
use crate::user_pool::UserPool;

/// All that this function reaches beyond its event; what the configuration does not need is not there.
#[derive(Debug, Default)]
pub struct Outside {
    /// The table of `INVITATIONS_TABLE`; `None` where `INVITATIONS` is `off`.
    pub invitations: Option<Invitations>,
    /// The provider of `CAPTCHA`; `None` where that is `off`.
    pub captcha: Option<Captcha>,
    /// The user pool that sends the events; `None` where `LINK_PROVIDERS` is empty.
    pub user_pool: Option<UserPool>,
}

impl Outside {
    /// Makes the clients that the configuration needs. None of them connects before its first use.
    ///
    /// # Errors
    ///
    /// [`LoadError`], when a client is needed and the environment does not say how to reach AWS.
    pub fn load(config: &Config) -> Result<Self, LoadError> {
        let Config {
            invitations,
            captcha,
            linking,
            ..
        } = config;
        if invitations.is_none() && captcha.is_none() && linking.is_none() {
            return Ok(Self::default());
        }
        let connection = aws_connection::load()?;
        Ok(Self {
            invitations: invitations.as_ref().map(|rules| {
                Invitations::new(aws_sdk_dynamodb::Client::new(&connection), &rules.table)
            }),
            captcha: captcha.as_ref().map(|rules| {
                let connection = connection.clone();
                let ssm = OnFirstUse::new(move || aws_sdk_ssm::Client::new(&connection));
                Captcha::new(ssm, rules)
            }),
            user_pool: linking.as_ref().map(|_| {
                let connection = connection.clone();
                UserPool::new(OnFirstUse::new(move || {
                    aws_sdk_cognitoidentityprovider::Client::new(&connection)
                }))
            }),
        })
    }

    /// What the decision on this event depends on: what costs least is looked up first, and the next only if that spoke for it.
    pub(crate) async fn look_up(
        &self,
        config: &Config,
        event: &Event,
        now: OffsetDateTime,
    ) -> Result<Facts, Failure> {
        let mut facts = Facts::default();
        if let (Some(captcha), Some(rules), Some(attempt)) = (
            &self.captcha,
            &config.captcha,
            rules::wanted_proof(config, event),
        ) {
            facts.proof = Some(check(captcha, rules, &attempt, now).await?);
        }
        if let (Some(invitations), Some(code)) = (
            &self.invitations,
            rules::wanted_code(config, event, facts.proof.as_ref()),
        ) {
            facts.invitation = invitations.find(code).await?;
        }
        if let (Some(user_pool), Some(claim)) =
            (&self.user_pool, rules::wanted_claim(config, event))
        {
            let spellings = claim.spellings();
            facts.users = user_pool
                .users_with(&event.user_pool_id, &spellings)
                .await?;
        }
        Ok(facts)
    }
}

async fn check(
    captcha: &Captcha,
    rules: &CaptchaRules,
    attempt: &Attempt<'_>,
    now: OffsetDateTime,
) -> Result<Proof, Failure> {
    match captcha.check(attempt, now).await {
        Ok(answer) => Ok(Proof::Answered(answer)),
        Err(error) if error.is_outage() && rules.allow_when_unreachable => {
            tracing::warn!(
                cause = entrypoint::with_causes(&error),
                "letting a sign-up pass without its CAPTCHA"
            );
            Ok(Proof::Waived)
        }
        Err(error) => Err(error.into()),
    }
}
