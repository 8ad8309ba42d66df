//! Choice-based sign-in (`USER_AUTH`): what is offered to whom, and that nobody learns from it who exists.

use std::time::SystemTime;

use serde_json::{Value, json};
use tests::srp_client::SrpClient;
use tests::stand_in::StandIn;

use crate::flows;
use crate::idp::{self, PASSWORD, Refused, admin, refused, tokens};
use crate::recorded::trigger_sources;
use crate::recovery::{other_than, person};
use crate::second_factors::{EMAIL, NUMBER, answer, ines, prefer, stand_in};

/// Begins, with more parameters than the name.
fn begin(stand_in: &StandIn, name: &str, more: &[(&str, &str)]) -> Result<Value, Refused> {
    let all = [&[("USERNAME", name)], more].concat();
    let all = all
        .into_iter()
        .map(|(name, text)| (name.to_owned(), json!(text)));
    let web = &stand_in.web_client;
    idp::initiate(stand_in, web, "USER_AUTH", Value::Object(all.collect()))
}

/// `ines`, whose number is verified too.
fn everybody(stand_in: &StandIn) {
    ines(stand_in);
    let verified = json!({"UserAttributes": [{"Name": "phone_number_verified", "Value": "true"}]});
    admin(stand_in, "AdminUpdateUserAttributes", "ines", verified).unwrap();
}

/// The end of a sign-in by SRP, whose challenge this is.
fn prove(stand_in: &StandIn, srp: &SrpClient<'_>, asked: &Value) -> Result<Value, Refused> {
    assert_eq!(asked["ChallengeName"], "PASSWORD_VERIFIER");
    let parameters = asked["ChallengeParameters"].clone();
    let parameters = serde_json::from_value(parameters).unwrap();
    let proof = srp.answer(&parameters, SystemTime::now()).unwrap();
    let responses = [
        ("PASSWORD_CLAIM_SECRET_BLOCK", &*parameters["SECRET_BLOCK"]),
        ("PASSWORD_CLAIM_SIGNATURE", &proof.signature),
        ("TIMESTAMP", &proof.timestamp),
    ];
    answer(stand_in, asked, &parameters["USER_ID_FOR_SRP"], &responses)
}

#[test]
fn the_user_chooses() {
    let stand_in = stand_in(&["Passwordless=true"]);
    everybody(&stand_in);
    let offer = || {
        let offered = begin(&stand_in, "ines", &[]).unwrap();
        assert_eq!(offered["ChallengeName"], "SELECT_CHALLENGE");
        let all = json!(["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP", "SMS_OTP"]);
        assert_eq!(offered["AvailableChallenges"], all);
        offered
    };
    let choose = |offered: &Value, choice: &str, more: &[(&str, &str)]| {
        let responses = [&[("ANSWER", choice)], more].concat();
        answer(&stand_in, offered, "ines", &responses)
    };
    let offered = offer();
    let signed_in = choose(&offered, "PASSWORD", &[("PASSWORD", PASSWORD)]).unwrap();
    assert!(tokens(&signed_in)["AccessToken"].is_string());
    let fired = flows::USER_AUTH_PASSWORD.was_fired(&stand_in, 0);
    let used = refused("NotAuthorized", "Invalid session for the user.");
    let again = choose(&offered, "PASSWORD", &[("PASSWORD", PASSWORD)]);
    assert_eq!(again.unwrap_err(), used);

    let srp = SrpClient::new(&stand_in.pool, PASSWORD);
    let asked = choose(&offer(), "PASSWORD_SRP", &[("SRP_A", &srp.srp_a())]).unwrap();
    prove(&stand_in, &srp, &asked).unwrap();
    let fired = flows::USER_AUTH_PASSWORD_SRP.was_fired(&stand_in, fired);

    let asked = choose(&offer(), "EMAIL_OTP", &[]).unwrap();
    assert_eq!(asked["ChallengeName"], "EMAIL_OTP");
    let code = stand_in.code_for(EMAIL);
    let wrong = [("EMAIL_OTP_CODE", other_than(&code))];
    let wrong = answer(&stand_in, &asked, "ines", &wrong).unwrap_err();
    let text = "Invalid code or auth state for the user.";
    assert_eq!(wrong, refused("CodeMismatch", text));
    answer(&stand_in, &asked, "ines", &[("EMAIL_OTP_CODE", &code)]).unwrap();
    let fired = flows::USER_AUTH_EMAIL_OTP.was_fired(&stand_in, fired);

    let asked = choose(&offer(), "SMS_OTP", &[]).unwrap();
    let code = stand_in.code_for(NUMBER);
    answer(&stand_in, &asked, "ines", &[("SMS_OTP_CODE", &code)]).unwrap();
    flows::USER_AUTH_SMS_OTP.was_fired(&stand_in, fired);
}

