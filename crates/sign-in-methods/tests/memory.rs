//! What is remembered of a sign-in, for how long, and for which.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

use embedded_dynamodb::{Tables, throttled_client, unreachable_client};
use function_tests::{create, put};
use serde_json::json;
use sign_in_methods::{Method, Passed, SignIn, SignInMethods, SignInMethodsError};
use time::{Duration, OffsetDateTime};

const TABLE: &str = "sign-in-methods";

/// 2027-01-15, 08:00 UTC.
fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
}

fn sign_in(id: &str) -> SignIn {
    let metadata = [("signInId", id)].into();
    SignIn::of(&[("sub", "u-1")].into(), Some("web"), &metadata).unwrap()
}

fn tables() -> Tables {
    let tables = Tables::in_memory().unwrap();
    create(&tables, TABLE, &["subject"]);
    tables
}

#[tokio::test]
async fn a_sign_in_is_remembered_for_half_a_minute_and_for_itself_alone() {
    let tables = tables();
    let methods = SignInMethods::new(tables.client(), TABLE);
    let mine = sign_in("of-my-sign-in-and-mine-only");
    let passed = [Method::Password, Method::EmailCode];
    for _ in 0..2 {
        methods.remember(&mine, &passed, now()).await.unwrap();
    }
    let expected = Passed {
        methods: vec!["pwd".to_owned(), "otp-email".to_owned()],
        at: now(),
    };
    for (seconds, expected) in [(0, Some(&expected)), (29, Some(&expected)), (30, None)] {
        let later = now() + Duration::seconds(seconds);
        let found = methods.recall(&mine, later).await.unwrap();
        assert_eq!(found.as_ref(), expected, "after {seconds} s");
    }
    let other = sign_in("of-another-sign-in-of-theirs");
    assert_eq!(methods.recall(&other, now()).await.unwrap(), None);
}

#[tokio::test]
async fn what_cannot_be_read_is_an_error() {
    let sign_in = sign_in("of-my-sign-in-and-mine-only");
    for client in [unreachable_client(), throttled_client()] {
        let methods = SignInMethods::new(client, TABLE);
        let read = methods.recall(&sign_in, now()).await;
        assert!(matches!(read, Err(SignInMethodsError::Read(_))), "{read:?}");
        let written = methods.remember(&sign_in, &[Method::Totp], now()).await;
        assert!(
            matches!(written, Err(SignInMethodsError::Write(_))),
            "{written:?}"
        );
    }
    let tables = tables();
    let methods = SignInMethods::new(tables.client(), TABLE);
    methods
        .remember(&sign_in, &[Method::Totp], now())
        .await
        .unwrap();
    let mut item = function_tests::items(&tables, TABLE).remove(0);
    item["methods"] = json!({"S": "totp"});
    put(&tables, TABLE, &item);
    let read = methods.recall(&sign_in, now()).await;
    assert!(
        matches!(read, Err(SignInMethodsError::Malformed)),
        "{read:?}"
    );
}
