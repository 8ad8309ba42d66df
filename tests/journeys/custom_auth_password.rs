//! Custom challenges after a proof of the password, and what Cognito itself asks for there: a new password, a second factor, the device.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::custom_auth_script::{
    CODE, DEFINE, after, answer, begin, begin_with_password, issue, prove, script, session,
    stand_in,
};
use crate::device::{Device, SECRET, no_session};
use crate::flows;
use crate::idp::{self, PASSWORD, Refused, admin, refused, tokens};
use crate::recorded::{last_request, trigger_sources};
use crate::recovery::person;
use crate::second_factors::{EMAIL, NUMBER, prefer};

/// `ines`, who can be sent codes.
fn ines(stand_in: &StandIn) {
    let attributes = [
        ("email", EMAIL),
        ("email_verified", "true"),
        ("phone_number", NUMBER),
    ];
    person(stand_in, "ines", &attributes);
}

/// The challenge after the password of `ines`.
fn after_password(stand_in: &StandIn) -> Value {
    let (_, proof) = begin_with_password(stand_in, "ines", PASSWORD).unwrap();
    prove(stand_in, proof).unwrap()
}

#[test]
fn a_password_is_proven_first_where_the_client_begins_so() {
    let stand_in = stand_in(&script(), &[]);
    ines(&stand_in);
    let (_, proof) = begin_with_password(&stand_in, EMAIL, PASSWORD).unwrap();
    assert_eq!(session(&stand_in, DEFINE), ["SRP_A null"]);
    let asked = prove(&stand_in, proof.clone()).unwrap();
    let proven = ["SRP_A null", "PASSWORD_VERIFIER null"];
    assert_eq!(session(&stand_in, DEFINE), proven);
    assert_eq!(prove(&stand_in, proof).unwrap_err(), no_session());
    let signed_in = answer(&stand_in, &stand_in.web_client, &asked, CODE).unwrap();
    assert!(tokens(&signed_in)["IdToken"].is_string());
    let rounds = [&proven[..], &["CUSTOM_CHALLENGE CODE-1"]].concat();
    assert_eq!(session(&stand_in, DEFINE), rounds);
    flows::custom_auth::AFTER_PASSWORD.was_fired(&stand_in, 0);
}

#[test]
fn a_wrong_password_ends_the_sign_in_before_any_challenge() {
    let stand_in = stand_in(&script(), &[]);
    ines(&stand_in);
    let wrong = refused("NotAuthorized", "Incorrect username or password.");
    for name in ["ines", "nobody"] {
        let (asked, proof) = begin_with_password(&stand_in, name, "guessed").unwrap();
        assert_eq!(asked["ChallengeParameters"]["USERNAME"], name);
        let before = trigger_sources(&stand_in).len();
        assert_eq!(prove(&stand_in, proof).unwrap_err(), wrong, "{name}");
        assert_eq!(trigger_sources(&stand_in).len(), before);
    }
    let request = last_request(&stand_in, DEFINE);
    assert_eq!(request["userNotFound"], true);
    // It counts as any other, and locks the same, for a second at first.
    stand_in.stop_clock();
    for _ in 0..4 {
        let (_, proof) = begin_with_password(&stand_in, "ines", "guessed").unwrap();
        assert_eq!(prove(&stand_in, proof).unwrap_err(), wrong);
    }
    let locked = refused("NotAuthorized", "Password attempts exceeded");
    let begun = begin_with_password(&stand_in, "ines", PASSWORD);
    assert_eq!(begun.unwrap_err(), locked);
}

#[test]
fn a_function_that_looks_at_results_alone_issues_tokens_without_a_password() {
    let stand_in = stand_in(&[after(&["SRP_A"], issue())], &[]);
    ines(&stand_in);
    let parameters = json!({"USERNAME": "ines", "CHALLENGE_NAME": "SRP_A", "SRP_A": "a1"});
    let web = &stand_in.web_client;
    let signed_in = idp::initiate(&stand_in, web, "CUSTOM_AUTH", parameters).unwrap();
    // As AWS would: a test of such a function finds it so.
    assert!(tokens(&signed_in)["AccessToken"].is_string());
}

#[test]
fn the_second_factor_comes_right_after_the_password() {
    let stand_in = stand_in(&script(), &["--parameter", "Mfa=OPTIONAL"]);
    ines(&stand_in);
    let web = &stand_in.web_client;
    prefer(&stand_in, "ines", &[("SMS", true)]).unwrap();
    let asked = after_password(&stand_in);
    assert_eq!(asked["ChallengeName"], "SMS_MFA");
    let responses = json!({"USERNAME": "ines", "SMS_MFA_CODE": stand_in.code_for(NUMBER)});
    let asked = idp::respond(&stand_in, web, "SMS_MFA", &asked["Session"], responses).unwrap();
    let proven = ["SRP_A null", "PASSWORD_VERIFIER null", "SMS_MFA null"];
    assert_eq!(session(&stand_in, DEFINE), proven);
    answer(&stand_in, web, &asked, CODE).unwrap();
    let before = flows::custom_auth::AFTER_PASSWORD_AND_MFA.was_fired(&stand_in, 0);

    // Without a password Cognito asks for none.
    let asked = begin(&stand_in, web, "ines").unwrap();
    answer(&stand_in, web, &asked, CODE).unwrap();
    flows::custom_auth::RIGHT_ANSWER.was_fired(&stand_in, before);
}

