//! Sign-ups that bring the proof of a CAPTCHA, to a provider that is well, slow, large, elsewhere, out of order or not there.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod siteverify;

use cognito_events::pre_sign_up::Event;
use embedded_dynamodb::cut_at_every_await;
use entrypoint::{Env, Failure, UNAVAILABLE};
use function_tests::Log;
use pre_sign_up::{Captcha, Config, Outside, handle};
use serde_json::json;
use time::{Duration, OffsetDateTime};

use siteverify::{Behaviour, Provider, SECRET, ok};

const CHECKS: Behaviour = Behaviour::Checks {
    host: "www.example.org",
};

const AGAIN: &str = "Please solve the CAPTCHA again";

#[tokio::test]
async fn a_good_proof_lets_a_person_sign_up_and_a_wrong_one_does_not() {
    for provider in ["turnstile", "hcaptcha", "recaptcha"] {
        let function = Function::with(provider, "refuse", CHECKS).await;
        assert_eq!(function.sign_up("good").await.unwrap(), "DomainRules");

        let failure = function.sign_up("wrong").await.unwrap_err();
        assert_eq!(reason(&failure), "CaptchaWrong");
        assert_eq!(failure.public_text(), AGAIN);

        let (head, form) = &function.provider.requests()[0];
        assert!(head.starts_with("POST /siteverify HTTP/1.1\r\n"), "{head}");
        assert!(!head.contains("secret") && !head.contains("good"), "{head}");
        assert_eq!(form["secret"], SECRET);
        assert_eq!(form["response"], "good");
        let has_key = form.contains_key("idempotency_key");
        assert_eq!(has_key, provider == "turnstile");
    }
}

#[tokio::test]
async fn the_event_as_an_app_makes_cognito_send_it_is_accepted() {
    let event = include_str!("../../../events/pre-sign-up/PreSignUp_SignUp.captcha.json");
    let function = Function::with("turnstile", "refuse", CHECKS).await;
    let answer = function.answer(serde_json::from_str(event).unwrap()).await;
    assert_eq!(answer.unwrap(), "DomainRules");
    assert_eq!(function.provider.requests().len(), 1);
}

#[tokio::test]
async fn an_event_that_comes_again_is_answered_alike_and_the_provider_asked_once() {
    for provider in ["turnstile", "hcaptcha", "recaptcha"] {
        let function = Function::with(provider, "refuse", CHECKS).await;
        for _ in 0..3 {
            assert_eq!(function.sign_up("good").await.unwrap(), "DomainRules");
        }
        assert_eq!(function.provider.requests().len(), 1);
    }
}

/// What holds beyond one process is the provider's affair: a repeated check is told from a second use only by Turnstile.
#[tokio::test]
async fn another_process_answers_alike_with_turnstile_alone() {
    for (provider, expected) in [
        ("turnstile", Ok("DomainRules")),
        ("hcaptcha", Err("CaptchaWrong".to_owned())),
        ("recaptcha", Err("CaptchaWrong".to_owned())),
    ] {
        let function = Function::with(provider, "refuse", CHECKS).await;
        function.sign_up("good").await.unwrap();
        let another = function.in_another_process(provider);
        let answer = another.sign_up("good").await;
        assert_eq!(
            answer.map_err(|failure| reason(&failure).to_owned()),
            expected
        );
    }
}

#[tokio::test]
async fn an_event_that_was_cut_anywhere_or_comes_at_once_is_answered_with_turnstile() {
    let function = Function::with("turnstile", "refuse", CHECKS).await;
    let (answer, cuts) = cut_at_every_await(|| function.sign_up("good-cut")).await;
    assert!(cuts >= 3, "only {cuts} cuts");
    assert_eq!(answer.unwrap(), "DomainRules");

    let processes = [(); 3].map(|()| function.in_another_process("turnstile"));
    let [one, two, three] = &processes;
    let answers = tokio::join!(
        one.sign_up("good-at-once"),
        two.sign_up("good-at-once"),
        three.sign_up("good-at-once")
    );
    for answer in [answers.0, answers.1, answers.2] {
        assert_eq!(answer.unwrap(), "DomainRules");
    }
}

#[tokio::test]
async fn one_proof_is_for_one_user() {
    for provider in ["turnstile", "hcaptcha", "recaptcha"] {
        let function = Function::with(provider, "allow", CHECKS).await;
        function.sign_up("good").await.unwrap();
        let mut event = event("PreSignUp_SignUp", "kim@example.org", "good");
        event.user_name = "another".into();
        let failure = function.answer(event).await.unwrap_err();
        assert_eq!(reason(&failure), "CaptchaWrong", "{provider}");
    }
}

