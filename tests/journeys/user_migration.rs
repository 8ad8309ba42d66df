//! Users who come over from another system: at their first sign-in, or when they have forgotten their password.

use aws_sdk_cognitoidentityprovider as cognito;
use cognito::types::{AuthFlowType, UserStatusType};
use serde_json::{Value, json};

use crate::flows;
use crate::idp::{self, Gate, PASSWORD, admin, refused, sign_in, tokens};
use crate::recorded::{last_request, trigger_sources};
use crate::recovery::{confirm, forgot};
use crate::user_migration_script::{
    EMAIL, FORGOT_PASSWORD, OLD_PASSWORD, SIGN_IN, alias_pool, at_sign_in, attributes, come_over,
    confirmed, script, stand_in, unconfirmed, users, when_forgotten,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_user_comes_over_at_the_first_sign_in() {
    let badge = attributes(json!({"custom:badge": "B-17"}));
    let stand_in = stand_in(&[at_sign_in(EMAIL, confirmed(badge, json!({})))], &[]);
    let client = stand_in.cognito();
    let signed_in = client
        .initiate_auth()
        .client_id(&stand_in.web_client)
        .auth_flow(AuthFlowType::UserPasswordAuth)
        .auth_parameters("USERNAME", EMAIL)
        .auth_parameters("PASSWORD", OLD_PASSWORD)
        .client_metadata("legacyRealm", "shop");
    let signed_in = signed_in.send().await.unwrap();
    assert!(signed_in.authentication_result.is_some());
    let fired = flows::user_migration::SIGN_IN.was_fired(&stand_in, 0);

    let asked = last_request(&stand_in, SIGN_IN);
    let metadata = json!({"legacyRealm": "shop"});
    let expected =
        json!({"userAttributes": null, "password": "[masked]", "validationData": metadata});
    assert_eq!(asked, expected);
    assert_eq!(stand_in.get("calls")[0]["event"]["userName"], EMAIL);
    for source in [
        "PreSignUp_AdminCreateUser",
        "PreAuthentication_Authentication",
    ] {
        let request = last_request(&stand_in, source);
        assert_eq!(request["validationData"], metadata, "{source}");
        assert_eq!(request["userAttributes"]["email"], EMAIL, "{source}");
    }
    let user = client
        .admin_get_user()
        .user_pool_id(&stand_in.pool)
        .username(EMAIL);
    let user = user.send().await.unwrap();
    assert_eq!(user.user_status, Some(UserStatusType::Confirmed));
    let attribute = |name: &str| {
        let mut attributes = user.user_attributes().iter();
        let found = attributes.find(|attribute| attribute.name == name);
        found.and_then(|attribute| attribute.value()).unwrap()
    };
    assert_eq!(attribute("email_verified"), "true");
    // What cannot be changed later can be brought along.
    assert_eq!(attribute("custom:badge"), "B-17");
    assert_eq!(attribute("sub"), user.username);
    assert!(stand_in.get("outbox").as_array().unwrap().is_empty());

    // From now on the user is one of the pool's, who need not send the password.
    come_over(&stand_in, &stand_in.web_client, "Ines.Falk@Example.ORG").unwrap();
    let fired = flows::USER_PASSWORD_AUTH.was_fired(&stand_in, fired);
    let (_, proof) = idp::srp(&stand_in, &stand_in.web_client, EMAIL, OLD_PASSWORD).unwrap();
    let web = &stand_in.web_client;
    idp::respond(&stand_in, web, "PASSWORD_VERIFIER", &Value::Null, proof).unwrap();
    flows::USER_SRP_AUTH.was_fired(&stand_in, fired);
}

#[test]
fn administrators_bring_users_over_too() {
    let stand_in = stand_in(&script(), &[]);
    let parameters = json!({"USERNAME": EMAIL, "PASSWORD": OLD_PASSWORD});
    let input = json!({
        "UserPoolId": stand_in.pool, "ClientId": stand_in.web_client,
        "AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": parameters,
    });
    let signed_in = idp::call(&stand_in, "AdminInitiateAuth", input).unwrap();
    assert!(tokens(&signed_in)["AccessToken"].is_string());
    flows::user_migration::SIGN_IN.was_fired(&stand_in, 0);
    assert_eq!(
        last_request(&stand_in, SIGN_IN)["validationData"],
        Value::Null
    );
}

#[test]
fn flows_that_do_not_begin_with_the_password_bring_nobody() {
    let stand_in = stand_in(&script(), &[]);
    let web = &stand_in.web_client;
    let (_, proof) = idp::srp(&stand_in, web, EMAIL, OLD_PASSWORD).unwrap();
    idp::respond(&stand_in, web, "PASSWORD_VERIFIER", &Value::Null, proof).unwrap_err();
    let parameters =
        json!({"USERNAME": EMAIL, "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": OLD_PASSWORD});
    idp::initiate(&stand_in, web, "USER_AUTH", parameters).unwrap_err();
    let fired = trigger_sources(&stand_in);
    assert_eq!(fired, ["PreAuthentication_Authentication"; 2]);
    assert_eq!(users(&stand_in), 0);
}

#[test]
fn whoever_is_not_confirmed_sets_a_new_password() {
    let stand_in = stand_in(&[at_sign_in(EMAIL, unconfirmed())], &[]);
    let web = &stand_in.web_client;
    let reset = refused(
        "PasswordResetRequired",
        "Password reset required for the user",
    );
    assert_eq!(come_over(&stand_in, web, EMAIL).unwrap_err(), reset);
    let fired = flows::user_migration::RESET.was_fired(&stand_in, 0);
    // Only whoever knows the password hears of it.
    let wrong = sign_in(&stand_in, web, EMAIL, PASSWORD).unwrap_err();
    assert_eq!(
        wrong,
        refused("NotAuthorized", "Incorrect username or password.")
    );
    assert_eq!(come_over(&stand_in, web, EMAIL).unwrap_err(), reset);
    let fired = fired + 2;

    forgot(&stand_in, web, EMAIL).unwrap();
    let fired = flows::FORGOT_PASSWORD.was_fired(&stand_in, fired);
    let code = stand_in.code_for(EMAIL);
    confirm(&stand_in, web, EMAIL, &code, PASSWORD).unwrap();
    flows::CONFIRM_FORGOT_PASSWORD.was_fired(&stand_in, fired);
    sign_in(&stand_in, web, EMAIL, PASSWORD).unwrap();
}

#[test]
fn a_user_comes_over_when_the_password_is_forgotten() {
    let stand_in = stand_in(&script(), &[]);
    let web = &stand_in.web_client;
    let metadata = json!({"legacyRealm": "shop"});
    let input = json!({"ClientId": web, "Username": EMAIL, "ClientMetadata": metadata});
    let sent = idp::call(&stand_in, "ForgotPassword", input).unwrap();
    assert_eq!(sent["CodeDeliveryDetails"]["Destination"], "i***@e***");
    flows::user_migration::FORGOT_PASSWORD.was_fired(&stand_in, 0);
    let asked = last_request(&stand_in, FORGOT_PASSWORD);
    let expected = json!({
        "userAttributes": null, "password": null, "validationData": null, "clientMetadata": metadata,
    });
    assert_eq!(asked, expected);
    let pre_sign_up = last_request(&stand_in, "PreSignUp_AdminCreateUser");
    assert_eq!(pre_sign_up["clientMetadata"], metadata);
    assert_eq!(pre_sign_up["validationData"], Value::Null);
    let user = admin(&stand_in, "AdminGetUser", EMAIL, json!({})).unwrap();
    assert_eq!(user["UserStatus"], "RESET_REQUIRED");

    // The old password opens nothing here any more. Who has none here yet is told so where the client hides nothing.
    let wrong = refused("NotAuthorized", "Incorrect username or password.");
    assert_eq!(come_over(&stand_in, web, EMAIL).unwrap_err(), wrong);
    let open = stand_in.client_id("OpenClient");
    let reset = refused(
        "PasswordResetRequired",
        "Password reset required for the user",
    );
    assert_eq!(come_over(&stand_in, &open, EMAIL).unwrap_err(), reset);

    // A second code goes to a user whom the pool knows.
    let before = trigger_sources(&stand_in).len();
    forgot(&stand_in, web, EMAIL).unwrap();
    flows::FORGOT_PASSWORD.was_fired(&stand_in, before);
    let code = stand_in.code_for(EMAIL);
    confirm(&stand_in, web, EMAIL, &code, PASSWORD).unwrap();
    sign_in(&stand_in, web, EMAIL, PASSWORD).unwrap();
}

#[test]
fn a_code_goes_nowhere_that_nobody_has_verified() {
    let unproven = attributes(json!({"email_verified": null}));
    let scene = when_forgotten(EMAIL, confirmed(unproven, json!({"finalUserStatus": null})));
    let stand_in = stand_in(&[scene], &[]);
    let open = stand_in.client_id("OpenClient");
    let text = "Cannot reset password for the user as there is no registered/verified email or phone_number";
    let seen = forgot(&stand_in, &open, EMAIL).unwrap_err();
    assert_eq!(seen, refused("InvalidParameter", text));
    // Where it is hidden that somebody came, it is hidden that they get nothing.
    let hidden = forgot(&stand_in, &stand_in.web_client, EMAIL).unwrap();
    assert_eq!(hidden["CodeDeliveryDetails"]["Destination"], "i***@e***");
    assert!(stand_in.get("outbox").as_array().unwrap().is_empty());
}

#[test]
fn two_sign_ins_at_once_make_one_user() {
    let parameter = format!("Script={}", json!(script()));
    let options = ["--parameter", &parameter];
    let (gate, stand_in) = Gate::with_template("user-migration.yaml", &options);
    let open = &stand_in.client_id("OpenClient");
    let came = std::thread::scope(|scope| {
        let mut second = None;
        // The second has a process of the function to itself, which waits at the gate as the first does.
        let meanwhile = || {
            second = Some(scope.spawn(|| come_over(&stand_in, open, EMAIL)));
            gate.until_held();
        };
        let first = gate.while_held(|| come_over(&stand_in, open, EMAIL), meanwhile);
        [first, second.unwrap().join().unwrap()]
    });
    let subs = came.map(|signed_in| {
        let signed_in = signed_in.unwrap();
        let token = tokens(&signed_in)["AccessToken"].as_str().unwrap();
        tests::jwt::claims(token)["sub"].clone()
    });
    assert_eq!(subs[0], subs[1]);
    assert_eq!(users(&stand_in), 1);
    let asked = trigger_sources(&stand_in);
    assert_eq!(asked.iter().filter(|source| *source == SIGN_IN).count(), 2);
}

#[test]
fn whoever_types_an_alias_gets_a_user_name_of_the_function_s() {
    let own_name = attributes(json!({"username": "ines"}));
    let nickname = attributes(
        json!({"username": "jan-2", "preferred_username": "jan", "email": "jan.roth@example.org"}),
    );
    let user = |attributes: Value| confirmed(attributes, json!({}));
    let plain = attributes(json!({"email": "vera.lind@example.org"}));
    let stand_in = alias_pool(&[
        at_sign_in(EMAIL, user(own_name)),
        at_sign_in("jan", user(nickname)),
        at_sign_in("vera", user(plain)),
    ]);
    let web = &stand_in.web_client;
    for (typed, username) in [(EMAIL, "ines"), ("jan", "jan-2"), ("vera", "vera")] {
        let signed_in = come_over(&stand_in, web, typed).unwrap();
        let token = tokens(&signed_in)["AccessToken"].as_str().unwrap();
        assert_eq!(tests::jwt::claims(token)["username"], username);
        let before = trigger_sources(&stand_in).len();
        for name in [typed, username] {
            come_over(&stand_in, web, name).unwrap();
        }
        let fired = trigger_sources(&stand_in);
        assert!(!fired[before..].iter().any(|source| source == SIGN_IN));
    }
}

#[test]
fn an_alias_that_nobody_has_verified_is_a_name_for_once() {
    let unproven = attributes(json!({"username": "ines", "email_verified": null}));
    let stand_in = alias_pool(&[at_sign_in(EMAIL, confirmed(unproven, json!({})))]);
    let open = &stand_in.client_id("OpenClient");
    come_over(&stand_in, open, EMAIL).unwrap();
    come_over(&stand_in, open, "ines").unwrap();
    // The pool does not know the user by it, so the function is asked again, for a name that is taken.
    let seen = come_over(&stand_in, open, EMAIL).unwrap_err();
    assert_eq!(seen, refused("UserNotFound", "User account already exists"));
}

#[test]
fn an_alias_moves_only_where_the_function_says_so() {
    let number = attributes(json!({
        "username": "ines", "phone_number": "+4915112345678", "phone_number_verified": "true",
    }));
    for (force, moves) in [
        (json!(null), false),
        (json!(false), false),
        (json!(true), true),
    ] {
        let forced = json!({ "forceAliasCreation": force });
        let stand_in = alias_pool(&[at_sign_in(EMAIL, confirmed(number.clone(), forced))]);
        let theirs = [
            ("phone_number", "+4915112345678"),
            ("phone_number_verified", "true"),
        ];
        crate::recovery::person(&stand_in, "jan", &theirs);
        let open = stand_in.client_id("OpenClient");
        let came = come_over(&stand_in, &open, EMAIL);
        let text = "An account with the given phone_number already exists.";
        assert_eq!(came.is_ok(), moves, "{force}");
        assert_eq!(came.err(), (!moves).then(|| refused("UserNotFound", text)));
        let owner = admin(&stand_in, "AdminGetUser", "+4915112345678", json!({})).unwrap();
        assert_eq!(owner["Username"], if moves { "ines" } else { "jan" });
    }
}

#[test]
fn a_second_factor_comes_along() {
    let number = attributes(json!({"phone_number": "+4915112345678"}));
    let user = confirmed(number, json!({"enableSMSMFA": true}));
    let stand_in = stand_in(&[at_sign_in(EMAIL, user)], &["--parameter", "Mfa=OPTIONAL"]);
    let web = &stand_in.web_client;
    let asked = come_over(&stand_in, web, EMAIL).unwrap();
    assert_eq!(asked["ChallengeName"], "SMS_MFA");
    let name = &asked["ChallengeParameters"]["USER_ID_FOR_SRP"];
    let code = stand_in.code_for("+4915112345678");
    let responses = json!({"USERNAME": name, "SMS_MFA_CODE": code});
    let ended = idp::respond(&stand_in, web, "SMS_MFA", &asked["Session"], responses).unwrap();
    assert!(tokens(&ended)["AccessToken"].is_string());
}

#[test]
fn a_welcome_is_sent_unless_the_function_says_otherwise() {
    let number = || attributes(json!({"phone_number": "+4915112345678"}));
    for (more, to) in [
        (json!({"messageAction": null}), "+4915112345678"),
        (
            json!({"messageAction": null, "desiredDeliveryMediums": ["SMS"]}),
            "+4915112345678",
        ),
        (
            json!({"messageAction": null, "desiredDeliveryMediums": ["EMAIL"]}),
            EMAIL,
        ),
    ] {
        let stand_in = stand_in(&[at_sign_in(EMAIL, confirmed(number(), more))], &[]);
        come_over(&stand_in, &stand_in.web_client, EMAIL).unwrap();
        let outbox = stand_in.get("outbox");
        assert_eq!(outbox.as_array().unwrap().len(), 1);
        assert_eq!(outbox[0]["to"], to);
        assert_eq!(outbox[0]["reason"], "CustomMessage_AdminCreateUser");
        assert!(!outbox.to_string().contains(OLD_PASSWORD));
        let code = outbox[0]["code"].as_str().unwrap();
        sign_in(&stand_in, &stand_in.web_client, EMAIL, code).unwrap_err();
    }
}
