//! Functions that hang, exit or answer rubbish, templates that are not understood, tables that cannot be reached.

use aws_sdk_cognitoidentityprovider::error::ProvideErrorMetadata;
use aws_sdk_lambda::primitives::Blob;
use serde_json::json;
use tests::stand_in::StandIn;
use tests::user::User;

use crate::idp::{self, template};
use crate::tables;

/// Signs up in a pool whose pre sign-up function does what `wrong` says, and returns the error's name and text.
async fn sign_up_with(wrong: &str) -> (String, String) {
    let parameter = format!("AtStart={wrong}");
    let stand_in = StandIn::start(&[
        "--template",
        &template("misbehaving.yaml"),
        "--parameter",
        &parameter,
    ]);
    let error = User::new(&stand_in, "ines.falk@example.org")
        .sign_up(None)
        .await
        .unwrap_err();
    let user = stand_in
        .cognito()
        .admin_get_user()
        .user_pool_id(&stand_in.pool)
        .username("ines.falk@example.org")
        .send()
        .await;
    assert!(user.is_err(), "a refused sign-up leaves no user");
    (
        error.code().unwrap_or_default().to_owned(),
        error.message().unwrap_or_default().to_owned(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_that_exits_is_reported_as_lambda_reports_it() {
    let (code, text) = sign_up_with("exit").await;
    assert_eq!(code, "UserLambdaValidationException");
    assert!(
        text.starts_with("PreSignUp failed with error RequestId: ")
            && text.contains("Runtime exited with error: exit status 1"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_that_answers_rubbish_is_not_believed() {
    for (answer, text) in [
        ("not json", "Invalid lambda function output : Invalid JSON"),
        ("null", "Invalid lambda function output : Invalid JSON"),
        ("{\"response\":{}}", "Unrecognizable lambda output"),
    ] {
        let parameter = format!("Answer={answer}");
        let stand_in = StandIn::start(&[
            "--template",
            &template("misbehaving.yaml"),
            "--parameter",
            &parameter,
        ]);
        let error = User::new(&stand_in, "ines.falk@example.org")
            .sign_up(None)
            .await
            .unwrap_err();
        assert_eq!(
            (error.code(), error.message()),
            (Some("InvalidLambdaResponseException"), Some(text)),
            "{answer}"
        );
    }
}

#[test]
fn a_function_that_hangs_is_given_up_after_three_attempts() {
    let stand_in = StandIn::start(&[
        "--template",
        &template("misbehaving.yaml"),
        "--parameter",
        "Gate=/nowhere/gate",
    ]);
    let email = "ines.falk@example.org";
    let text =
        "PreSignUp invocation failed due to error Socket timeout while invoking Lambda function.";
    assert_eq!(
        idp::sign_up(&stand_in, email, email).unwrap_err(),
        idp::refused("UnexpectedLambda", text)
    );
    let user = idp::admin(&stand_in, "AdminGetUser", email, json!({}));
    assert!(user.is_err(), "a sign-up that failed leaves no user");
    let calls = stand_in.get("calls");
    assert_eq!(calls.as_array().map(Vec::len), Some(1));
    assert_eq!(calls[0]["attempts"], 3);
    assert!(calls[0]["durationMicros"].as_u64() >= Some(15_000_000));
    assert_eq!(calls[0]["outcome"], json!({ "failed": text }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_variable_is_named_with_all_others_at_start() {
    let stand_in = StandIn::start(&["--template", &template("unconfigured.yaml")]);
    let error = User::new(&stand_in, "ines.falk@example.org")
        .sign_up(None)
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("UserLambdaValidationException"));
    for variable in ["INVITATIONS_TABLE", "DISPOSABLE_DOMAINS", "ALLOWED_DOMAINS"] {
        assert!(stand_in.logs(variable), "{variable} is not named");
        assert!(
            !error.message().unwrap_or_default().contains(variable),
            "internal text reached the user"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_not_there_refuses_the_token_without_internals() {
    let stand_in = StandIn::start(&[]);
    let user = User::new(&stand_in, "ines.falk@example.org");
    user.sign_up(None).await.unwrap();
    user.confirm().await.unwrap();
    tables::delete(&stand_in, "MembershipsTable").await;
    let error = user.sign_in().await.unwrap_err();
    assert_eq!(error.code(), Some("UserLambdaValidationException"));
    let text = error.message().unwrap();
    assert_eq!(
        text,
        "PreTokenGeneration failed with error This service is not available right now, please try again later."
    );
    assert!(stand_in.logs("failed to read the membership"));
    assert!(!stand_in.log().contains("ines.falk"));

    let lenient = StandIn::start(&["--parameter", "OnMembershipsError=issue-without"]);
    let user = User::new(&lenient, "ines.falk@example.org");
    user.sign_up(None).await.unwrap();
    user.confirm().await.unwrap();
    tables::delete(&lenient, "MembershipsTable").await;
    user.sign_in().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_event_gets_the_fixed_sentence() {
    let stand_in = StandIn::start(&[]);
    for event in [
        "[]",
        "null",
        "{\"request\": 7}",
        "{\"request\": {\"userAttributes\": [\"ines.falk@example.org\"]}}",
    ] {
        let invoked = stand_in
            .lambda()
            .invoke()
            .function_name("PreSignUpFunction")
            .payload(Blob::new(event))
            .send()
            .await
            .unwrap();
        assert_eq!(invoked.function_error(), Some("Unhandled"), "{event}");
        let text = String::from_utf8(invoked.payload.unwrap().into_inner()).unwrap();
        assert!(
            text.contains("This service is not available right now"),
            "{event}: {text}"
        );
        assert!(
            !text.contains("ines.falk") && !text.contains("expected"),
            "{event}: {text}"
        );
    }
    assert!(!stand_in.log().contains("ines.falk"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_start_says_why() {
    let refused = |options: &[&str]| {
        StandIn::try_start(options)
            .err()
            .expect("it must not start")
    };
    let text = refused(&["--template", &template("not-understood.yaml")]);
    assert!(
        text.contains("AWS::EC2::Instance") && text.contains("Fn::Transform"),
        "{text}"
    );
    let text = refused(&["--template", "does-not-exist.yaml"]);
    assert!(text.contains("does-not-exist.yaml"), "{text}");
    let text = refused(&["--parameter", "NoSuchParameter=1"]);
    assert!(text.contains("NoSuchParameter"), "{text}");
    let first = StandIn::start(&[]);
    let port = first.endpoint.rsplit_once(':').unwrap().1.to_owned();
    let text = refused(&["--port", &port]);
    assert!(text.contains(&port) && text.contains("--port"), "{text}");
}
