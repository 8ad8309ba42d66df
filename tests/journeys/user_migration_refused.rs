//! User migration that knows nobody, refuses, fails, or answers what the pool does not take: what the client sees, and that nobody comes.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::flows;
use crate::idp::{self, PASSWORD, Refused, admin, refused, sign_in};
use crate::recorded::trigger_sources;
use crate::recovery::forgot;
use crate::user_migration_script::{
    EMAIL, FORGOT_PASSWORD, SIGN_IN, alias_pool, at_sign_in, attributes, come_over, confirmed,
    script, stand_in, unconfirmed, users, when_forgotten,
};

fn wrong() -> Refused {
    refused("NotAuthorized", "Incorrect username or password.")
}

/// What AWS says of a migration that brings nobody.
fn nobody_came(client: &str) -> Refused {
    let text = format!("Exception migrating user in app client {client}");
    refused("UserNotFound", &text)
}

#[test]
fn a_wrong_password_and_an_unknown_name_look_the_same() {
    let stand_in = stand_in(&script(), &[]);
    let (web, open) = (&stand_in.web_client, &stand_in.client_id("OpenClient"));
    for name in [EMAIL, "nobody@example.org", "nobody"] {
        let before = trigger_sources(&stand_in).len();
        let seen = sign_in(&stand_in, web, name, PASSWORD).unwrap_err();
        assert_eq!(seen, wrong(), "{name}");
        flows::user_migration::UNKNOWN_USER.was_fired(&stand_in, before);
        let seen = sign_in(&stand_in, open, name, PASSWORD).unwrap_err();
        assert_eq!(seen, nobody_came(open), "{name}");
    }
    assert_eq!(users(&stand_in), 0);
}

#[test]
fn a_code_seems_to_go_to_whom_nobody_knows() {
    let stand_in = stand_in(&script(), &[]);
    let (web, open) = (&stand_in.web_client, &stand_in.client_id("OpenClient"));
    let seen = forgot(&stand_in, web, "nobody@example.org").unwrap();
    assert_eq!(seen["CodeDeliveryDetails"]["Destination"], "n***@e***");
    let seen = forgot(&stand_in, open, "nobody@example.org").unwrap_err();
    let text = "Username/client id combination not found.";
    assert_eq!(seen, refused("UserNotFound", text));
    assert_eq!(trigger_sources(&stand_in), [FORGOT_PASSWORD; 2]);
    assert!(stand_in.get("outbox").as_array().unwrap().is_empty());
    assert_eq!(users(&stand_in), 0);
}

/// What clients see of a user whom the pool does not take: the reason, or nothing where they hide who exists; the log has it.
#[track_caller]
fn not_taken(stand_in: &StandIn, text: &str) {
    let (web, open) = (&stand_in.web_client, &stand_in.client_id("OpenClient"));
    let before = users(stand_in);
    let seen = come_over(stand_in, open, EMAIL).unwrap_err();
    assert_eq!(seen, refused("UserNotFound", text));
    assert_eq!(come_over(stand_in, web, EMAIL).unwrap_err(), wrong());
    let told = format!("UserMigration: no user was made: {}", text.trim_end());
    assert!(stand_in.logs(&told), "{text}");
    assert_eq!(users(stand_in), before, "{text}");
}

#[test]
fn attributes_that_the_pool_does_not_take_bring_nobody() {
    let unknown = |name: &str| {
        format!(
            "Attributes did not conform to the schema: {name}: Attribute does not exist in the schema.\n"
        )
    };
    let long = "Attributes did not conform to the schema: custom:badge: String length too long\n";
    let named_otherwise = "The username attribute must be what was typed";
    for (more, text) in [
        (json!({"tenant": "north"}), unknown("tenant")),
        (json!({"custom:tenant": "north"}), unknown("custom:tenant")),
        (json!({"sub": "1b2c"}), unknown("sub")),
        (json!({"custom:badge": "B-17-too-long"}), long.to_owned()),
        (
            json!({"phone_number": "0151 12345678"}),
            "Invalid phone number format.".to_owned(),
        ),
        (json!({"username": "ines"}), named_otherwise.to_owned()),
        (
            json!({"email": "another@example.org"}),
            "The email attribute must be the user name".to_owned(),
        ),
    ] {
        let user = confirmed(attributes(more), json!({}));
        not_taken(&stand_in(&[at_sign_in(EMAIL, user)], &[]), &text);
    }
    let same = confirmed(attributes(json!({"username": EMAIL})), json!({}));
    let stand_in = stand_in(&[at_sign_in(EMAIL, same)], &[]);
    come_over(&stand_in, &stand_in.web_client, EMAIL).unwrap();
}