#[test]
fn a_preference_saves_the_choice() {
    let stand_in = stand_in(&["Passwordless=true"]);
    ines(&stand_in);
    let prefer = |factor: &str, more: &[(&str, &str)]| {
        let all = [&[("PREFERRED_CHALLENGE", factor)], more].concat();
        begin(&stand_in, "ines", &all)
    };
    let signed_in = prefer("PASSWORD", &[("PASSWORD", PASSWORD)]).unwrap();
    assert!(tokens(&signed_in)["AccessToken"].is_string());
    let asked = prefer("PASSWORD", &[]).unwrap();
    assert_eq!(asked["ChallengeName"], "PASSWORD");
    answer(&stand_in, &asked, "ines", &[("PASSWORD", PASSWORD)]).unwrap();

    let srp = SrpClient::new(&stand_in.pool, PASSWORD);
    let asked = prefer("PASSWORD_SRP", &[("SRP_A", &srp.srp_a())]).unwrap();
    prove(&stand_in, &srp, &asked).unwrap();
    let asked = prefer("PASSWORD_SRP", &[]).unwrap();
    assert_eq!(asked["ChallengeName"], "PASSWORD_SRP");
    let asked = answer(&stand_in, &asked, "ines", &[("SRP_A", &srp.srp_a())]).unwrap();
    prove(&stand_in, &srp, &asked).unwrap();

    let asked = prefer("EMAIL_OTP", &[]).unwrap();
    assert_eq!(asked["ChallengeName"], "EMAIL_OTP");
    // Her number is not verified, so codes do not go there.
    let offered = prefer("SMS_OTP", &[]).unwrap();
    let available = json!(["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP"]);
    assert_eq!(offered["AvailableChallenges"], available);
    let refusal = answer(&stand_in, &offered, "ines", &[("ANSWER", "SMS_OTP")]).unwrap_err();
    assert_eq!(refusal.name, "InvalidParameterException");
    let passkey = prefer("WEB_AUTHN", &[]).unwrap_err();
    let text = "local-cognito does not support the challenge WEB_AUTHN";
    assert_eq!(passkey, refused("UnsupportedOperation", text));
    assert!(prefer("SECRET_QUESTION", &[]).is_err());

    let other = stand_in.client_id("OtherClient");
    let parameters = json!({"USERNAME": "ines"});
    let refusal = idp::initiate(&stand_in, &other, "USER_AUTH", parameters).unwrap_err();
    let text = "USER_AUTH flow not enabled for this client";
    assert_eq!(refusal, refused("InvalidParameter", text));
}

