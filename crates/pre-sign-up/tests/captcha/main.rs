//! Sign-ups that bring the proof of a CAPTCHA, to a provider that is well, slow, large, elsewhere, out of order or not there.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod function;
mod outages;
mod secret;
mod siteverify;

use embedded_dynamodb::cut_at_every_await;

use function::{CHECKS, Function, event, reason};
use siteverify::{Behaviour, SECRET};

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
    let event = include_str!("../../../../events/pre-sign-up/PreSignUp_SignUp.captcha.json");
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
async fn a_proof_from_another_host_does_not_count() {
    let behaviour = Behaviour::Checks {
        host: "evil.example",
    };
    let function = Function::with("turnstile", "allow", behaviour).await;
    let failure = function.sign_up("good").await.unwrap_err();
    assert_eq!(reason(&failure), "CaptchaFromAnotherHost");
    assert_eq!(failure.public_text(), AGAIN);
}