#[test]
fn whom_the_pool_does_not_take_gets_no_code_either() {
    let unknown = confirmed(
        attributes(json!({"tenant": "north"})),
        json!({"finalUserStatus": null}),
    );
    let stand_in = stand_in(&[when_forgotten(EMAIL, unknown)], &[]);
    let (web, open) = (&stand_in.web_client, &stand_in.client_id("OpenClient"));
    let seen = forgot(&stand_in, open, EMAIL).unwrap_err();
    let text = "Attributes did not conform to the schema: tenant: Attribute does not exist in the schema.\n";
    assert_eq!(seen, refused("UserNotFound", text));
    let seen = forgot(&stand_in, web, EMAIL).unwrap();
    assert_eq!(seen["CodeDeliveryDetails"]["Destination"], "i***@e***");
    assert_eq!(stand_in.get("outbox"), json!([]));
    assert_eq!(users(&stand_in), 0);
}

#[test]
fn an_alias_is_no_user_name() {
    for (more, text) in [
        (
            json!({}),
            "Username cannot be of email format, since user pool is configured for email alias.",
        ),
        (
            json!({"username": EMAIL}),
            "Username cannot be of email format, since user pool is configured for email alias.",
        ),
        // The alias that was typed is not among the attributes.
        (
            json!({"username": "ines", "email": "another@example.org"}),
            "The username attribute must be what was typed",
        ),
        (json!({"username": "jan"}), "User account already exists"),
    ] {
        let user = confirmed(attributes(more), json!({}));
        let stand_in = alias_pool(&[at_sign_in(EMAIL, user)]);
        crate::recovery::person(&stand_in, "jan", &[]);
        not_taken(&stand_in, text);
    }
}

#[test]
fn a_second_factor_needs_a_pool_that_asks_for_one_and_a_number() {
    let by_sms = |more: Value| {
        let user = confirmed(attributes(more), json!({"enableSMSMFA": true}));
        [at_sign_in(EMAIL, user)]
    };
    let number = json!({"phone_number": "+4915112345678"});
    not_taken(
        &stand_in(&by_sms(number), &[]),
        "SMS_MFA is not enabled for the user pool",
    );
    let optional = ["--parameter", "Mfa=OPTIONAL"];
    not_taken(
        &stand_in(&by_sms(json!({})), &optional),
        "SMS_MFA needs a phone_number",
    );
}

#[test]
fn a_response_without_attributes_brings_nobody_and_is_told() {
    for response in [
        json!({"userAttributes": {}}),
        json!({"userAttributes": {}, "finalUserStatus": "CONFIRMED"}),
        json!({"messageAction": "SUPPRESS"}),
    ] {
        let scenes = [
            at_sign_in(EMAIL, response.clone()),
            when_forgotten(EMAIL, response.clone()),
        ];
        let stand_in = stand_in(&scenes, &[]);
        for client in [
            stand_in.web_client.clone(),
            stand_in.client_id("OpenClient"),
        ] {
            let seen = come_over(&stand_in, &client, EMAIL).unwrap_err();
            assert_eq!(seen, nobody_came(&client), "{response}");
            let seen = forgot(&stand_in, &client, EMAIL).unwrap_err();
            assert_eq!(seen, nobody_came(&client), "{response}");
        }
        assert_eq!(users(&stand_in), 0);
    }
}

#[test]
fn what_aws_is_not_known_to_take_is_refused_unless_doubts_pass() {
    let nameless = confirmed(attributes(json!({"name": null})), json!({}));
    let reset = confirmed(
        attributes(json!({})),
        json!({"finalUserStatus": "RESET_REQUIRED"}),
    );
    let user = confirmed(attributes(json!({})), json!({}));
    for (scene, told, left) in [
        (
            at_sign_in(EMAIL, reset),
            "the function named another status than CONFIRMED (finalUserStatus)",
            "RESET_REQUIRED",
        ),
        (
            at_sign_in(EMAIL, nameless),
            "the function left out what the pool requires (name)",
            "CONFIRMED",
        ),
        (
            when_forgotten(EMAIL, user),
            "the function confirmed a user whose password was forgotten (finalUserStatus)",
            "CONFIRMED",
        ),
    ] {
        for strict in ["--strict", "--strict=false"] {
            let stand_in = stand_in(std::slice::from_ref(&scene), &[strict]);
            let web = &stand_in.web_client;
            let refusals = [
                come_over(&stand_in, web, EMAIL).err(),
                forgot(&stand_in, web, EMAIL).err(),
            ];
            let invalid = refused("InvalidLambdaResponse", "Unrecognizable lambda output");
            let is_refused = refusals.contains(&Some(invalid));
            assert_eq!(is_refused, strict == "--strict", "{told}: {refusals:?}");
            assert!(stand_in.logs(&format!("UserMigration: {told}")), "{told}");
            let user = admin(&stand_in, "AdminGetUser", EMAIL, json!({}));
            let status = user.ok().map(|user| user["UserStatus"].clone());
            let expected = (strict != "--strict").then(|| json!(left));
            assert_eq!(status, expected, "{told}");
        }
    }
}

