//! What users get where functions of ours send in Cognito's place: by the real functions, with codes that the stand-in's KMS key encrypts.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::idp::{self, PASSWORD, admin, sign_in};
use crate::run_time_pools::{made_client, made_pool, permit};

const INES: &str = "ines.falk@example.org";
const NUMBER: &str = "+4915112345678";

/// A stand-in whose senders are ours, with two regions for e-mails.
fn stand_in() -> StandIn {
    let parameters = [
        "CustomSenders=both",
        "PasswordSignIn=true",
        "AppName=Nordwind",
        "EmailFrom=Nordwind <no-reply@example.org>",
        "EmailRegions=eu-central-1,eu-west-1",
        "ConfirmUrl=https://app.example.org/confirm",
    ];
    let options = parameters.map(|parameter| ["--parameter", parameter]);
    StandIn::start(options.as_flattened())
}

fn sign_up(stand_in: &StandIn) {
    let attributes = json!([{"Name": "email", "Value": INES}, {"Name": "name", "Value": "Ines"}]);
    let input = json!({
        "ClientId": stand_in.web_client, "Username": INES, "Password": PASSWORD, "UserAttributes": attributes,
        "ClientMetadata": {"locale": "de"},
    });
    let answer = idp::call(stand_in, "SignUp", input).unwrap();
    assert_eq!(answer["CodeDeliveryDetails"]["Destination"], "i***@e***");
}

/// The one message to somebody, as soon as it is there.
fn arrived(stand_in: &StandIn, to: &str) -> Value {
    stand_in.sent(1, |message| message["to"] == to).remove(0)
}

/// The six digits of a text.
fn code_in(message: &Value) -> String {
    let body = message["body"].as_str().unwrap();
    let mut words = body.split(|char: char| !char.is_ascii_digit());
    words.find(|word| word.len() == 6).unwrap().to_owned()
}

fn confirm(stand_in: &StandIn, code: &str) {
    let input =
        json!({"ClientId": stand_in.web_client, "Username": INES, "ConfirmationCode": code});
    idp::call(stand_in, "ConfirmSignUp", input).unwrap();
}