#[tokio::test]
async fn what_is_decided_without_a_proof_costs_no_call() {
    for (case, source, email, token, expected) in [
        (
            "no proof",
            "PreSignUp_SignUp",
            "ines@example.org",
            "",
            Err("CaptchaMissing"),
        ),
        (
            "no proof at all",
            "PreSignUp_SignUp",
            "ines@example.org",
            "a b",
            Err("CaptchaImplausible"),
        ),
        (
            "a denied domain",
            "PreSignUp_SignUp",
            "ines@denied.example",
            "good",
            Err("DomainDenied"),
        ),
        (
            "an administrator",
            "PreSignUp_AdminCreateUser",
            "ines@example.org",
            "",
            Ok("Administrator"),
        ),
        (
            "federation",
            "PreSignUp_ExternalProvider",
            "ines@example.org",
            "",
            Ok("DomainRules"),
        ),
        (
            "migration",
            "PreSignUp_UserMigration",
            "ines@example.org",
            "",
            Ok("ExistingUser"),
        ),
    ] {
        let function = Function::with("turnstile", "allow", CHECKS).await;
        let answer = function.answer(event(source, email, token)).await;
        let answer = answer.as_ref().map(|reason| *reason).map_err(reason);
        assert_eq!(answer, expected, "{case}");
        assert_eq!(function.provider.requests().len(), 0, "{case}");
        assert_eq!(function.provider.reads(), 0, "{case}");
    }
}

#[tokio::test]
async fn only_an_outage_lets_a_sign_up_pass_and_only_if_allowed() {
    let success = json!({"success": true, "hostname": "www.example.org"});
    let says = |answer: &str| Behaviour::Says(answer.to_owned());
    let huge =
        ok(&json!({"success": true, "hostname": "www.example.org", "cdata": "x".repeat(16_384)}));
    // To where the answer would be good, if it were followed.
    let elsewhere = Provider::start(Behaviour::Says(ok(&success))).await;
    let redirection = format!(
        "HTTP/1.1 302 Found\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n",
        elsewhere.endpoint()
    );
    let cannot_be_read = "the CAPTCHA provider's answer cannot be read";
    for (case, behaviour, allowed, cause) in [
        (
            "500",
            says("HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n"),
            true,
            "the CAPTCHA provider answers with status 500",
        ),
        (
            "out of order",
            Behaviour::Says(ok(
                &json!({"success": false, "error-codes": ["internal-error"]}),
            )),
            true,
            "the CAPTCHA provider is out of order",
        ),
        (
            "not HTTP",
            says("220 mail.example.org ready\r\n"),
            true,
            "failed to reach the CAPTCHA provider",
        ),
        (
            "403",
            says("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n"),
            false,
            "the CAPTCHA provider answers with status 403",
        ),
        (
            "400 without an answer",
            says("HTTP/1.1 400 Bad Request\r\ncontent-length: 3\r\n\r\nbad"),
            false,
            "the CAPTCHA provider answers with status 400",
        ),
        (
            "a redirection",
            Behaviour::Says(redirection),
            false,
            "the CAPTCHA provider answers with status 302",
        ),
        (
            "huge",
            Behaviour::Says(huge),
            false,
            "the CAPTCHA provider's answer is longer than 16 KiB",
        ),
        (
            "garbage",
            Behaviour::Says(ok(&json!("private"))),
            false,
            cannot_be_read,
        ),
        (
            "another shape",
            Behaviour::Says(ok(&json!({"success": "true"}))),
            false,
            cannot_be_read,
        ),
    ] {
        for on_error in ["refuse", "allow"] {
            let function = Function::with("turnstile", on_error, behaviour.clone()).await;
            let answer = function.sign_up("good").await;
            if allowed && on_error == "allow" {
                assert_eq!(answer.unwrap(), "DomainRules", "{case}");
            } else {
                check_internal(case, answer, cause);
            }
        }
    }
    assert_eq!(elsewhere.requests().len(), 0);
}

#[tokio::test]
async fn a_sign_up_that_passes_without_its_captcha_is_logged_without_its_data() {
    let says = "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n";
    let function = Function::with("turnstile", "allow", Behaviour::Says(says.to_owned())).await;
    let log = Log::start();
    function.sign_up("good").await.unwrap();

    let [line] = &log.lines()[..] else {
        panic!("not one line: {}", log.text())
    };
    assert_eq!(line["level"], "WARN");
    assert_eq!(
        line["fields"],
        json!({
            "message": "letting a sign-up pass without its CAPTCHA",
            "cause": "the CAPTCHA provider answers with status 500",
        })
    );
}

