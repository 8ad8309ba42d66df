//! A user enrols an authenticator app and recovery codes, with the real function behind the template's API.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tests::stand_in::StandIn;
use tests::totp;
use tests::user::User;

use crate::http_api::{Answer, send, tampered, tokens_of};

const ORIGIN: &str = "https://app.example.com";

fn stand_in() -> StandIn {
    StandIn::start(&["--parameter", "EnrolmentOrigins=https://app.example.com"])
}

fn ask(stand_in: &StandIn, token: &str, request: &str, body: &Value) -> Answer {
    let (method, path) = request.split_once(' ').unwrap();
    let request = format!("{method} EnrolmentApi/v1/{path}");
    let bearer = format!("Bearer {token}");
    let headers = [
        ("authorization", &*bearer),
        ("origin", ORIGIN),
        ("content-type", "application/json"),
    ];
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    send(stand_in, &request, &headers, body.as_bytes())
}

/// What an app shows now; the function goes by the machine's clock, which nobody has moved yet.
fn code_of(started: &Answer) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    totp::code(started.body["secret"].as_str().unwrap(), now.as_secs()).unwrap()
}

#[track_caller]
fn is_problem(answer: &Answer, status: u16, code: &str) {
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (status, &json!(code)),
        "{answer:?}"
    );
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.header("access-control-allow-origin"), ORIGIN);
}

#[tokio::test]
async fn an_app_and_recovery_codes_are_enrolled_with_ones_own_token() {
    let stand_in = stand_in();
    let ines = User::new(&stand_in, "ines@example.org");
    let (access, id) = tokens_of(&ines).await;
    let nothing = json!({"totp": null, "recoveryCodes": null});
    let listed = ask(&stand_in, &access, "GET authenticators", &Value::Null);
    assert_eq!((listed.status, &listed.body), (200, &nothing));
    assert_eq!(listed.header("cache-control"), "no-store");

    let started = ask(&stand_in, &access, "POST totp", &Value::Null);
    let uri = started.body["uri"].as_str().unwrap();
    assert!(
        uri.starts_with("otpauth://totp/Lifeguard:ines%40example.org?secret="),
        "{uri}"
    );
    let code = code_of(&started);
    let confirmed = ask(
        &stand_in,
        &access,
        "POST totp/confirm",
        &json!({ "code": code }),
    );
    assert_eq!(confirmed.status, 204, "{confirmed:?}");
    let made = ask(&stand_in, &access, "POST recovery-codes", &Value::Null);
    let codes = made.body["codes"].as_array().unwrap();
    assert_eq!(codes.len(), 10);

    let listed = ask(&stand_in, &access, "GET authenticators", &Value::Null);
    assert!(listed.body["totp"]["since"].is_string(), "{listed:?}");
    assert_eq!(listed.body["recoveryCodes"]["left"], 10);

    // An ID token is for the app to read, and a token that was changed is nobody's.
    is_problem(
        &ask(&stand_in, &id, "GET authenticators", &Value::Null),
        401,
        "not-signed-in",
    );
    let changed = tampered(&access);
    let refused = ask(&stand_in, &changed, "GET authenticators", &Value::Null);
    assert_eq!(
        (refused.status, &refused.body),
        (401, &json!({"message": "Unauthorized"}))
    );

    // Neither the table nor the log holds what was shown.
    let table = stand_in.table("AuthenticatorsTable");
    let items = stand_in
        .dynamodb()
        .scan()
        .table_name(table)
        .send()
        .await
        .unwrap();
    let kept = format!("{:?} {}", items.items(), stand_in.log());
    let secret = started.body["secret"].as_str().unwrap();
    let shown = codes.iter().map(|code| code.as_str().unwrap());
    for shown in shown.chain([secret, &access, "ines@example.org"]) {
        assert!(!kept.contains(shown), "{shown}");
    }
}

#[tokio::test]
async fn a_sign_in_that_is_old_changes_nothing_and_one_that_ended_shows_nothing() {
    let stand_in = stand_in();
    let ines = User::new(&stand_in, "ines@example.org");
    ines.sign_up(None).await.unwrap();
    ines.confirm().await.unwrap();
    let signed_in = ines.sign_in().await.unwrap();
    stand_in.advance_clock(601);
    let cognito = stand_in.cognito();
    let refreshed = cognito
        .initiate_auth()
        .client_id(&stand_in.web_client)
        .auth_flow("REFRESH_TOKEN_AUTH".into())
        .auth_parameters("REFRESH_TOKEN", signed_in.refresh_token().unwrap());
    let refreshed = refreshed
        .send()
        .await
        .unwrap()
        .authentication_result
        .unwrap();
    for token in [signed_in.access_token(), refreshed.access_token()] {
        for request in ["POST totp", "DELETE totp", "POST recovery-codes"] {
            let refused = ask(&stand_in, token.unwrap(), request, &Value::Null);
            is_problem(&refused, 401, "sign-in-too-old");
            let challenge = r#"Bearer error="insufficient_user_authentication", max_age="600""#;
            assert_eq!(refused.header("www-authenticate"), challenge);
        }
        let listed = ask(
            &stand_in,
            token.unwrap(),
            "GET authenticators",
            &Value::Null,
        );
        assert_eq!(listed.status, 200, "{listed:?}");
    }
    let again = ines.sign_in().await.unwrap();
    let again = again.access_token().unwrap();
    assert_eq!(
        ask(&stand_in, again, "POST recovery-codes", &Value::Null).status,
        200
    );

    // The authorizer takes the token until it expires; Cognito knows better.
    cognito
        .global_sign_out()
        .access_token(again)
        .send()
        .await
        .unwrap();
    for request in [
        "GET authenticators",
        "POST totp",
        "DELETE totp",
        "POST recovery-codes",
    ] {
        is_problem(
            &ask(&stand_in, again, request, &Value::Null),
            401,
            "not-signed-in",
        );
    }
}

#[test]
fn without_origins_there_is_no_api() {
    let stand_in = StandIn::start(&[]);
    assert_eq!(
        send(&stand_in, "GET EnrolmentApi/v1/authenticators", &[], b"").status,
        404
    );
}