#[test]
fn a_refusal_is_shown_word_by_word_with_a_period() {
    let scene = json!({"when": {}, "refusal": "Not today, Ines"});
    let stand_in = stand_in(&[scene], &[]);
    let text = "UserMigration failed with error Not today, Ines.";
    let expected = refused("UserLambdaValidation", text);
    for client in [
        stand_in.web_client.clone(),
        stand_in.client_id("OpenClient"),
    ] {
        let seen = come_over(&stand_in, &client, EMAIL).unwrap_err();
        assert_eq!(seen, expected);
        let seen = forgot(&stand_in, &client, EMAIL).unwrap_err();
        assert_eq!(seen, expected);
    }
    assert_eq!(users(&stand_in), 0);
}

#[test]
fn an_answer_of_the_wrong_shape_is_refused() {
    let no_object = "Invalid lambda function output : Invalid JSON";
    let unrecognizable = "Unrecognizable lambda output";
    for (answer, text) in [
        (json!("null"), no_object),
        (json!("{\"response\":{}}"), unrecognizable),
    ] {
        let scene = json!({"when": {"triggerSource": SIGN_IN}, "answer": answer});
        let stand_in = stand_in(&[scene], &[]);
        let seen = come_over(&stand_in, &stand_in.web_client, EMAIL).unwrap_err();
        assert_eq!(seen, refused("InvalidLambdaResponse", text), "{answer}");
        assert_eq!(users(&stand_in), 0);
    }
    for more in [
        json!({"userAttributes": {"email": 7}}),
        json!({"finalUserStatus": "Confirmed"}),
        json!({"messageAction": "RESEND"}),
        json!({"desiredDeliveryMediums": ["PIGEON"]}),
        json!({"desiredDeliveryMediums": "EMAIL"}),
        json!({"forceAliasCreation": "true"}),
        json!({"enableSmsMfa": true}),
    ] {
        let user = confirmed(attributes(json!({})), more.clone());
        let stand_in = stand_in(&[at_sign_in(EMAIL, user)], &[]);
        let seen = come_over(&stand_in, &stand_in.web_client, EMAIL).unwrap_err();
        let expected = refused("InvalidLambdaResponse", unrecognizable);
        assert_eq!(seen, expected, "{more}");
        assert_eq!(users(&stand_in), 0);
    }
}

#[test]
fn a_function_that_dies_or_may_not_be_called_or_hangs_brings_nobody() {
    let parameter = format!("Script={}", json!(script()));
    let seen = |setting: &str| {
        let template = idp::template("user-migration.yaml");
        let own = ["--template", &template, "--parameter", &parameter];
        let stand_in = StandIn::start(&[&own[..], &["--parameter", setting]].concat());
        let seen = come_over(&stand_in, &stand_in.web_client, EMAIL).unwrap_err();
        assert_eq!(users(&stand_in), 0);
        (stand_in, seen)
    };
    let (_, died) = seen("AtStart=exit");
    assert_eq!(died.name, "UserLambdaValidationException");
    assert!(
        died.text
            .starts_with("UserMigration failed with error RequestId: "),
        "{died:?}"
    );
    let (stand_in, denied) = seen("Caller=s3.amazonaws.com");
    assert_eq!(denied, nobody_came(&stand_in.web_client));
    let (stand_in, hung) = seen("Gate=/nowhere/gate");
    let text = "UserMigration invocation failed due to error Socket timeout while invoking Lambda function.";
    assert_eq!(hung, refused("UnexpectedLambda", text));
    assert_eq!(stand_in.get("calls")[0]["attempts"], 3);
}

#[test]
fn pre_sign_up_can_stop_whoever_comes() {
    let stop = json!({"when": {"triggerSource": "PreSignUp_AdminCreateUser"}, "refusal": "By invitation alone"});
    let stand_in = stand_in(&[script(), vec![stop]].concat(), &[]);
    let text = "PreSignUp failed with error By invitation alone.";
    let seen = come_over(&stand_in, &stand_in.web_client, EMAIL).unwrap_err();
    assert_eq!(seen, refused("UserLambdaValidation", text));
    let seen = forgot(&stand_in, &stand_in.web_client, EMAIL).unwrap_err();
    assert_eq!(seen, refused("UserLambdaValidation", text));
    assert_eq!(users(&stand_in), 0);
}

#[test]
fn the_lock_of_a_name_does_not_keep_the_function_from_being_asked() {
    let stand_in = stand_in(&[at_sign_in(EMAIL, unconfirmed())], &[]);
    let web = &stand_in.web_client;
    stand_in.stop_clock(); // The first lock is a second long.
    for _ in 0..5 {
        assert_eq!(
            sign_in(&stand_in, web, EMAIL, PASSWORD).unwrap_err(),
            wrong()
        );
    }
    let locked = refused("NotAuthorized", "Password attempts exceeded");
    assert_eq!(
        sign_in(&stand_in, web, EMAIL, PASSWORD).unwrap_err(),
        locked
    );
    let asked = trigger_sources(&stand_in);
    assert_eq!(asked.iter().filter(|source| *source == SIGN_IN).count(), 6);
    // The right password still brings the user, who is a new one.
    let came = come_over(&stand_in, web, EMAIL).unwrap_err();
    assert_eq!(came.name, "PasswordResetRequiredException");
}
