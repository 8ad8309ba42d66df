//! What define auth challenge makes of a session.

use cognito_events::ChallengeName;
use serde_json::{Value, json};

use crate::stage::*;

fn entry(name: &str, is_passed: bool, metadata: Value) -> Value {
    json!({"challengeName": name, "challengeResult": is_passed, "challengeMetadata": metadata})
}

#[tokio::test]
async fn tokens_are_issued_for_exactly_what_the_policy_wants() {
    let code = || entry("CUSTOM_CHALLENGE", true, "email-code#1".into());
    let password = || {
        [
            entry("SRP_A", true, Value::Null),
            entry("PASSWORD_VERIFIER", true, Value::Null),
        ]
    };
    let both = || password().into_iter().chain([code()]).collect::<Vec<_>>();
    for (policy, session, expected) in [
        ("email-code", vec![code()], "Passed"),
        ("email-code", vec![], "Challenge"),
        ("email-code", both(), "ForeignResult"),
        (
            "email-code",
            vec![entry("CUSTOM_CHALLENGE", true, "totp#1".into())],
            "ForeignResult",
        ),
        (
            "email-code",
            vec![entry("CUSTOM_CHALLENGE", true, Value::Null)],
            "ForeignResult",
        ),
        (
            "email-code",
            vec![entry("SRP_A", true, Value::Null)],
            "ForeignResult",
        ),
        // Cognito gives none of its own challenges our metadata; if it did, they would still be its own.
        (
            "email-code",
            vec![entry("PASSWORD_VERIFIER", true, "email-code#1".into())],
            "ForeignResult",
        ),
        ("password,email-code", both(), "Passed"),
        ("password,email-code", password().into(), "Challenge"),
        ("password,email-code", vec![code()], "ForeignResult"),
        ("password,email-code", vec![], "PasswordMissing"),
        ("email-code,totp", vec![code()], "Challenge"),
        ("", vec![code()], "NoPolicy"),
        ("", vec![], "NoPolicy"),
    ] {
        let stage = Stage::new(policy);
        let mut sign_in = SignIn::of(Who::Ines);
        sign_in.session = session;
        let decided = stage.define(&sign_in, &json!({}), now()).await.unwrap();
        assert_eq!(decided.reason, expected, "{policy} {:?}", sign_in.session);
        let response = decided.response;
        let is_over = !matches!(expected, "Passed" | "Challenge");
        assert_eq!(response.issue_tokens, Some(expected == "Passed"));
        assert_eq!(response.fail_authentication, Some(is_over));
        let challenge = (expected == "Challenge").then_some(ChallengeName::CustomChallenge);
        assert_eq!(response.challenge_name, challenge);
    }
}

#[tokio::test]
async fn what_an_app_passes_along_decides_nothing() {
    let stage = Stage::new("email-code,totp");
    let mut sign_in = SignIn::of(Who::Ines);
    sign_in.session = vec![entry("CUSTOM_CHALLENGE", true, "email-code#1".into())];
    for metadata in [
        json!({"challenge": "email-code"}),
        json!({"challenge": "recovery-code"}),
        json!({"signInMethod": "MAGIC_LINK", "policy": "email-code", "steps": "email-code"}),
    ] {
        let decided = stage.define(&sign_in, &metadata, now()).await.unwrap();
        assert_eq!(decided.reason, "Challenge", "{metadata}");
        let created = stage.create(&sign_in, &metadata, now()).await.unwrap();
        let challenge = &created.response["publicChallengeParameters"]["challenge"];
        assert_eq!(challenge, "totp", "{metadata}");
    }
}

#[tokio::test]
async fn three_wrong_answers_end_a_session() {
    let stage = Stage::new("email-code");
    let mut sign_in = stage.begin(Who::Ines, now()).await;
    let wrong = other_than(&code(&stage.messages()));
    for expected in ["Challenge", "Challenge", "TooManyFailures"] {
        let (_, next) = stage.respond(&mut sign_in, &wrong, json!({}), now()).await;
        assert_eq!(next, expected);
    }
}

#[tokio::test]
async fn users_who_are_not_confirmed_get_no_tokens() {
    for status in [
        "UNCONFIRMED",
        "FORCE_CHANGE_PASSWORD",
        "RESET_REQUIRED",
        "EXTERNAL_PROVIDER",
        "",
    ] {
        let stage = Stage::new("email-code");
        let mut sign_in = SignIn::of(Who::Ines);
        sign_in.attributes["cognito:user_status"] = status.into();
        sign_in.session = vec![entry("CUSTOM_CHALLENGE", true, "email-code#1".into())];
        let decided = stage.define(&sign_in, &json!({}), now()).await.unwrap();
        assert_eq!(decided.reason, "UnusableUser", "{status}");
        assert_eq!(decided.response.issue_tokens, Some(false));
    }
}

/// Cognito calls create auth challenge only after define auth challenge; what calls it otherwise gets nothing.
#[tokio::test]
async fn nothing_is_created_that_was_not_asked_for() {
    for (policy, session) in [
        ("", vec![]),
        ("password,email-code", vec![]),
        (
            "email-code",
            vec![entry("CUSTOM_CHALLENGE", true, "email-code#1".into())],
        ),
        ("email-code", vec![entry("SRP_A", true, Value::Null)]),
    ] {
        let stage = Stage::new(policy);
        let mut sign_in = SignIn::of(Who::Ines);
        sign_in.session = session;
        let created = stage.create(&sign_in, &json!({}), now()).await;
        assert!(created.is_err(), "{policy}");
        assert_eq!(stage.sender.taken(), [Value::Null; 0]);
    }
}
