use cognito_events::pre_sign_up::{Event, Response};
use entrypoint::Env;
use serde_json::json;
use time::OffsetDateTime;

use super::{Decision, Facts, Proof, Refusal, decide, wanted_claim, wanted_code, wanted_proof};
use crate::captcha::Answer;
use crate::config::Config;

const STRICT: [(&str, &str); 3] = [
    ("ALLOWED_DOMAINS", "example.com"),
    ("INVITATIONS", "required"),
    ("INVITATIONS_TABLE", "invitations"),
];

fn event(source: &str, attributes: &serde_json::Value) -> Event {
    serde_json::from_value(json!({
        "triggerSource": source,
        "userPoolId": "eu-central-1_Kx7QmT2Zd",
        "userName": "somebody",
        "request": {"userAttributes": attributes, "validationData": {"inviteCode": "SPRING-7741"}},
    }))
    .unwrap()
}

#[track_caller]
fn check(case: &str, config: &Config, event: &Event, expected: Result<(), Refusal>) {
    let decision = decide(config, event, &Facts::default(), OffsetDateTime::UNIX_EPOCH);
    let response = decision.map(|decision| match decision {
        Decision::Accept(acceptance) => acceptance.response,
        Decision::Link(link) => panic!("{case}: {link:?}"),
    });
    assert_eq!(response, expected.map(|()| Response::default()), "{case}");
}

#[test]
fn every_source_has_its_answer() {
    let config = Config::from_env(Env::of_pairs(STRICT)).unwrap();
    let outside = json!({"email": "ines@example.org"});
    let inside = json!({"email": "ines@example.com"});
    for (source, email, expected) in [
        ("PreSignUp_SignUp", &outside, Err(Refusal::DomainNotAllowed)),
        ("PreSignUp_SignUp", &inside, Err(Refusal::InvitationUnknown)),
        ("PreSignUp_AdminCreateUser", &outside, Ok(())),
        (
            "PreSignUp_ExternalProvider",
            &inside,
            Err(Refusal::FederationClosed),
        ),
        ("PreSignUp_UserMigration", &outside, Ok(())),
        (
            "PreSignUp_Somehow",
            &outside,
            Err(Refusal::DomainNotAllowed),
        ),
        (
            "PreSignUp_Somehow",
            &inside,
            Err(Refusal::InvitationUnknown),
        ),
        ("", &inside, Err(Refusal::InvitationUnknown)),
    ] {
        check(source, &config, &event(source, email), expected);
    }
}

#[test]
fn a_user_with_a_record_is_not_stopped_and_a_new_one_is() {
    let config = Config::from_env(Env::of_pairs(STRICT)).unwrap();
    for (status, expected) in [
        ("CONFIRMED", Ok(())),
        ("RESET_REQUIRED", Ok(())),
        ("FORCE_CHANGE_PASSWORD", Ok(())),
        ("UNCONFIRMED", Err(Refusal::DomainNotAllowed)),
        ("EXTERNAL_PROVIDER", Err(Refusal::DomainNotAllowed)),
        ("", Err(Refusal::DomainNotAllowed)),
    ] {
        let attributes = json!({"email": "ines@example.org", "cognito:user_status": status});
        check(
            status,
            &config,
            &event("PreSignUp_SignUp", &attributes),
            expected,
        );
    }
}

#[test]
fn a_federated_identity_is_under_the_domain_rules_or_refused() {
    for (federated, email, expected) in [
        ("domain-rules", "ines@example.com", Ok(())),
        (
            "domain-rules",
            "ines@example.org",
            Err(Refusal::DomainNotAllowed),
        ),
        ("refuse", "ines@example.com", Err(Refusal::FederationClosed)),
    ] {
        let [allowed, required, table] = STRICT;
        let config = Config::from_env(Env::of_pairs([
            allowed,
            required,
            table,
            ("FEDERATED_SIGN_UP", federated),
        ]))
        .unwrap();
        let event = event("PreSignUp_ExternalProvider", &json!({"email": email}));
        check(federated, &config, &event, expected);
    }
}

