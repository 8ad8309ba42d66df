//! The function over a provider of its own.

use cognito_events::pre_sign_up::Event;
use entrypoint::{Env, Failure, UNAVAILABLE};
use pre_sign_up::{Captcha, Config, Outside, handle};
use serde_json::json;
use time::OffsetDateTime;

use crate::siteverify::{Behaviour, Provider};

pub(crate) const CHECKS: Behaviour = Behaviour::Checks {
    host: "www.example.org",
};

/// The function, with a provider and a parameter of its own.
pub(crate) struct Function {
    pub(crate) provider: Provider,
    config: Config,
    outside: Outside,
    pub(crate) now: OffsetDateTime,
}

impl Function {
    pub(crate) async fn with(provider: &str, on_error: &str, behaviour: Behaviour) -> Self {
        Self::of(Provider::start(behaviour).await, provider, on_error)
    }

    /// The same configuration, and an empty memory.
    pub(crate) fn in_another_process(&self, provider: &str) -> Self {
        Self::of(self.provider.clone(), provider, "refuse")
    }

    fn of(server: Provider, provider: &str, on_error: &str) -> Self {
        let config = Config::from_env(Env::of_pairs([
            ("DENIED_DOMAINS", "denied.example"),
            ("CAPTCHA", provider),
            ("CAPTCHA_SECRET", "/lifeguard/captcha"),
            ("CAPTCHA_HOSTS", "www.example.org"),
            ("CAPTCHA_ON_ERROR", on_error),
            ("CAPTCHA_ENDPOINT", &server.endpoint()),
        ]))
        .unwrap();
        let captcha = Captcha::new(server.ssm(), config.captcha.as_ref().unwrap());
        Self {
            provider: server,
            config,
            outside: Outside {
                captcha: Some(captcha),
                ..Outside::default()
            },
            now: now(),
        }
    }

    pub(crate) async fn sign_up(&self, token: &str) -> Result<&'static str, Failure> {
        self.answer(event("PreSignUp_SignUp", "ines@example.org", token))
            .await
    }

    pub(crate) async fn answer(&self, event: Event) -> Result<&'static str, Failure> {
        let decided = handle(event, &self.config, &self.outside, self.now).await?;
        Ok(decided.reason)
    }
}

pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
}

pub(crate) fn event(source: &str, email: &str, token: &str) -> Event {
    let request = json!({
        "userAttributes": {"email": email},
        "validationData": {"captchaToken": token},
    });
    serde_json::from_value(json!({
        "triggerSource": source,
        "userPoolId": "eu-central-1_Kx7QmT2Zd",
        "userName": "b3d4f8a2-6041-70c5-9a1e-2f7c0d9b6e11",
        "request": request,
    }))
    .unwrap()
}

pub(crate) fn reason(failure: &Failure) -> &str {
    match failure {
        Failure::Refused { reason, .. } => reason,
        Failure::Internal(cause) => panic!("{cause}"),
    }
}

#[track_caller]
pub(crate) fn check_internal(case: &str, answer: Result<&'static str, Failure>, expected: &str) {
    let failure = answer.unwrap_err();
    assert_eq!(failure.public_text(), UNAVAILABLE, "{case}");
    let Failure::Internal(cause) = failure else {
        panic!("{case}: refused")
    };
    assert_eq!(cause.to_string(), expected, "{case}");
}
