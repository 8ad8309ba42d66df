//! The flows that every pool has, with a function on each trigger that does nothing: what they fire, in which order.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::flows;
use crate::idp::{self, PASSWORD, admin, template};
use crate::recorded::last_request;

const EMAIL: &str = "ines.falk@example.org";

fn stand_in() -> StandIn {
    StandIn::start(&[
        "--template",
        &template("failing-triggers.yaml"),
        "--parameter",
        "Failing=none",
    ])
}

#[test]
fn from_sign_up_to_refresh() {
    let stand_in = stand_in();
    let (web, metadata) = (&stand_in.web_client, json!({"locale": "de-DE"}));
    let input = json!({
        "ClientId": web, "Username": EMAIL, "Password": PASSWORD, "ClientMetadata": metadata,
        "ValidationData": [{"Name": "inviteCode", "Value": "SPRING-7741"}],
    });
    idp::call(&stand_in, "SignUp", input).unwrap();
    let fired = flows::SIGN_UP.was_fired(&stand_in, 0);
    // What SignUp brings reaches both.
    for source in ["PreSignUp_SignUp", "CustomMessage_SignUp"] {
        assert_eq!(last_request(&stand_in, source)["clientMetadata"], metadata);
    }

    let input = json!({"ClientId": web, "Username": EMAIL});
    idp::call(&stand_in, "ResendConfirmationCode", input).unwrap();
    let fired = flows::RESEND_CONFIRMATION_CODE.was_fired(&stand_in, fired);
    let code = stand_in.code_for(EMAIL);
    let input = json!({"ClientId": web, "Username": EMAIL, "ConfirmationCode": code, "ClientMetadata": metadata});
    idp::call(&stand_in, "ConfirmSignUp", input).unwrap();
    let fired = flows::CONFIRM_SIGN_UP.was_fired(&stand_in, fired);
    let confirmed = last_request(&stand_in, "PostConfirmation_ConfirmSignUp");
    assert_eq!(confirmed["clientMetadata"], metadata);
    assert_eq!(
        confirmed["userAttributes"]["cognito:user_status"],
        "CONFIRMED"
    );

    let (_, proof) = idp::srp(&stand_in, web, EMAIL, PASSWORD).unwrap();
    let signed_in = idp::respond(&stand_in, web, "PASSWORD_VERIFIER", &Value::Null, proof);
    let signed_in = signed_in.unwrap();
    let fired = flows::USER_SRP_AUTH.was_fired(&stand_in, fired);

    let parameters = json!({"REFRESH_TOKEN": idp::tokens(&signed_in)["RefreshToken"]});
    idp::initiate(&stand_in, web, "REFRESH_TOKEN_AUTH", parameters).unwrap();
    let fired = flows::REFRESH_TOKEN_AUTH.was_fired(&stand_in, fired);
    let refresh_token = &idp::tokens(&signed_in)["RefreshToken"];
    idp::get_tokens(&stand_in, web, refresh_token).unwrap();
    flows::GET_TOKENS_FROM_REFRESH_TOKEN.was_fired(&stand_in, fired);
}

#[test]
fn a_password_that_is_sent_itself() {
    let stand_in = stand_in();
    idp::user(&stand_in, EMAIL, EMAIL);
    let before = flows::SIGN_UP.fires.len() + flows::CONFIRM_SIGN_UP.fires.len();
    let client = stand_in.client_id("PasswordClient");
    let parameters = json!({"USERNAME": EMAIL, "PASSWORD": PASSWORD});
    let input = json!({
        "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters,
        "ClientMetadata": {"deviceFingerprint": "fp-90ab"},
    });
    idp::call(&stand_in, "InitiateAuth", input).unwrap();
    let fired = flows::USER_PASSWORD_AUTH.was_fired(&stand_in, before);
    // What InitiateAuth brings reaches the triggers before the password alone, under another name.
    let asked = last_request(&stand_in, "PreAuthentication_Authentication");
    assert_eq!(
        asked["validationData"],
        json!({"deviceFingerprint": "fp-90ab"})
    );
    for source in [
        "PostAuthentication_Authentication",
        "TokenGeneration_Authentication",
    ] {
        assert_eq!(last_request(&stand_in, source).get("clientMetadata"), None);
    }

    let input = json!({
        "UserPoolId": stand_in.pool, "ClientId": client, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": parameters,
    });
    idp::call(&stand_in, "AdminInitiateAuth", input).unwrap();
    let fired = flows::ADMIN_USER_PASSWORD_AUTH.was_fired(&stand_in, fired);

    let wrong = idp::sign_in(&stand_in, &client, EMAIL, "Wrong-Horse-19-Battery");
    let unknown = idp::sign_in(&stand_in, &client, "nobody@example.org", PASSWORD);
    assert_eq!(wrong.unwrap_err(), unknown.unwrap_err());
    // The wrong password had its turn too.
    flows::UNKNOWN_USER.was_fired(&stand_in, fired + 1);
    let asked = last_request(&stand_in, "PreAuthentication_Authentication");
    assert_eq!(asked["userNotFound"], true);
}