#[test]
fn nobody_learns_who_exists() {
    let stand_in = stand_in(&["Passwordless=true"]);
    everybody(&stand_in);
    let shape = |challenge: &Value| {
        let mut shape = challenge.clone();
        shape["Session"] = json!(challenge["Session"].as_str().map(str::len));
        for value in shape["ChallengeParameters"]
            .as_object_mut()
            .unwrap()
            .values_mut()
        {
            // Numbers of one length may begin with a zero; addresses are masked to one letter each.
            let text = value.as_str().unwrap();
            let medium = ["SMS", "EMAIL"].contains(&text).then(|| text.to_owned());
            *value = json!(medium);
        }
        shape
    };
    let srp = SrpClient::new(&stand_in.pool, "Wrong-Horse-19-Battery");
    let srp_a = srp.srp_a();
    let wrong_password = ("PASSWORD", "Wrong-Horse-19-Battery");
    let wrong = refused("NotAuthorized", "Incorrect username or password.");
    let mismatch = refused("CodeMismatch", "Invalid code or auth state for the user.");
    let ways: [&[(&str, &str)]; 6] = [
        &[],
        &[("PREFERRED_CHALLENGE", "PASSWORD")],
        &[("PREFERRED_CHALLENGE", "PASSWORD_SRP")],
        &[("PREFERRED_CHALLENGE", "PASSWORD_SRP"), ("SRP_A", &srp_a)],
        &[("PREFERRED_CHALLENGE", "EMAIL_OTP")],
        &[("PREFERRED_CHALLENGE", "SMS_OTP")],
    ];
    for way in ways {
        let known = begin(&stand_in, "ines", way).unwrap();
        let unknown = begin(&stand_in, "nobody", way).unwrap();
        assert_eq!(shape(&unknown), shape(&known), "{way:?}");
    }
    for name in ["ines", "nobody"] {
        let told = begin(
            &stand_in,
            name,
            &[("PREFERRED_CHALLENGE", "PASSWORD"), wrong_password],
        );
        assert_eq!(told.unwrap_err(), wrong, "{name}");
        let offered = begin(&stand_in, name, &[]).unwrap();
        let told = answer(
            &stand_in,
            &offered,
            name,
            &[("ANSWER", "PASSWORD"), wrong_password],
        );
        assert_eq!(told.unwrap_err(), wrong, "{name}");
        let asked = begin(
            &stand_in,
            name,
            &[("PREFERRED_CHALLENGE", "PASSWORD_SRP"), ("SRP_A", &srp_a)],
        );
        let told = prove(&stand_in, &srp, &asked.unwrap());
        assert_eq!(told.unwrap_err(), wrong, "{name}");
        let offered = begin(&stand_in, name, &[]).unwrap();
        let asked = answer(&stand_in, &offered, name, &[("ANSWER", "EMAIL_OTP")]).unwrap();
        let code = stand_in.code_for(EMAIL);
        for _ in 0..3 {
            let wrong = [("EMAIL_OTP_CODE", other_than(&code))];
            let told = answer(&stand_in, &asked, name, &wrong);
            assert_eq!(told.unwrap_err(), mismatch, "{name}");
        }
        let told = answer(&stand_in, &asked, name, &[("EMAIL_OTP_CODE", &code)]);
        let used = refused("NotAuthorized", "Invalid session for the user.");
        assert_eq!(told.unwrap_err(), used, "{name}");
    }
    // Where a made-up address would be masked, the same one stands every time.
    let destination = || {
        let asked = begin(&stand_in, "nobody", &[("PREFERRED_CHALLENGE", "EMAIL_OTP")]).unwrap();
        asked["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"].clone()
    };
    assert_eq!(destination(), destination());
    let outbox = stand_in.get("outbox");
    let sent = outbox.as_array().unwrap().iter();
    let mut recipients: Vec<_> = sent
        .map(|message| message["to"].as_str().unwrap())
        .collect();
    recipients.sort_unstable();
    recipients.dedup();
    assert_eq!(recipients, [NUMBER, EMAIL]);
}

#[test]
fn whoever_is_disabled_gets_no_code_and_no_hint() {
    let stand_in = stand_in(&["Passwordless=true"]);
    everybody(&stand_in);
    admin(&stand_in, "AdminDisableUser", "ines", json!({})).unwrap();
    let asked = begin(&stand_in, "ines", &[("PREFERRED_CHALLENGE", "EMAIL_OTP")]).unwrap();
    assert_eq!(asked["ChallengeName"], "EMAIL_OTP");
    assert_eq!(stand_in.get("outbox"), json!([]));
    assert!(answer(&stand_in, &asked, "ines", &[("EMAIL_OTP_CODE", "123456")]).is_err());
    let fired = trigger_sources(&stand_in);
    assert_eq!(fired, ["PreAuthentication_Authentication"]);
}

#[test]
fn a_second_factor_and_a_code_in_the_passwords_place_exclude_each_other() {
    let stand_in = stand_in(&["Passwordless=true", "Mfa=OPTIONAL"]);
    everybody(&stand_in);
    let code_is_offered = || {
        let offered = begin(&stand_in, "ines", &[]).unwrap();
        offered["AvailableChallenges"]
            .to_string()
            .contains("EMAIL_OTP")
    };
    assert!(code_is_offered());
    // Who asks for a code and then sets up a second factor needs it all the same.
    let asked = begin(&stand_in, "ines", &[("PREFERRED_CHALLENGE", "EMAIL_OTP")]).unwrap();
    let code = stand_in.code_for(EMAIL);
    prefer(&stand_in, "ines", &[("SMS", true)]).unwrap();
    let next = answer(&stand_in, &asked, "ines", &[("EMAIL_OTP_CODE", &code)]).unwrap();
    assert_eq!(next["ChallengeName"], "SMS_MFA");
    assert!(!code_is_offered());
    let password = [("PREFERRED_CHALLENGE", "PASSWORD"), ("PASSWORD", PASSWORD)];
    let asked = begin(&stand_in, "ines", &password).unwrap();
    assert_eq!(asked["ChallengeName"], "SMS_MFA");

    let required =
        json!({"UserPoolId": stand_in.pool, "MfaConfiguration": "ON", "SmsMfaConfiguration": {}});
    let refusal = idp::call(&stand_in, "SetUserPoolMfaConfig", required).unwrap_err();
    assert_eq!(refusal.name, "InvalidParameterException");
}

