//! Wrong passwords and proofs, reused sessions, unknown users, requests that mean nothing: each gets a clear error.

use std::time::SystemTime;

use aws_sdk_cognitoidentityprovider as cognito;
use aws_sdk_cognitoidentityprovider::error::ProvideErrorMetadata;
use aws_sdk_cognitoidentityprovider::types::{AuthFlowType, ChallengeNameType};
use serde_json::{Value, json};
use tests::srp_client::SrpClient;
use tests::stand_in::StandIn;
use tests::user::User;

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_user_look_the_same() {
    let stand_in = StandIn::start(&["--parameter", "PasswordSignIn=true"]);
    let cognito = stand_in.cognito();
    let mut user = User::new(&stand_in, "ines.falk@example.org");
    user.sign_up(None).await.unwrap();
    user.confirm().await.unwrap();
    user.password = "Wrong-Horse-19-Battery".to_owned();
    let stranger = User::new(&stand_in, "nobody@example.org");
    for person in [&user, &stranger] {
        let by_srp = person.sign_in().await.unwrap_err();
        assert_eq!(
            (by_srp.code(), by_srp.message()),
            (
                Some("NotAuthorizedException"),
                Some("Incorrect username or password.")
            )
        );
        let by_password = cognito
            .initiate_auth()
            .client_id(&stand_in.web_client)
            .auth_flow(AuthFlowType::UserPasswordAuth)
            .auth_parameters("USERNAME", &person.email)
            .auth_parameters("PASSWORD", &person.password)
            .send()
            .await
            .unwrap_err()
            .into_service_error();
        assert_eq!(
            by_password.message(),
            Some("Incorrect username or password.")
        );
    }
    // Both are locked after five wrong tries in a row, for a second at first.
    stand_in.stop_clock();
    for person in [&user, &stranger] {
        let mut texts = Vec::new();
        for _ in 0..4 {
            let refusal = person.sign_in().await.unwrap_err();
            texts.push(refusal.message().unwrap_or_default().to_owned());
        }
        // Two tries were above.
        let wrong = "Incorrect username or password.";
        let locked = "Password attempts exceeded";
        assert_eq!(texts, [wrong, wrong, wrong, locked]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_is_good_for_one_answer_and_for_three_minutes() {
    let stand_in = StandIn::start(&[]);
    let cognito = stand_in.cognito();
    let user = User::new(&stand_in, "ines.falk@example.org");
    user.sign_up(None).await.unwrap();
    user.confirm().await.unwrap();
    let answer = async |wait: u32, spoil: bool| {
        let srp = SrpClient::new(&stand_in.pool, &user.password);
        let start = cognito
            .initiate_auth()
            .client_id(&stand_in.web_client)
            .auth_flow(AuthFlowType::UserSrpAuth);
        let start = start
            .auth_parameters("USERNAME", &user.email)
            .auth_parameters("SRP_A", srp.srp_a());
        let asked = start.send().await.unwrap().challenge_parameters.unwrap();
        let answer = srp.answer(&asked, SystemTime::now()).unwrap();
        let timestamp = if spoil {
            answer.timestamp.replace("UTC 2", "UTC 3")
        } else {
            answer.timestamp
        };
        let respond = cognito
            .respond_to_auth_challenge()
            .client_id(&stand_in.web_client)
            .challenge_name(ChallengeNameType::PasswordVerifier)
            .challenge_responses("USERNAME", &asked["USER_ID_FOR_SRP"])
            .challenge_responses("PASSWORD_CLAIM_SECRET_BLOCK", &asked["SECRET_BLOCK"])
            .challenge_responses("PASSWORD_CLAIM_SIGNATURE", answer.signature)
            .challenge_responses("TIMESTAMP", timestamp);
        stand_in.advance_clock(wait);
        (respond.clone().send().await, respond.send().await)
    };
    let text = |answer: Result<
        _,
        cognito::error::SdkError<
            cognito::operation::respond_to_auth_challenge::RespondToAuthChallengeError,
        >,
    >| {
        answer
            .map(drop)
            .unwrap_err()
            .into_service_error()
            .message()
            .unwrap_or_default()
            .to_owned()
    };
    let (first, second) = answer(0, false).await;
    first.unwrap();
    assert_eq!(text(second), "Invalid session for the user.");
    let (spoiled, _) = answer(0, true).await;
    assert_eq!(text(spoiled), "Incorrect username or password.");
    let (late, _) = answer(180, false).await;
    assert_eq!(
        text(late),
        "Invalid session for the user, session is expired."
    );
    let zero = cognito
        .initiate_auth()
        .client_id(&stand_in.web_client)
        .auth_flow(AuthFlowType::UserSrpAuth);
    let zero = zero
        .auth_parameters("USERNAME", &user.email)
        .auth_parameters("SRP_A", "0")
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        zero.into_service_error().code(),
        Some("InvalidParameterException")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_mean_nothing_are_refused_by_name() {
    let stand_in = StandIn::start(&[]);
    let idp = "AWSCognitoIdentityProviderService";
    let cases = [
        (
            "unsupported",
            format!("{idp}.SetRiskConfiguration"),
            "{}",
            "UnsupportedOperationException",
        ),
        (
            "no target",
            String::new(),
            "{}",
            "UnsupportedOperationException",
        ),
        (
            "not JSON",
            format!("{idp}.SignUp"),
            "{",
            "SerializationException",
        ),
        (
            "null",
            format!("{idp}.SignUp"),
            "null",
            "SerializationException",
        ),
        (
            "wrong type",
            format!("{idp}.SignUp"),
            "{\"ClientId\": 7}",
            "SerializationException",
        ),
        (
            "missing member",
            format!("{idp}.SignUp"),
            "{\"ClientId\": \"x\"}",
            "InvalidParameterException",
        ),
        (
            "unknown client",
            format!("{idp}.SignUp"),
            "{\"ClientId\":\"x\",\"Username\":\"a\",\"Password\":\"b\"}",
            "ResourceNotFoundException",
        ),
        (
            "no credentials",
            format!("{idp}.ListUsers"),
            "{\"UserPoolId\":\"us-east-1_x\"}",
            "MissingAuthenticationTokenException",
        ),
    ];
    for (case, target, body, expected) in cases {
        let answer = post(&stand_in, &target, body);
        assert_eq!(answer["__type"], expected, "{case}: {answer}");
        assert!(answer["message"].is_string(), "{case}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ups_that_the_pool_itself_refuses_reach_no_function() {
    let stand_in = StandIn::start(&[]);
    let sign_up = |name: &str, password: &str, attributes: Value| {
        let client = &stand_in.web_client;
        let body = json!({"ClientId": client, "Username": name, "Password": password, "UserAttributes": attributes});
        post(
            &stand_in,
            "AWSCognitoIdentityProviderService.SignUp",
            &body.to_string(),
        )
    };
    let good = "Correct-Horse-19-Battery";
    let cases = [
        (
            "short password",
            sign_up("a@example.org", "short-7", json!([])),
            "InvalidPasswordException",
        ),
        (
            "no address",
            sign_up("ines", good, json!([])),
            "InvalidParameterException",
        ),
        (
            "another address",
            sign_up(
                "a@example.org",
                good,
                json!([{"Name": "email", "Value": "b@example.org"}]),
            ),
            "InvalidParameterException",
        ),
        (
            "unknown attribute",
            sign_up(
                "a@example.org",
                good,
                json!([{"Name": "shoe", "Value": "42"}]),
            ),
            "InvalidParameterException",
        ),
        (
            "verified by hand",
            sign_up(
                "a@example.org",
                good,
                json!([{"Name": "email_verified", "Value": "true"}]),
            ),
            "NotAuthorizedException",
        ),
        (
            "not writable",
            sign_up(
                "a@example.org",
                good,
                json!([{"Name": "profile", "Value": "x"}]),
            ),
            "NotAuthorizedException",
        ),
        (
            "sub by hand",
            sign_up(
                "a@example.org",
                good,
                json!([{"Name": "sub", "Value": "x"}]),
            ),
            "InvalidParameterException",
        ),
    ];
    for (case, answer, expected) in cases {
        assert_eq!(answer["__type"], expected, "{case}: {answer}");
    }
    assert_eq!(stand_in.get("calls"), json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_code_is_guessed_five_times_at_most() {
    let stand_in = StandIn::start(&[]);
    let cognito = stand_in.cognito();
    let user = User::new(&stand_in, "ines.falk@example.org");
    user.sign_up(None).await.unwrap();
    let confirm = |code: String| {
        cognito
            .confirm_sign_up()
            .client_id(&stand_in.web_client)
            .username(&user.email)
            .confirmation_code(code)
            .send()
    };
    let right = stand_in.code_for(&user.email);
    let wrong = if right == "000000" {
        "000001"
    } else {
        "000000"
    };
    for _ in 0..5 {
        let refusal = confirm(wrong.to_owned())
            .await
            .unwrap_err()
            .into_service_error();
        assert_eq!(refusal.code(), Some("CodeMismatchException"));
    }
    let resent = cognito
        .resend_confirmation_code()
        .client_id(&stand_in.web_client)
        .username(&user.email)
        .send()
        .await
        .unwrap();
    assert_eq!(
        resent.code_delivery_details.unwrap().destination.as_deref(),
        Some("i***@e***")
    );
    let refusal = confirm(stand_in.code_for(&user.email))
        .await
        .unwrap_err()
        .into_service_error();
    assert_eq!(refusal.code(), Some("LimitExceededException"));
    stand_in.advance_clock(3_600);
    confirm(stand_in.code_for(&user.email)).await.unwrap();
}

/// A request as any program could send it.
fn post(stand_in: &StandIn, target: &str, body: &str) -> Value {
    let request = ureq::post(&stand_in.endpoint)
        .config()
        .http_status_as_error(false)
        .build();
    let mut answer = request.header("x-amz-target", target).send(body).unwrap();
    answer.body_mut().read_json().unwrap()
}
