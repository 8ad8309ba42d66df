//! Second factors that are sent: which one a sign-in asks for, and how a code by SMS or e-mail ends it.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::flows;
use crate::idp::{self, PASSWORD, Refused, admin, refused, template, tokens};
use crate::recorded::last_request;
use crate::recovery::person;

pub(crate) const EMAIL: &str = "ines.falk@example.org";
pub(crate) const NUMBER: &str = "+4915112345678";

/// A stand-in with the pool that knows every factor.
pub(crate) fn stand_in(parameters: &[&str]) -> StandIn {
    let template = template("factors.yaml");
    let mut options = vec!["--template", template.as_str()];
    for parameter in parameters {
        options.extend(["--parameter", *parameter]);
    }
    StandIn::start(&options)
}

/// `ines`, whose address is verified and whose number is not.
pub(crate) fn ines(stand_in: &StandIn) {
    let attributes = [
        ("email", EMAIL),
        ("email_verified", "true"),
        ("phone_number", NUMBER),
    ];
    person(stand_in, "ines", &attributes);
}

/// Sets which second factors a user has: each with whether it is preferred.
pub(crate) fn prefer(
    stand_in: &StandIn,
    username: &str,
    factors: &[(&str, bool)],
) -> Result<Value, Refused> {
    let settings = factors.iter().map(|(factor, preferred)| {
        let setting = json!({"Enabled": true, "PreferredMfa": preferred});
        (format!("{factor}MfaSettings"), setting)
    });
    let settings = Value::Object(settings.collect());
    admin(stand_in, "AdminSetUserMFAPreference", username, settings)
}

/// Sends the password.
pub(crate) fn begin(stand_in: &StandIn, username: &str) -> Result<Value, Refused> {
    idp::sign_in(stand_in, &stand_in.web_client, username, PASSWORD)
}

/// Answers a challenge by what it asks, under the name that it gives the user.
pub(crate) fn answer(
    stand_in: &StandIn,
    challenge: &Value,
    username: &str,
    responses: &[(&str, &str)],
) -> Result<Value, Refused> {
    let all = [&[("USERNAME", username)], responses].concat();
    let all = all
        .into_iter()
        .map(|(name, text)| (name.to_owned(), json!(text)));
    idp::call(
        stand_in,
        "RespondToAuthChallenge",
        json!({
            "ClientId": stand_in.web_client, "ChallengeName": challenge["ChallengeName"], "Session": challenge["Session"],
            "ChallengeResponses": Value::Object(all.collect()), "ClientMetadata": {"appVersion": "3.8.1"},
        }),
    )
}