#[test]
fn the_table_is_read_only_where_an_invitation_can_help() {
    let on = Config::from_env(Env::of_pairs(STRICT)).unwrap();
    let off = Config::from_env(Env::of_pairs([])).unwrap();
    for (case, config, source, email, wanted) in [
        (
            "a sign-up",
            &on,
            "PreSignUp_SignUp",
            "ines@example.com",
            true,
        ),
        (
            "an unknown source",
            &on,
            "PreSignUp_Somehow",
            "ines@example.com",
            true,
        ),
        (
            "a refused domain",
            &on,
            "PreSignUp_SignUp",
            "ines@example.org",
            false,
        ),
        (
            "an administrator",
            &on,
            "PreSignUp_AdminCreateUser",
            "ines@example.com",
            false,
        ),
        (
            "federation",
            &on,
            "PreSignUp_ExternalProvider",
            "ines@example.com",
            false,
        ),
        (
            "migration",
            &on,
            "PreSignUp_UserMigration",
            "ines@example.com",
            false,
        ),
        (
            "invitations are off",
            &off,
            "PreSignUp_SignUp",
            "ines@example.com",
            false,
        ),
    ] {
        let code = wanted_code(config, &event(source, &json!({"email": email})), None);
        assert_eq!(code.is_some(), wanted, "{case}");
    }
}

#[test]
fn a_code_is_looked_up_only_after_a_good_proof_and_a_proof_only_after_what_costs_nothing() {
    let config = Config::from_env(Env::of_pairs([
        ("ALLOWED_DOMAINS", "example.com"),
        ("INVITATIONS", "required"),
        ("INVITATIONS_TABLE", "invitations"),
        ("CAPTCHA", "turnstile"),
        ("CAPTCHA_SECRET", "/captcha"),
        ("CAPTCHA_HOSTS", "www.example.com"),
    ]))
    .unwrap();
    let answered = |success| {
        Proof::Answered(Answer {
            success,
            hostname: Some("www.example.com".to_owned()),
            ..Answer::default()
        })
    };
    let code = json!({"inviteCode": "SPRING-7741", "captchaToken": "token"});
    let no_code = json!({"captchaToken": "token"});
    let no_token = json!({"inviteCode": "SPRING-7741"});
    let [inside, outside] = ["ines@example.com", "ines@example.org"];
    for (case, email, sent, proof, asks, looks_up, expected) in [
        (
            "another domain",
            outside,
            &code,
            None,
            false,
            false,
            Refusal::DomainNotAllowed,
        ),
        (
            "no code",
            inside,
            &no_code,
            None,
            false,
            false,
            Refusal::InvitationMissing,
        ),
        (
            "no proof",
            inside,
            &no_token,
            None,
            false,
            false,
            Refusal::CaptchaMissing,
        ),
        (
            "a wrong proof",
            inside,
            &code,
            Some(answered(false)),
            true,
            false,
            Refusal::CaptchaWrong,
        ),
        (
            "a good proof",
            inside,
            &code,
            Some(answered(true)),
            true,
            true,
            Refusal::InvitationUnknown,
        ),
        (
            "a waived proof",
            inside,
            &code,
            Some(Proof::Waived),
            true,
            true,
            Refusal::InvitationUnknown,
        ),
    ] {
        let event: Event = serde_json::from_value(json!({
            "triggerSource": "PreSignUp_SignUp",
            "request": {"userAttributes": {"email": email}, "validationData": sent},
        }))
        .unwrap();
        assert_eq!(wanted_proof(&config, &event).is_some(), asks, "{case}");
        let code = wanted_code(&config, &event, proof.as_ref());
        assert_eq!(code.is_some(), looks_up, "{case}");
        let facts = Facts {
            proof,
            ..Facts::default()
        };
        let decision = decide(&config, &event, &facts, OffsetDateTime::UNIX_EPOCH);
        assert_eq!(decision, Err(expected), "{case}");
    }
}

#[test]
fn only_a_federated_identity_has_a_claim() {
    let config = Config::from_env(Env::of_pairs([("LINK_PROVIDERS", "Google")])).unwrap();
    let attributes = json!({"email": "ines@example.com", "email_verified": "true"});
    for (source, expected) in [
        ("PreSignUp_ExternalProvider", true),
        ("PreSignUp_SignUp", false),
        ("PreSignUp_AdminCreateUser", false),
        ("PreSignUp_UserMigration", false),
        ("PreSignUp_Somehow", false),
    ] {
        let mut event = event(source, &attributes);
        event.user_name = "Google_1084".into();
        assert_eq!(
            wanted_claim(&config, &event).is_some(),
            expected,
            "{source}"
        );
    }
}
