//! Whose token lets somebody enrol: an access token of the pool, of a user who is still signed in, and for changes of a recent sign-in.

use std::sync::atomic::Ordering;

use function_tests::{events, items};
use serde_json::json;

use crate::stage::{NOW, Stage, TABLE, event, with_claim};

/// Security row 27 in small: what a token is for is checked here, since the authorizer takes any token of the pool.
#[tokio::test]
async fn only_an_access_token_of_a_user_of_the_pool_will_do() {
    let stage = Stage::new();
    for (claim, value) in [
        ("token_use", Some("id")),
        ("token_use", None),
        (
            "iss",
            Some("https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Another12"),
        ),
        ("iss", None),
        // A machine's.
        ("username", None),
        ("sub", None),
        ("auth_time", None),
        ("auth_time", Some("soon")),
    ] {
        for name in [
            "list",
            "start-totp",
            "confirm-totp",
            "remove-totp",
            "make-recovery-codes",
        ] {
            let refused = stage.ask(with_claim(name, claim, value)).await;
            refused.is_problem(401, "not-signed-in");
            assert_eq!(
                refused.challenge.as_deref(),
                Some(r#"Bearer error="invalid_token""#)
            );
        }
    }
    for part in ["authorizer", "headers"] {
        let mut request = event("list");
        match part {
            "headers" => request["headers"] = json!({}),
            _ => request["requestContext"]["authorizer"] = json!({}),
        }
        stage.ask(request).await.is_problem(401, "not-signed-in");
    }
    assert_eq!(stage.asked.load(Ordering::Relaxed), 0);
    assert!(items(&stage.tables, TABLE).is_empty());
}

#[tokio::test]
async fn a_token_whose_user_is_signed_out_or_somebody_else_will_not_do() {
    let somebody_else = Ok(json!({"Username": "kim", "UserAttributes": [
        {"Name": "sub", "Value": "00000000-0d6b-4f0e-9c3a-2f1d3c4b5a69"},
    ]}));
    for user in [
        Err("NotAuthorizedException"),
        Err("UserNotFoundException"),
        Err("PasswordResetRequiredException"),
        somebody_else,
    ] {
        let stage = Stage::with(user);
        for (name, _) in events("authenticator-enrolment") {
            stage.ask_for(&name).await.is_problem(401, "not-signed-in");
        }
        assert!(items(&stage.tables, TABLE).is_empty());
    }
}

#[tokio::test]
async fn changes_want_a_sign_in_of_the_last_ten_minutes() {
    let stage = Stage::new();
    let app = stage.start().await;
    for (age, fresh) in [(600, true), (601, false), (86_400, false)] {
        let signed_in_at = (NOW - age).to_string();
        for name in ["start-totp", "remove-totp", "make-recovery-codes"] {
            let answer = stage
                .ask(with_claim(name, "auth_time", Some(&signed_in_at)))
                .await;
            if fresh {
                assert!(answer.status < 300, "{answer:?}");
            } else {
                answer.is_problem(401, "sign-in-too-old");
                let challenge = r#"Bearer error="insufficient_user_authentication", max_age="600""#;
                assert_eq!(answer.challenge.as_deref(), Some(challenge));
            }
        }
    }
    // To look, and to end what was begun in time, an older one will do.
    let again = stage.start().await;
    assert_ne!(
        again.generate(NOW),
        app.generate(NOW),
        "the first one was removed"
    );
    let mut confirm = with_claim("confirm-totp", "auth_time", Some("1799990000"));
    confirm["body"] = json!({"code": again.generate(NOW).to_string()})
        .to_string()
        .into();
    assert_eq!(stage.ask(confirm).await.status, 204);
    let list = stage
        .ask(with_claim("list", "auth_time", Some("1700000000")))
        .await;
    assert_eq!(list.body["totp"]["since"], "2027-01-15T08:00:00Z");
}