/// The clock is Tokio's: it stands still, and moves to the next limit when all wait.
#[tokio::test(start_paused = true)]
async fn a_provider_that_is_silent_is_given_up_below_the_deadline() {
    let below_the_deadline = std::time::Duration::from_secs(2);
    for (on_error, passes) in [("refuse", false), ("allow", true)] {
        let function = Function::with("hcaptcha", on_error, Behaviour::IsSilent).await;
        let in_time = tokio::time::timeout(below_the_deadline, function.sign_up("good")).await;
        let answer = in_time.unwrap();
        if passes {
            assert_eq!(answer.unwrap(), "DomainRules");
        } else {
            check_internal(
                "silent",
                answer,
                "failed to reach the CAPTCHA provider within 1.5 s",
            );
        }
    }
}

#[tokio::test]
async fn a_proof_from_another_host_does_not_count() {
    let behaviour = Behaviour::Checks {
        host: "evil.example",
    };
    let function = Function::with("turnstile", "allow", behaviour).await;
    let failure = function.sign_up("good").await.unwrap_err();
    assert_eq!(reason(&failure), "CaptchaFromAnotherHost");
    assert_eq!(failure.public_text(), AGAIN);
}

#[tokio::test]
async fn a_changed_secret_is_read_again_and_a_wrong_one_refuses() {
    let function = Function::with("turnstile", "allow", CHECKS).await;
    function.provider.set_parameter(Some("old"));
    check_internal(
        "wrong",
        function.sign_up("good-1").await,
        "the CAPTCHA provider does not take the secret",
    );
    assert_eq!(
        (
            function.provider.reads(),
            function.provider.requests().len()
        ),
        (2, 1)
    );

    // A line break at the end is what an editor leaves.
    function
        .provider
        .set_parameter(Some(&format!("{SECRET}\n")));
    function.sign_up("good-1").await.unwrap();
    assert_eq!(
        (
            function.provider.reads(),
            function.provider.requests().len()
        ),
        (3, 3)
    );

    function.sign_up("good-2").await.unwrap();
    assert_eq!(function.provider.reads(), 3);
}

#[tokio::test]
async fn the_secret_is_kept_for_ten_minutes() {
    let mut function = Function::with("turnstile", "allow", CHECKS).await;
    for (minutes, token, reads) in [(0, "good-0", 1), (9, "good-9", 1), (10, "good-10", 2)] {
        function.now = now() + Duration::minutes(minutes);
        function.sign_up(token).await.unwrap();
        assert_eq!(function.provider.reads(), reads, "after {minutes} minutes");
    }
    function.now = now() + Duration::minutes(20);
    for (parameter, cause) in [
        (None, "failed to read the secret of the CAPTCHA provider"),
        (
            Some(" "),
            "failed to read the secret of the CAPTCHA provider: the parameter is empty",
        ),
    ] {
        function.provider.set_parameter(parameter);
        check_internal("no secret", function.sign_up("good-20").await, cause);
    }
}

/// The function, with a provider and a parameter of its own.
struct Function {
    provider: Provider,
    config: Config,
    outside: Outside,
    now: OffsetDateTime,
}

impl Function {
    async fn with(provider: &str, on_error: &str, behaviour: Behaviour) -> Self {
        Self::of(Provider::start(behaviour).await, provider, on_error)
    }

    /// The same configuration, and an empty memory.
    fn in_another_process(&self, provider: &str) -> Self {
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

    async fn sign_up(&self, token: &str) -> Result<&'static str, Failure> {
        self.answer(event("PreSignUp_SignUp", "ines@example.org", token))
            .await
    }

    async fn answer(&self, event: Event) -> Result<&'static str, Failure> {
        let decided = handle(event, &self.config, &self.outside, self.now).await?;
        Ok(decided.reason)
    }
}

fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
}

fn event(source: &str, email: &str, token: &str) -> Event {
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

fn reason(failure: &Failure) -> &str {
    match failure {
        Failure::Refused { reason, .. } => reason,
        Failure::Internal(cause) => panic!("{cause}"),
    }
}

#[track_caller]
fn check_internal(case: &str, answer: Result<&'static str, Failure>, expected: &str) {
    let failure = answer.unwrap_err();
    assert_eq!(failure.public_text(), UNAVAILABLE, "{case}");
    let Failure::Internal(cause) = failure else {
        panic!("{case}: refused")
    };
    assert_eq!(cause.to_string(), expected, "{case}");
}