#[test]
fn a_code_comes_by_ses_and_confirms_the_user() {
    let stand_in = stand_in();
    sign_up(&stand_in);
    let message = arrived(&stand_in, INES);
    assert_eq!(message["provider"], "ses");
    assert_eq!(message["region"], "eu-central-1");
    assert_eq!(message["from"], "Nordwind <no-reply@example.org>");
    let html = message["html"].as_str().unwrap();
    let code = code_in(&message);
    assert!(
        html.contains("<html lang='de'") && html.contains(&code),
        "{html}"
    );
    confirm(&stand_in, &code);
    sign_in(&stand_in, &stand_in.web_client, INES, PASSWORD).unwrap();

    let calls = stand_in.get("calls");
    let mut calls = calls.as_array().unwrap().iter();
    let sender = calls.find(|call| call["triggerSource"] == "CustomEmailSender_SignUp");
    let event = &sender.unwrap()["event"];
    assert_eq!(event["request"]["code"], "[masked]");
    assert_eq!(event["request"]["clientMetadata"], json!({"locale": "de"}));
    assert!(event.get("response").is_none());
    assert!(stand_in.logs(r#""reason":"Sent""#));
    for secret in [code.as_str(), INES] {
        assert!(!stand_in.log().contains(secret));
    }
}

#[test]
fn another_region_sends_when_the_first_fails() {
    let stand_in = stand_in();
    stand_in.fault(
        "ses",
        Some("eu-central-1"),
        Some("TooManyRequestsException"),
    );
    sign_up(&stand_in);
    let message = arrived(&stand_in, INES);
    assert_eq!(message["region"], "eu-west-1");
    confirm(&stand_in, &code_in(&message));
}

#[test]
fn what_nobody_sends_comes_again_and_then_goes_to_the_queue() {
    let stand_in = stand_in();
    stand_in.fault("ses", None, Some("SendingPausedException"));
    sign_up(&stand_in);
    for pause in [60, 120] {
        assert!(stand_in.logs(&format!("it comes again in {pause} s")));
        stand_in.advance_clock(pause);
    }
    assert!(stand_in.logs("failed for good"));
    let letters = stand_in.get("dead-letters");
    assert_eq!(letters.as_array().map(Vec::len), Some(1));
    let letter = letters[0].to_string();
    assert!(letter.contains("CustomEmailSender_SignUp"), "{letter}");
    assert!(!stand_in.get("outbox").to_string().contains("ses"));
}

#[test]
fn an_event_that_failed_is_sent_when_it_comes_again() {
    let stand_in = stand_in();
    stand_in.fault("ses", None, Some("SendingPausedException"));
    sign_up(&stand_in);
    assert!(stand_in.logs("it comes again in 60 s"));
    stand_in.fault("ses", None, None);
    stand_in.advance_clock(60);
    confirm(&stand_in, &code_in(&arrived(&stand_in, INES)));
    assert_eq!(stand_in.get("dead-letters"), json!([]));
}

#[test]
fn a_temporary_password_arrives_as_it_is() {
    let stand_in = stand_in();
    let password = "a<b>&lt;&c-Horse-19";
    let attributes =
        json!([{"Name": "email", "Value": INES}, {"Name": "email_verified", "Value": "true"}]);
    let more = json!({
        "TemporaryPassword": password, "UserAttributes": attributes, "DesiredDeliveryMediums": ["EMAIL"],
    });
    admin(&stand_in, "AdminCreateUser", INES, more).unwrap();
    let message = arrived(&stand_in, INES);
    let body = message["body"].as_str().unwrap();
    assert!(body.contains(password) && body.contains(INES), "{body}");
    let asked = sign_in(&stand_in, &stand_in.web_client, INES, password).unwrap();
    assert_eq!(asked["ChallengeName"], "NEW_PASSWORD_REQUIRED");
}

#[test]
fn a_text_message_comes_by_sns() {
    let stand_in = stand_in();
    let password = "Temporary-Horse-19";
    let attributes = json!([
        {"Name": "email", "Value": INES}, {"Name": "phone_number", "Value": NUMBER},
        {"Name": "phone_number_verified", "Value": "true"},
    ]);
    let more = json!({
        "TemporaryPassword": password, "UserAttributes": attributes, "DesiredDeliveryMediums": ["SMS"],
    });
    admin(&stand_in, "AdminCreateUser", INES, more).unwrap();
    let message = arrived(&stand_in, NUMBER);
    assert_eq!(message["provider"], "sns");
    let body = message["body"].as_str().unwrap();
    assert!(body.contains(password), "{body}");
}

/// The function's role decrypts what is for the template's pool.
#[test]
fn a_code_of_another_pool_is_not_decrypted() {
    let stand_in = stand_in();
    let described = json!({"UserPoolId": stand_in.pool});
    let described = idp::call(&stand_in, "DescribeUserPool", described).unwrap();
    let wired = &described["UserPool"]["LambdaConfig"];
    let sender = wired["CustomSMSSender"].clone();
    let pool = made_pool(
        &stand_in,
        json!({
            "PoolName": "numbers",
            "UsernameAttributes": ["phone_number"],
            "AutoVerifiedAttributes": ["phone_number"],
            "LambdaConfig": {"CustomSMSSender": sender, "KMSKeyID": wired["KMSKeyID"]},
        }),
    );
    let arn = sender["LambdaArn"].as_str().unwrap();
    permit(&stand_in, arn.rsplit(':').next().unwrap(), &pool);
    let flows = json!(["ALLOW_USER_PASSWORD_AUTH"]);
    let client = made_client(&stand_in, &pool, json!({"ExplicitAuthFlows": flows}));
    let attributes = json!([{"Name": "phone_number", "Value": NUMBER}]);
    let input = json!({"ClientId": client, "Username": NUMBER, "Password": PASSWORD, "UserAttributes": attributes});
    idp::call(&stand_in, "SignUp", input).unwrap();
    assert!(stand_in.logs("failed to have the data key decrypted: AccessDeniedException"));
    assert_eq!(stand_in.get("outbox"), json!([]));
}

#[test]
fn a_sender_needs_a_key() {
    let stand_in = stand_in();
    let described = json!({"UserPoolId": stand_in.pool});
    let described = idp::call(&stand_in, "DescribeUserPool", described).unwrap();
    let sender = &described["UserPool"]["LambdaConfig"]["CustomEmailSender"];
    let pool = json!({"PoolName": "keyless", "LambdaConfig": {"CustomEmailSender": sender}});
    let refused = idp::call(&stand_in, "CreateUserPool", pool).unwrap_err();
    assert_eq!(refused.name, "InvalidParameterException");
    assert!(refused.text.contains("KMSKeyID"), "{}", refused.text);
}