#[test]
fn a_code_by_sms_or_email_ends_the_sign_in() {
    let stand_in = stand_in(&["Mfa=OPTIONAL"]);
    ines(&stand_in);
    begin(&stand_in, "ines").unwrap();
    let before = flows::USER_PASSWORD_AUTH.was_fired(&stand_in, 0);

    prefer(&stand_in, "ines", &[("SMS", true), ("Email", false)]).unwrap();
    let asked = begin(&stand_in, "ines").unwrap();
    assert_eq!(asked["ChallengeName"], "SMS_MFA");
    let parameters = json!({
        "CODE_DELIVERY_DELIVERY_MEDIUM": "SMS", "CODE_DELIVERY_DESTINATION": "+*******5678", "USER_ID_FOR_SRP": "ines",
    });
    assert_eq!(asked["ChallengeParameters"], parameters);
    assert!(tokens(&asked).is_null());
    let code = stand_in.code_for(NUMBER);
    let sent = stand_in.get("outbox");
    assert_eq!(sent[0]["body"], format!("In with {code}"));
    let signed_in = answer(&stand_in, &asked, "ines", &[("SMS_MFA_CODE", &code)]).unwrap();
    assert!(tokens(&signed_in)["AccessToken"].is_string());
    let before = flows::SMS_MFA.was_fired(&stand_in, before);
    // D: what the answer brings reaches the triggers after it, and the message only from a server.
    let metadata = json!({"appVersion": "3.8.1"});
    for source in [
        "PostAuthentication_Authentication",
        "TokenGeneration_Authentication",
    ] {
        assert_eq!(last_request(&stand_in, source)["clientMetadata"], metadata);
    }
    // D: whoever brings the code back has shown that the number is theirs.
    let shown = admin(&stand_in, "AdminGetUser", "ines", json!({})).unwrap();
    assert!(
        shown
            .to_string()
            .contains(r#""phone_number_verified","Value":"true""#)
    );
    assert_eq!(shown["UserMFASettingList"], json!(["SMS_MFA", "EMAIL_OTP"]));
    assert_eq!(shown["PreferredMfaSetting"], "SMS_MFA");

    prefer(&stand_in, "ines", &[("Email", true)]).unwrap();
    let (_, proof) = idp::srp(&stand_in, &stand_in.web_client, "ines", PASSWORD).unwrap();
    let web = &stand_in.web_client;
    let asked = idp::respond(&stand_in, web, "PASSWORD_VERIFIER", &Value::Null, proof).unwrap();
    assert_eq!(asked["ChallengeName"], "EMAIL_OTP");
    let code = stand_in.code_for(EMAIL);
    let sent = stand_in.get("outbox");
    assert_eq!(sent[1]["body"], format!("{code} lets you in."));
    assert_eq!(sent[1]["subject"], "Your code");
    answer(&stand_in, &asked, EMAIL, &[("EMAIL_OTP_CODE", &code)]).unwrap();
    flows::EMAIL_MFA.was_fired(&stand_in, before);
}

#[test]
fn a_new_password_does_not_do_without_the_second_factor() {
    let stand_in = stand_in(&["Mfa=ON"]);
    let attributes = json!([{"Name": "phone_number", "Value": NUMBER}]);
    let more = json!({"TemporaryPassword": PASSWORD, "UserAttributes": attributes, "MessageAction": "SUPPRESS"});
    admin(&stand_in, "AdminCreateUser", "jan", more).unwrap();
    let asked = begin(&stand_in, "jan").unwrap();
    assert_eq!(asked["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    let password = [("NEW_PASSWORD", "Another-Horse-20-Battery")];
    let asked = answer(&stand_in, &asked, "jan", &password).unwrap();
    // D: whoever has a number and nothing else gets the code there, where a second factor is required.
    assert_eq!(asked["ChallengeName"], "SMS_MFA");
    let code = stand_in.code_for(NUMBER);
    answer(&stand_in, &asked, "jan", &[("SMS_MFA_CODE", &code)]).unwrap();
    flows::NEW_PASSWORD_AND_MFA.was_fired(&stand_in, 0);
}

#[test]
fn who_has_several_chooses() {
    let stand_in = stand_in(&["Mfa=ON"]);
    ines(&stand_in);
    let asked = begin(&stand_in, "ines").unwrap();
    assert_eq!(asked["ChallengeName"], "SELECT_MFA_TYPE");
    let can_choose = &asked["ChallengeParameters"]["MFAS_CAN_CHOOSE"];
    assert_eq!(can_choose, r#"["SMS_MFA","EMAIL_OTP"]"#);
    for wrong in ["SOFTWARE_TOKEN_MFA", "EMAIL", ""] {
        let refusal = answer(&stand_in, &asked, "ines", &[("ANSWER", wrong)]).unwrap_err();
        assert_eq!(refusal.name, "InvalidParameterException", "{wrong}");
    }
    let chosen = answer(&stand_in, &asked, "ines", &[("ANSWER", "EMAIL_OTP")]).unwrap();
    let again = answer(&stand_in, &asked, "ines", &[("ANSWER", "SMS_MFA")]);
    let used = refused("NotAuthorized", "Invalid session for the user.");
    assert_eq!(again.unwrap_err(), used);
    let code = stand_in.code_for(EMAIL);
    answer(&stand_in, &chosen, "ines", &[("EMAIL_OTP_CODE", &code)]).unwrap();
    flows::SELECT_MFA_TYPE.was_fired(&stand_in, 0);
}

#[test]
fn a_servers_metadata_reaches_the_message() {
    let stand_in = stand_in(&["Mfa=ON"]);
    ines(&stand_in);
    let parameters = json!({"USERNAME": "ines", "PASSWORD": PASSWORD});
    let more = json!({
        "ClientId": stand_in.web_client, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": parameters,
        "ClientMetadata": {"from": "the start"},
    });
    let asked = admin(&stand_in, "AdminInitiateAuth", "ines", more).unwrap();
    let more = json!({
        "ClientId": stand_in.web_client, "ChallengeName": "SELECT_MFA_TYPE", "Session": asked["Session"],
        "ChallengeResponses": {"USERNAME": "ines", "ANSWER": "SMS_MFA"}, "ClientMetadata": {"from": "the answer"},
    });
    admin(&stand_in, "AdminRespondToAuthChallenge", "ines", more).unwrap();
    let asked = last_request(&stand_in, "CustomMessage_Authentication");
    assert_eq!(asked["clientMetadata"], json!({"from": "the answer"}));
}

#[test]
fn preferences_are_of_factors_that_one_has() {
    let stand_in = stand_in(&["Mfa=OPTIONAL"]);
    person(&stand_in, "jan", &[("phone_number", NUMBER)]);
    let not_set_up = |factor: &str| {
        let text = format!("User does not have delivery config set to turn on {factor}");
        refused("InvalidParameter", &text)
    };
    for (factor, name) in [
        ("SoftwareToken", "SOFTWARE_TOKEN_MFA"),
        ("Email", "EMAIL_OTP"),
    ] {
        let refusal = prefer(&stand_in, "jan", &[(factor, false)]).unwrap_err();
        assert_eq!(refusal, not_set_up(name));
    }
    ines(&stand_in);
    let token = &tokens(&begin(&stand_in, "ines").unwrap())["AccessToken"].clone();
    let set = |settings: Value| {
        let mut input = settings;
        input["AccessToken"] = token.clone();
        idp::call(&stand_in, "SetUserMFAPreference", input)
    };
    let both = json!({"Enabled": true, "PreferredMfa": true});
    assert!(set(json!({"SMSMfaSettings": both, "EmailMfaSettings": both})).is_err());
    assert!(set(json!({"SMSMfaSettings": {"Enabled": false, "PreferredMfa": true}})).is_err());
    assert!(set(json!({"WebAuthnMfaSettings": {"Enabled": true}})).is_err());
    let user = || idp::call(&stand_in, "GetUser", json!({"AccessToken": token})).unwrap();
    assert!(user()["UserMFASettingList"].is_null());
    set(json!({"SMSMfaSettings": both})).unwrap();
    set(json!({"EmailMfaSettings": {"Enabled": true}})).unwrap();
    assert_eq!(
        user()["UserMFASettingList"],
        json!(["SMS_MFA", "EMAIL_OTP"])
    );
    assert_eq!(user()["PreferredMfaSetting"], "SMS_MFA");
    set(json!({"SMSMfaSettings": {"Enabled": false}})).unwrap();
    assert!(user()["PreferredMfaSetting"].is_null());
    assert_eq!(
        begin(&stand_in, "ines").unwrap()["ChallengeName"],
        "EMAIL_OTP"
    );

    let pool = json!({"UserPoolId": stand_in.pool});
    let mut required = pool.clone();
    required["MfaConfiguration"] = json!("ON");
    required["EmailMfaConfiguration"] = json!({});
    idp::call(&stand_in, "SetUserPoolMfaConfig", required).unwrap();
    assert!(set(json!({"EmailMfaSettings": {"Enabled": false}})).is_err());
}

#[test]
fn a_pools_factors_change_while_it_runs() {
    let stand_in = stand_in(&[]);
    ines(&stand_in);
    let set = |change: Value| {
        let mut input = change;
        input["UserPoolId"] = json!(stand_in.pool);
        idp::call(&stand_in, "SetUserPoolMfaConfig", input)
    };
    let shown = || {
        let input = json!({"UserPoolId": stand_in.pool});
        idp::call(&stand_in, "GetUserPoolMfaConfig", input).unwrap()
    };
    let off =
        json!({"MfaConfiguration": "OFF", "SoftwareTokenMfaConfiguration": {"Enabled": false}});
    assert_eq!(shown(), off);
    let text = "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.";
    let nothing = set(json!({"MfaConfiguration": "ON"}));
    assert_eq!(nothing.unwrap_err(), refused("InvalidParameter", text));
    for wrong in [
        json!({"MfaConfiguration": "ALWAYS"}),
        json!({"MfaConfiguration": "ON", "SmsMfaConfiguration": {"SmsAuthenticationMessage": "no code"}}),
        json!({"MfaConfiguration": "ON", "WebAuthnConfiguration": {}}),
    ] {
        assert!(set(wrong.clone()).is_err(), "{wrong}");
    }
    assert_eq!(shown(), off);
    set(json!({
        "MfaConfiguration": "ON", "SmsMfaConfiguration": {"SmsAuthenticationMessage": "Now {####}"},
    }))
    .unwrap();
    assert_eq!(
        shown()["SmsMfaConfiguration"]["SmsAuthenticationMessage"],
        "Now {####}"
    );
    assert_eq!(
        begin(&stand_in, "ines").unwrap()["ChallengeName"],
        "SMS_MFA"
    );
    let code = stand_in.code_for(NUMBER);
    assert_eq!(stand_in.get("outbox")[0]["body"], format!("Now {code}"));
}