#[test]
fn a_name_that_nobody_has_fires_nothing_where_that_is_no_secret() {
    let stand_in = stand_in();
    let unknown = idp::sign_in(
        &stand_in,
        &stand_in.client_id("OpenClient"),
        EMAIL,
        PASSWORD,
    );
    assert_eq!(
        unknown.unwrap_err(),
        idp::refused("UserNotFound", "User does not exist.")
    );
    assert_eq!(stand_in.get("calls"), json!([]));
}

#[test]
fn users_whom_an_administrator_creates_or_confirms() {
    let stand_in = stand_in();
    let more =
        json!({"DesiredDeliveryMediums": ["EMAIL"], "TemporaryPassword": "Temporary-Horse-19"});
    admin(&stand_in, "AdminCreateUser", EMAIL, more).unwrap();
    let fired = flows::ADMIN_CREATE_USER.was_fired(&stand_in, 0);

    let client = stand_in.client_id("PasswordClient");
    let asked = idp::sign_in(&stand_in, &client, EMAIL, "Temporary-Horse-19").unwrap();
    let name = &asked["ChallengeParameters"]["USER_ID_FOR_SRP"];
    let responses = json!({"USERNAME": name, "NEW_PASSWORD": PASSWORD});
    let session = &asked["Session"];
    idp::respond(
        &stand_in,
        &client,
        "NEW_PASSWORD_REQUIRED",
        session,
        responses,
    )
    .unwrap();
    let fired = flows::NEW_PASSWORD.was_fired(&stand_in, fired);

    let second = "ops.lead@example.org";
    let more = json!({"MessageAction": "SUPPRESS"});
    admin(&stand_in, "AdminCreateUser", second, more).unwrap();
    let fired = flows::ADMIN_CREATE_USER_SUPPRESSED.was_fired(&stand_in, fired);

    let third = "jan.berg@example.org";
    idp::sign_up(&stand_in, third, third).unwrap();
    let fired = flows::SIGN_UP.was_fired(&stand_in, fired);
    admin(&stand_in, "AdminConfirmSignUp", third, json!({})).unwrap();
    flows::ADMIN_CONFIRM_SIGN_UP.was_fired(&stand_in, fired);
    let event = &stand_in.get("calls")[fired]["event"];
    assert_eq!(event["callerContext"]["clientId"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_up_that_an_invitation_confirms() {
    let stand_in = StandIn::start(&[
        "--parameter",
        "Invitations=required",
        "--parameter",
        "InvitationConfirms=true",
    ]);
    let text = |text: &str| aws_sdk_dynamodb::types::AttributeValue::S(text.to_owned());
    let put = stand_in.dynamodb().put_item();
    let put = put.table_name(stand_in.table("InvitationsTable"));
    let put = put.item("code", text("FOR-INES-0412"));
    put.item("email", text(EMAIL)).send().await.unwrap();
    let user = tests::user::User::new(&stand_in, EMAIL);
    user.sign_up(Some("FOR-INES-0412")).await.unwrap();
    flows::SIGN_UP_CONFIRMED.was_fired(&stand_in, 0);
    user.sign_in().await.unwrap();
}

#[test]
fn a_link_in_the_message_confirms_once() {
    let own_words = [
        "CustomMessages=on",
        "EmailIdentityArn=arn:aws:ses:us-east-1:123456789012:identity/example.org",
        "EmailFrom=Example <hello@example.org>",
        "AppName=Example",
    ];
    for words in [&[][..], &own_words] {
        let parameters = ["EmailVerification=link"].iter().chain(words);
        let options: Vec<&str> = parameters.flat_map(|text| ["--parameter", text]).collect();
        let stand_in = StandIn::start(&options);
        idp::sign_up(&stand_in, EMAIL, EMAIL).unwrap();
        let fired = stand_in.get("calls").as_array().unwrap().len();
        let outbox = stand_in.get("outbox");
        let body = outbox[0]["body"].as_str().unwrap();
        assert!(!body.contains("{##"), "{body}");
        let (_, link) = body.split_once("href=\"http://127.0.0.1").unwrap();
        let (link, _) = link.split_once('"').unwrap();
        let follow = || {
            let page = ureq::get(format!("http://127.0.0.1{link}"));
            let page = page.config().http_status_as_error(false).build().call();
            page.unwrap().body_mut().read_to_string().unwrap()
        };
        assert_eq!(follow(), "Your registration has been confirmed!\n");
        flows::CONFIRMATION_LINK.was_fired(&stand_in, fired);
        let user = admin(&stand_in, "AdminGetUser", EMAIL, json!({})).unwrap();
        assert_eq!(user["UserStatus"], "CONFIRMED");
        assert_eq!(
            follow(),
            "User cannot be confirmed. Current status is CONFIRMED\n"
        );
        flows::CONFIRMATION_LINK.was_fired(&stand_in, fired);
    }
}
