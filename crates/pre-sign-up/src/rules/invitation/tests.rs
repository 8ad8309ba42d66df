use cognito_events::pre_sign_up::Event;
use serde_json::json;
use time::OffsetDateTime;

use super::{Acceptance, Refusal, honoured};
use crate::config::InvitationRules;
use crate::rules::Email;
use email_address::EmailAddress;
use invitations::{Invitation, InvitationCode, Redeemer, Redemption};

const NOW: i64 = 1_800_000_000;
const POOL: &str = "eu-central-1_Kx7QmT2Zd";

fn rules(required: bool, confirm: bool) -> InvitationRules {
    InvitationRules {
        table: String::new(),
        required,
        confirm,
    }
}

fn invitation() -> Invitation {
    Invitation {
        code: InvitationCode::new("SPRING-7741").unwrap(),
        email: None,
        domain: None,
        max_uses: 1,
        expires_at: None,
        redeemed_by: vec![],
    }
}

fn bound_to(address: &str) -> Invitation {
    Invitation {
        email: EmailAddress::parse(address),
        ..invitation()
    }
}

/// By an address or a user name.
fn redeemer(name: &str) -> Redeemer {
    Redeemer::of(POOL, EmailAddress::parse(name).as_ref(), name).unwrap()
}

fn sign_up(email: &str) -> Event {
    event(json!({
        "userAttributes": {"email": email},
        "validationData": {"inviteCode": "SPRING-7741"},
    }))
}

fn event(request: serde_json::Value) -> Event {
    serde_json::from_value(json!({
        "userPoolId": POOL,
        "userName": "Somebody",
        "request": request,
    }))
    .unwrap()
}

fn decide(
    rules: &InvitationRules,
    event: &Event,
    invitation: Option<&Invitation>,
) -> Result<Acceptance, Refusal> {
    let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
    honoured(rules, event, &Email::of(event), invitation, now)
}

#[track_caller]
fn check(case: &str, event: &Event, invitation: &Invitation, expected: Result<(), Refusal>) {
    let decision = decide(&rules(true, false), event, Some(invitation));
    assert_eq!(decision.map(|_| ()), expected, "{case}");
}

#[test]
fn a_code_is_needed_or_not() {
    for (case, request, without_required, without_optional) in [
        (
            "no maps",
            json!({}),
            Err(Refusal::InvitationMissing),
            Ok(()),
        ),
        (
            "nulls",
            json!({"validationData": null, "clientMetadata": null}),
            Err(Refusal::InvitationMissing),
            Ok(()),
        ),
        (
            "blank",
            json!({"validationData": {"inviteCode": " \t"}, "clientMetadata": {"inviteCode": ""}}),
            Err(Refusal::InvitationMissing),
            Ok(()),
        ),
        (
            "in the validation data",
            json!({"validationData": {"inviteCode": "x"}}),
            Err(Refusal::InvitationUnknown),
            Err(Refusal::InvitationUnknown),
        ),
        (
            "in the client metadata",
            json!({"clientMetadata": {"inviteCode": "x"}}),
            Err(Refusal::InvitationUnknown),
            Err(Refusal::InvitationUnknown),
        ),
        (
            "blank in one, given in the other",
            json!({"validationData": {"inviteCode": ""}, "clientMetadata": {"inviteCode": "x"}}),
            Err(Refusal::InvitationUnknown),
            Err(Refusal::InvitationUnknown),
        ),
    ] {
        let event = event(request);
        for (required, expected) in [(true, without_required), (false, without_optional)] {
            let decision = decide(&rules(required, false), &event, None);
            assert_eq!(
                decision.map(|_| ()),
                expected,
                "{case}, required: {required}"
            );
        }
    }
}

#[test]
fn an_invitation_ends_when_its_time_has_come() {
    for (expires_at, expected) in [
        (None, Ok(())),
        (Some(NOW + 1), Ok(())),
        (Some(NOW), Err(Refusal::InvitationExpired)),
        (Some(NOW - 1), Err(Refusal::InvitationExpired)),
        (Some(0), Err(Refusal::InvitationExpired)),
    ] {
        let invitation = Invitation {
            expires_at,
            ..invitation()
        };
        let case = format!("expires at {expires_at:?}");
        check(&case, &sign_up("ines@example.org"), &invitation, expected);
    }
}

