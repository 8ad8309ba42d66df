//! Tables, keys and a sender that are throttled, gone or silent: the sign-in fails with the fixed text, and nobody gets in.

use aws_sdk_dynamodb::Client;
use embedded_dynamodb::{Tables, hanging_client, throttled_client, unreachable_client};
use entrypoint::{Failure, UNAVAILABLE};
use function_tests::UNREACHABLE;
use serde_json::json;
use tokio::time::timeout;

use crate::stage::*;

/// After which an answer would come too late.
const DEADLINE_OF_THE_EDGE: std::time::Duration = std::time::Duration::from_secs(4);

#[track_caller]
fn check(failure: &Failure) {
    assert!(matches!(failure, Failure::Internal(_)), "{failure:?}");
    assert_eq!(failure.public_text(), UNAVAILABLE);
}

fn answered() -> SignIn {
    let mut sign_in = SignIn::of(Who::Ines);
    sign_in.created = json!({"privateChallengeParameters": {
        "challenge": "email-code", "id": "1", "nonce": "n",
    }});
    sign_in
}

#[tokio::test]
async fn a_table_that_fails_ends_the_sign_in() {
    for client in [throttled_client(), unreachable_client()] {
        let tables = Tables::in_memory().unwrap();
        let stage = Stage::over(client, tables, "email-code", []);
        let sign_in = answered();
        check(&stage.define(&sign_in, &json!({}), now()).await.unwrap_err());
        check(&stage.create(&sign_in, &json!({}), now()).await.unwrap_err());
        check(
            &stage
                .verify(&sign_in, "000000", &json!({}), now())
                .await
                .unwrap_err(),
        );
        assert_eq!(stage.sender.taken(), [json!(null); 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_silent_is_left_to_the_edge() {
    let stage = Stage::over(
        hanging_client(),
        Tables::in_memory().unwrap(),
        "email-code",
        [],
    );
    let sign_in = answered();
    let metadata = json!({});
    let created = timeout(
        DEADLINE_OF_THE_EDGE,
        stage.create(&sign_in, &metadata, now()),
    )
    .await;
    assert!(created.is_err(), "nothing was decided");
    assert_eq!(stage.sender.taken(), [json!(null); 0]);
    let verified = timeout(
        DEADLINE_OF_THE_EDGE,
        stage.verify(&sign_in, "0", &metadata, now()),
    )
    .await;
    assert!(verified.is_err(), "nothing was decided");
}

#[tokio::test]
async fn a_key_or_a_sender_that_fails_ends_the_sign_in() {
    for exception in [
        "ThrottlingException",
        "KMSInvalidStateException",
        UNREACHABLE,
    ] {
        let stage = Stage::new("email-code");
        let sign_in = stage.begin(Who::Ines, now()).await;
        let code = code(&stage.messages());
        stage.keys.fail(Some(exception));
        check(&stage.create(&sign_in, &json!({}), now()).await.unwrap_err());
        check(
            &stage
                .verify(&sign_in, &code, &json!({}), now())
                .await
                .unwrap_err(),
        );
        stage.keys.fail(None);
        let answer = stage.verify(&sign_in, &code, &json!({}), now()).await;
        assert_eq!(answer.unwrap(), (true, "Right"), "it counted nothing");
    }
    for who in [Who::Ines, Who::Nobody] {
        let stage = Stage::new("email-code");
        stage.sender.fail(Some("TooManyRequestsException"));
        let sign_in = SignIn::of(who);
        check(&stage.create(&sign_in, &json!({}), now()).await.unwrap_err());
        // The next attempt finds the same challenge, and its message leaves.
        stage.sender.fail(None);
        let again = stage.create(&sign_in, &json!({}), after(5)).await.unwrap();
        assert_eq!(again.reason, "AskedAgain");
        assert_eq!(stage.sender.taken().len(), 1);
    }
}

/// The tokens then prove no more than others do, which is no reason to keep somebody out.
#[tokio::test]
async fn methods_that_cannot_be_remembered_keep_nobody_out() {
    let stage = Stage::new("email-code");
    let table: Client = stage.tables.client();
    let delete = table.delete_table().table_name(METHODS).send();
    Box::pin(delete).await.unwrap();
    let mut sign_in = SignIn::of(Who::Ines);
    sign_in.session = vec![json!({
        "challengeName": "CUSTOM_CHALLENGE", "challengeResult": true, "challengeMetadata": "email-code#1",
    })];
    let metadata = json!({"signInId": "q83vEjRWeJCrze8SNFZ4kA"});
    let decided = stage.define(&sign_in, &metadata, now()).await.unwrap();
    assert_eq!(decided.reason, "Passed");
}