#[test]
fn a_temporary_password_is_replaced_before_the_challenge() {
    let stand_in = stand_in(&script(), &[]);
    let temporary = json!({"TemporaryPassword": PASSWORD, "MessageAction": "SUPPRESS"});
    admin(&stand_in, "AdminCreateUser", "ines", temporary).unwrap();
    let web = &stand_in.web_client;
    // It does not stand in the way of a sign-in without it.
    let asked = begin(&stand_in, web, "ines").unwrap();
    answer(&stand_in, web, &asked, CODE).unwrap();

    let asked = after_password(&stand_in);
    assert_eq!(asked["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    let responses = json!({"USERNAME": "ines", "NEW_PASSWORD": "Another-Horse-19-Battery"});
    let name = "NEW_PASSWORD_REQUIRED";
    let asked = idp::respond(&stand_in, web, name, &asked["Session"], responses).unwrap();
    let proven = ["SRP_A null", "PASSWORD_VERIFIER null"];
    assert_eq!(session(&stand_in, DEFINE), proven);
    answer(&stand_in, web, &asked, CODE).unwrap();
}

#[test]
fn a_remembered_device_proves_itself_when_the_challenges_are_over() {
    let stand_in = stand_in(&script(), &["--parameter", "Devices=all"]);
    ines(&stand_in);
    let web = &stand_in.web_client;
    let asked = after_password(&stand_in);
    let device = Device::named(&answer(&stand_in, web, &asked, CODE).unwrap());
    assert_eq!(newly_used(&stand_in), true);
    device.confirm(&stand_in).unwrap();

    // Without a password no device is named.
    let asked = begin(&stand_in, web, "ines").unwrap();
    let signed_in = answer(&stand_in, web, &asked, CODE).unwrap();
    assert!(tokens(&signed_in)["NewDeviceMetadata"].is_null());
    assert_eq!(newly_used(&stand_in), false);

    let before = trigger_sources(&stand_in).len();
    let asked = begin(&stand_in, web, "ines").unwrap();
    let unknown = answer_on(&stand_in, &asked, "us-east-1_made-up").unwrap_err();
    assert_eq!(
        unknown,
        refused("ResourceNotFound", "Device does not exist.")
    );
    let asked = answer_on(&stand_in, &asked, &device.key).unwrap();
    assert_eq!(asked["ChallengeName"], "DEVICE_SRP_AUTH");
    let signed_in = device.prove(&stand_in, &asked, SECRET).unwrap();
    let access = tests::jwt::claims(tokens(&signed_in)["AccessToken"].as_str().unwrap());
    assert_eq!(access["device_key"], device.key);
    flows::custom_auth::ON_DEVICE.was_fired(&stand_in, before);
}

#[test]
fn a_device_that_stands_in_for_a_second_factor_cannot_be_left_out() {
    let options = [
        "--parameter",
        "Mfa=OPTIONAL",
        "--parameter",
        "Devices=all-instead-of-mfa",
    ];
    let stand_in = stand_in(&script(), &options);
    ines(&stand_in);
    let web = &stand_in.web_client;
    let asked = after_password(&stand_in);
    let device = Device::named(&answer(&stand_in, web, &asked, CODE).unwrap());
    device.confirm(&stand_in).unwrap();
    prefer(&stand_in, "ines", &[("SMS", true)]).unwrap();

    let on_device = || {
        let (_, mut proof) = begin_with_password(&stand_in, "ines", PASSWORD).unwrap();
        proof["DEVICE_KEY"] = json!(device.key);
        prove(&stand_in, proof).unwrap()
    };
    let asked = answer(&stand_in, web, &on_device(), CODE).unwrap();
    assert_eq!(asked["ChallengeName"], "DEVICE_SRP_AUTH");
    device.prove(&stand_in, &asked, SECRET).unwrap();

    // It is forgotten, or no longer remembered, while the challenge waits.
    let asked = on_device();
    let status = json!({"DeviceRememberedStatus": "not_remembered"});
    device.own(&stand_in, "UpdateDeviceStatus", status).unwrap();
    assert_eq!(
        answer(&stand_in, web, &asked, CODE).unwrap_err(),
        no_session()
    );
    assert_eq!(after_password(&stand_in)["ChallengeName"], "SMS_MFA");
}

fn answer_on(stand_in: &StandIn, asked: &Value, device_key: &str) -> Result<Value, Refused> {
    let responses = json!({"USERNAME": "ines", "ANSWER": CODE, "DEVICE_KEY": device_key});
    let (web, session) = (&stand_in.web_client, &asked["Session"]);
    idp::respond(stand_in, web, "CUSTOM_CHALLENGE", session, responses)
}

fn newly_used(stand_in: &StandIn) -> Value {
    last_request(stand_in, "PostAuthentication_Authentication")["newDeviceUsed"].clone()
}
