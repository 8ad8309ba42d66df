use Kind::*;
use serde_json::json;

use super::*;

/// Entries as `<name>:<result>`, those of ours by their metadata.
fn session(entries: &str) -> Vec<ChallengeResult> {
    let entry = |entry: &str| {
        let (name, result) = entry.rsplit_once(':').unwrap();
        let is_ours = !name
            .chars()
            .all(|char| char.is_ascii_uppercase() || char == '_');
        let entry = json!({
            "challengeName": if is_ours { "CUSTOM_CHALLENGE" } else { name },
            "challengeResult": result == "true",
            "challengeMetadata": is_ours.then_some(name),
        });
        serde_json::from_value(entry).unwrap()
    };
    entries.split_whitespace().map(entry).collect()
}

#[track_caller]
fn check(policy: &str, entries: &str, expected: Progress<'_>) {
    let steps: Steps = policy.parse().unwrap();
    assert_eq!(
        progress(&session(entries), &steps),
        expected,
        "{policy}: {entries}"
    );
}

fn failed(kind: Kind, id: &str) -> Option<Round> {
    Some(Round::Challenge(kind, id.to_owned()))
}

#[test]
fn a_step_of_one_kind_is_asked_for_at_once() {
    let kinds = &vec![EmailCode];
    check(
        "email-code",
        "",
        Progress::Challenge {
            kinds,
            failed: None,
        },
    );
    check(
        "email-code",
        "email-code#1:true",
        Progress::Passed(vec![Method::EmailCode]),
    );
    check(
        "email-code",
        "email-code#1:false",
        Progress::Challenge {
            kinds,
            failed: failed(EmailCode, "1"),
        },
    );
    check(
        "email-code",
        "email-code#1:false email-code#2:false email-code#2:true",
        Progress::Passed(vec![Method::EmailCode]),
    );
}

#[test]
fn a_step_of_several_kinds_begins_with_a_choice() {
    let kinds = &vec![EmailCode, Totp];
    let policy = "email-code|totp";
    check(policy, "", Progress::Choice(kinds));
    check(policy, "choice:false", Progress::Choice(kinds));
    check(
        policy,
        "choice:true",
        Progress::Challenge {
            kinds,
            failed: None,
        },
    );
    check(
        policy,
        "choice:true totp#1:false",
        Progress::Challenge {
            kinds,
            failed: failed(Totp, "1"),
        },
    );
    check(
        policy,
        "choice:true totp#1:false email-code#2:true",
        Progress::Passed(vec![Method::EmailCode]),
    );
}

#[test]
fn every_step_has_to_be_passed_in_its_order() {
    let policy = "password,email-code|totp,sms-code";
    let choice = &vec![EmailCode, Totp];
    let last = &vec![SmsCode];
    let password = "SRP_A:true PASSWORD_VERIFIER:true";
    check(policy, "SRP_A:true", Progress::Password);
    check(policy, password, Progress::Choice(choice));
    check(
        policy,
        &format!("{password} choice:true totp#1:true"),
        Progress::Challenge {
            kinds: last,
            failed: None,
        },
    );
    check(
        policy,
        &format!("{password} choice:true totp#1:true sms-code#2:true"),
        Progress::Passed(vec![Method::Password, Method::Totp, Method::SmsCode]),
    );
}

#[test]
fn second_factors_of_cognito_stand_behind_the_password_and_pass_no_step() {
    let kinds = &vec![EmailCode];
    for (factor, method) in [
        ("SMS_MFA", Some(Method::SmsCode)),
        ("EMAIL_OTP", Some(Method::EmailCode)),
        ("SOFTWARE_TOKEN_MFA", Some(Method::Totp)),
        ("DEVICE_SRP_AUTH:true DEVICE_PASSWORD_VERIFIER", None),
    ] {
        let entries = format!("SRP_A:true PASSWORD_VERIFIER:true {factor}:true");
        check(
            "password,email-code",
            &entries,
            Progress::Challenge {
                kinds,
                failed: None,
            },
        );
        let mut methods = vec![Method::Password];
        methods.extend(method);
        check("password", &entries, Progress::Passed(methods));
        let entries = format!("SRP_A:true PASSWORD_VERIFIER:true {factor}:false");
        check(
            "password,email-code",
            &entries,
            Progress::Over(Over::ForeignResult),
        );
    }
}

#[test]
fn three_failures_end_a_sign_in() {
    let three = "email-code#1:false email-code#1:false email-code#2:false";
    for entries in [three.to_owned(), format!("{three} email-code#2:true")] {
        check(
            "email-code",
            &entries,
            Progress::Over(Over::TooManyFailures),
        );
    }
    check(
        "email-code|totp,sms-code",
        "choice:false choice:true totp#1:false totp#1:true sms-code#2:false",
        Progress::Over(Over::TooManyFailures),
    );
}

#[test]
fn a_result_that_the_policy_does_not_expect_ends_a_sign_in() {
    for (policy, entries) in [
        // Entries that pass without any proof.
        ("email-code", "SRP_A:true"),
        ("email-code", "SRP_A:true PASSWORD_VERIFIER:true"),
        ("email-code", "SRP_A:true email-code#1:true"),
        ("email-code", "PASSWORD_VERIFIER:true"),
        ("email-code", "ADMIN_NO_SRP_AUTH:true"),
        ("email-code", "DEVICE_SRP_AUTH:true"),
        ("email-code", "SMS_MFA:true"),
        ("email-code", "WEB_AUTHN:true"),
        // The password in another order, or not right.
        ("password,email-code", "PASSWORD_VERIFIER:true"),
        ("password,email-code", "SRP_A:false"),
        ("password,email-code", "SRP_A:true PASSWORD_VERIFIER:false"),
        ("password,email-code", "SRP_A:true email-code#1:true"),
        ("password,email-code", "email-code#1:true"),
        ("password", "SRP_A:true SRP_A:true"),
        // Kinds that the policy does not have there.
        ("email-code", "totp#1:true"),
        ("email-code", "totp#1:false"),
        ("email-code,totp", "totp#1:true email-code#2:true"),
        ("email-code", "choice:true email-code#1:true"),
        ("email-code|totp", "email-code#1:true"),
        ("email-code|totp", "choice:true choice:true"),
        // What none of ours has written.
        ("email-code", "EMAIL-CODE-1:true"),
        ("email-code", "email-code:true"),
        ("email-code", "CUSTOM_CHALLENGE:true"),
        // More than was asked.
        ("email-code", "email-code#1:true email-code#2:true"),
    ] {
        check(policy, entries, Progress::Over(Over::ForeignResult));
    }
    check("password,totp", "", Progress::Over(Over::PasswordMissing));
}

#[test]
fn an_empty_session_has_passed_nothing() {
    for policy in [
        "password",
        "email-code",
        "password,totp|sms-code",
        "magic-link,recovery-code",
    ] {
        let steps: Steps = policy.parse().unwrap();
        assert!(
            !matches!(progress(&[], &steps), Progress::Passed(_)),
            "{policy}"
        );
    }
}