#[test]
fn an_invitation_bound_to_an_address_is_for_that_address() {
    let invitation = bound_to("Ines@Example.org");
    let refused = Err(Refusal::InvitationForSomeoneElse);
    for (email, expected) in [
        ("ines@example.org", Ok(())),
        ("INES@EXAMPLE.ORG.", Ok(())),
        ("ines+1@example.org", refused),
        ("ines@mail.example.org", refused),
        ("\"ines@example.org\"@evil.example", refused),
        ("ıines@example.org", refused),
        ("not an address", refused),
        ("", refused),
    ] {
        check(email, &sign_up(email), &invitation, expected);
    }
    let kelvin = bound_to("kim@example.org");
    check(
        "the Kelvin sign",
        &sign_up("\u{212a}im@example.org"),
        &kelvin,
        refused,
    );
}

#[test]
fn an_invitation_bound_to_a_domain_is_for_that_domain() {
    let invitation = Invitation {
        domain: Some("example.org".parse().unwrap()),
        ..invitation()
    };
    let refused = Err(Refusal::InvitationForSomeoneElse);
    for (email, expected) in [
        ("ines@example.org", Ok(())),
        ("ines@mail.example.org", Ok(())),
        ("ines@badexample.org", refused),
        ("", refused),
    ] {
        check(email, &sign_up(email), &invitation, expected);
    }
}

#[test]
fn an_invitation_has_as_many_uses_as_it_says() {
    let redeemed_by = |names: &[&str]| {
        let names = names.iter();
        names.map(|name| redeemer(name)).collect()
    };
    for (case, max_uses, redeemed_by, expected) in [
        ("fresh", 1, redeemed_by(&[]), Ok(())),
        (
            "used by another",
            1,
            redeemed_by(&["kim@example.org"]),
            Err(Refusal::InvitationUsedUp),
        ),
        (
            "used by the same",
            1,
            redeemed_by(&["ines@example.org"]),
            Ok(()),
        ),
        ("one use left", 2, redeemed_by(&["kim@example.org"]), Ok(())),
        (
            "none left, and used by the same",
            2,
            redeemed_by(&["kim@example.org", "ines@example.org"]),
            Ok(()),
        ),
        (
            "none at all",
            0,
            redeemed_by(&[]),
            Err(Refusal::InvitationUsedUp),
        ),
    ] {
        let invitation = Invitation {
            max_uses,
            redeemed_by,
            ..invitation()
        };
        check(case, &sign_up("Ines@example.org"), &invitation, expected);
    }
}

#[test]
fn a_use_is_noted_for_the_address_or_else_the_user_name() {
    let code = json!({"inviteCode": "SPRING-7741"});
    for (event, name) in [
        (sign_up("Ines@Example.org."), "ines@example.org"),
        (event(json!({"validationData": code})), "somebody"),
    ] {
        let expected = Redemption {
            code: InvitationCode::new("SPRING-7741").unwrap(),
            redeemer: redeemer(name),
            max_uses: 1,
        };
        let decision = decide(&rules(true, false), &event, Some(&invitation())).unwrap();
        assert_eq!(decision.redemption, Some(expected), "{name}");
    }
}

#[test]
fn somebody_without_address_and_name_uses_no_invitation() {
    let nobody: Event = serde_json::from_value(json!({
        "request": {"validationData": {"inviteCode": "SPRING-7741"}},
    }))
    .unwrap();
    let refused = Err(Refusal::InvitationForSomeoneElse);
    check("nobody", &nobody, &invitation(), refused);
}

#[test]
fn only_an_invitation_to_that_address_confirms_and_only_if_configured() {
    let to_address = bound_to("ines@example.org");
    let to_domain = Invitation {
        domain: Some("example.org".parse().unwrap()),
        ..invitation()
    };
    let event = event(json!({
        "userAttributes": {"email": "ines@example.org", "email_verified": "true", "phone_number": "+491700000000"},
        "validationData": {"inviteCode": "SPRING-7741", "autoConfirmUser": "true"},
    }));
    for (case, confirm, invitation, expected) in [
        ("to the address", true, &to_address, true),
        ("not configured", false, &to_address, false),
        ("to the domain", true, &to_domain, false),
        ("to nobody", true, &invitation(), false),
    ] {
        let decision = decide(&rules(true, confirm), &event, Some(invitation)).unwrap();
        let response = decision.response;
        assert_eq!(response.auto_confirm_user, expected, "{case}");
        assert_eq!(response.auto_verify_email, expected, "{case}");
        assert!(!response.auto_verify_phone, "{case}");
    }
}
