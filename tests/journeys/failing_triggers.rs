//! Each trigger whose function refuses, crashes, answers rubbish, hangs or may not be called: what the client sees, and what is left.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::idp::{self, PASSWORD, Refused, admin, refused, template};

/// The triggers of a sign-up, a confirmation and a sign-in, in their order, each with the user's status once it has failed.
const TRIGGERS: [(&str, Option<&str>); 6] = [
    ("PreSignUp", None),
    ("CustomMessage", Some("UNCONFIRMED")),
    // The user cannot confirm again, and can sign in.
    ("PostConfirmation", Some("CONFIRMED")),
    ("PreAuthentication", Some("CONFIRMED")),
    ("PostAuthentication", Some("CONFIRMED")),
    ("PreTokenGeneration", Some("CONFIRMED")),
];

const EMAIL: &str = "ines.falk@example.org";

/// What the client sees of a trigger whose function is set up this way.
fn seen(trigger: &str, setting: &str, status: Option<&str>) -> Refused {
    let failing = format!("Failing={trigger}");
    let stand_in = StandIn::start(&[
        "--template",
        &template("failing-triggers.yaml"),
        "--parameter",
        &failing,
        "--parameter",
        setting,
    ]);
    let refused = sign_up_confirm_and_sign_in(&stand_in).unwrap_err();
    let user = admin(&stand_in, "AdminGetUser", EMAIL, json!({})).ok();
    let left = user.as_ref().and_then(|user| user["UserStatus"].as_str());
    assert_eq!(left, status, "{trigger}, {setting}");
    let calls = stand_in.get("calls");
    let last = calls.as_array().and_then(|calls| calls.last());
    if !setting.starts_with("Caller=") {
        let failed = last.map(|call| call["outcome"]["failed"].clone());
        assert_eq!(failed, Some(json!(refused.text)), "{trigger}, {setting}");
    }
    refused
}

/// Ends at the first refusal.
fn sign_up_confirm_and_sign_in(stand_in: &StandIn) -> Result<Value, Refused> {
    idp::sign_up(stand_in, EMAIL, EMAIL)?;
    idp::confirm(stand_in, EMAIL, EMAIL, false)?;
    let client = &stand_in.web_client;
    let (_, proof) = idp::srp(stand_in, client, EMAIL, PASSWORD)?;
    idp::respond(stand_in, client, "PASSWORD_VERIFIER", &Value::Null, proof)
}

#[test]
fn nothing_fails_where_no_trigger_does() {
    let stand_in = StandIn::start(&[
        "--template",
        &template("failing-triggers.yaml"),
        "--parameter",
        "Failing=none",
    ]);
    sign_up_confirm_and_sign_in(&stand_in).unwrap();
}

#[test]
fn a_refusal_is_shown_word_by_word_with_a_period() {
    for (trigger, status) in TRIGGERS {
        let text = format!("{trigger} failed with error Not today, Ines.");
        assert_eq!(
            seen(trigger, "Refusal=Not today, Ines", status),
            refused("UserLambdaValidation", &text)
        );
    }
}

#[test]
fn a_crash_is_shown_as_lambda_words_it() {
    for (trigger, status) in TRIGGERS {
        let Refused { name, text } = seen(trigger, "AtStart=exit", status);
        assert_eq!(name, "UserLambdaValidationException", "{trigger}");
        let led = format!("{trigger} failed with error RequestId: ");
        assert!(text.starts_with(&led), "{text}");
        assert!(
            text.ends_with("Error: Runtime exited with error: exit status 1."),
            "{text}"
        );
    }
}

#[test]
fn an_answer_of_the_wrong_shape_is_refused() {
    let no_object = "Invalid lambda function output : Invalid JSON";
    // What is no object is found before anybody looks at the trigger, so one kind is enough for most of them.
    for (answer, text, triggers) in [
        ("not json", no_object, &TRIGGERS[..1]),
        ("[]", no_object, &TRIGGERS[..1]),
        ("null", no_object, &TRIGGERS),
        (
            "{\"response\":{}}",
            "Unrecognizable lambda output",
            &TRIGGERS,
        ),
    ] {
        for &(trigger, status) in triggers {
            assert_eq!(
                seen(trigger, &format!("Answer={answer}"), status),
                refused("InvalidLambdaResponse", text),
                "{trigger}, {answer}"
            );
        }
    }
}

#[test]
fn a_function_that_this_pool_may_not_call_is_an_access_that_is_denied() {
    for (trigger, status) in TRIGGERS {
        let text = format!("{trigger} invocation failed due to error AccessDeniedException.");
        assert_eq!(
            seen(trigger, "Caller=s3.amazonaws.com", status),
            refused("UnexpectedLambda", &text)
        );
    }
}

#[test]
fn a_function_that_hangs_is_a_socket_that_timed_out() {
    // Each takes three attempts of five seconds, so they hang side by side.
    std::thread::scope(|scope| {
        for (trigger, status) in TRIGGERS {
            scope.spawn(move || {
                let text = format!("{trigger} invocation failed due to error Socket timeout while invoking Lambda function.");
                assert_eq!(
                    seen(trigger, "Gate=/nowhere/gate", status),
                    refused("UnexpectedLambda", &text)
                );
            });
        }
    });
}