#[test]
fn a_session_is_its_users_and_its_clients() {
    let stand_in = stand_in(&["Passwordless=true"]);
    everybody(&stand_in);
    person(&stand_in, "eve", &[]);
    let used = refused("NotAuthorized", "Invalid session for the user.");
    let offered = begin(&stand_in, "eve", &[]).unwrap();
    let stolen = answer(&stand_in, &offered, "ines", &[("ANSWER", "EMAIL_OTP")]);
    assert_eq!(stolen.unwrap_err(), used);
    // Eve has no address, so no code is offered to her; nor does it help her to say that it was.
    let refusal = answer(&stand_in, &offered, "eve", &[("ANSWER", "EMAIL_OTP")]).unwrap_err();
    assert_eq!(refusal.name, "InvalidParameterException");
    let asked = json!({"ChallengeName": "EMAIL_OTP", "Session": offered["Session"]});
    let told = answer(&stand_in, &asked, "eve", &[("EMAIL_OTP_CODE", "123456")]);
    assert_eq!(told.unwrap_err(), used);
    // A password that is set meanwhile ends the choice.
    let password = json!({"Password": "Another-Horse-20-Battery", "Permanent": true});
    admin(&stand_in, "AdminSetUserPassword", "eve", password).unwrap();
    let more = [
        ("ANSWER", "PASSWORD"),
        ("PASSWORD", "Another-Horse-20-Battery"),
    ];
    assert_eq!(answer(&stand_in, &offered, "eve", &more).unwrap_err(), used);

    let offered = begin(&stand_in, "ines", &[]).unwrap();
    stand_in.advance_clock(180);
    let late = answer(&stand_in, &offered, "ines", &[("ANSWER", "EMAIL_OTP")]);
    let text = "Invalid session for the user, session is expired.";
    assert_eq!(late.unwrap_err(), refused("NotAuthorized", text));
}

#[test]
fn whoever_is_unconfirmed_looks_like_nobody() {
    let stand_in = stand_in(&["Passwordless=true"]);
    let input =
        json!({"ClientId": stand_in.web_client, "Username": "ines", "Password": idp::PASSWORD});
    idp::call(&stand_in, "SignUp", input).unwrap();
    let shape = |name: &str, way: &[(&str, &str)]| {
        let asked = begin(&stand_in, name, way).unwrap();
        let destination = &asked["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"];
        (
            asked["ChallengeName"].clone(),
            asked["AvailableChallenges"].clone(),
            destination.as_str().map(str::len),
        )
    };
    for way in [
        &[][..],
        &[("PREFERRED_CHALLENGE", "EMAIL_OTP")],
        &[("PREFERRED_CHALLENGE", "SMS_OTP")],
    ] {
        assert_eq!(shape("ines", way), shape("nobody", way), "{way:?}");
    }
    assert_eq!(stand_in.get("outbox"), json!([]));
}

#[test]
fn the_lowest_tier_has_no_choice() {
    let stand_in = stand_in(&[]);
    let input = json!({"PoolName": "small", "UserPoolTier": "LITE"});
    let made = idp::call(&stand_in, "CreateUserPool", input).unwrap();
    let input = json!({
        "UserPoolId": made["UserPool"]["Id"], "ClientName": "small", "ExplicitAuthFlows": ["ALLOW_USER_AUTH"],
    });
    let made = idp::call(&stand_in, "CreateUserPoolClient", input).unwrap();
    let client = made["UserPoolClient"]["ClientId"].as_str().unwrap();
    let parameters = json!({"USERNAME": "ines"});
    let refusal = idp::initiate(&stand_in, client, "USER_AUTH", parameters).unwrap_err();
    assert_eq!(refusal.name, "FeatureUnavailableInTierException");
}
