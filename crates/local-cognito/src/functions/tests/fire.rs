//! Cognito's manner of calling a trigger.

use std::time::Duration;

use bytes::Bytes;
use serde_json::json;

use super::stand::{Stand, bytes, function, without_request_id};
use crate::functions::fire::{Fired, Outcome};

#[tokio::test]
async fn an_answer_takes_one_attempt() {
    let stand = Stand::of_misbehaving(|_, _| {}).await;
    let event = bytes(&json!({ "triggerSource": "PreSignUp_SignUp" }));
    check(&stand, event.clone(), 1, Outcome::Answered(event)).await;
}

#[tokio::test]
async fn an_error_of_the_function_is_not_tried_again() {
    let stand = Stand::of_misbehaving(|_, _| {}).await;
    let refusal = Outcome::FunctionError {
        error_message: "Not you".to_owned(),
    };
    check(
        &stand,
        bytes(&json!({ "do": "refuse", "text": "Not you" })),
        1,
        refusal,
    )
    .await;
    assert_eq!(stand.report().await, (2, 202));
}

#[tokio::test]
async fn the_end_of_a_process_is_an_error_of_the_function() {
    let stand = Stand::of_misbehaving(|_, _| {}).await;
    let fired = stand
        .functions
        .fire("Misbehaving", bytes(&json!({ "do": "exit" })))
        .await;
    let Outcome::FunctionError { error_message } = fired.outcome else {
        panic!("{:?}", fired.outcome);
    };
    let expected = "RequestId: … Error: Runtime exited with error: exit status 1";
    assert_eq!(without_request_id(&error_message), expected);
    assert_eq!(fired.attempts, 1);
}

#[tokio::test]
async fn a_function_that_hangs_is_tried_three_times() {
    let stand = Stand::of_misbehaving(|_, settings| {
        settings.attempt_limit = Duration::from_millis(50);
        settings.max_environments = 8;
    })
    .await;
    check(
        &stand,
        bytes(&json!({ "do": "hang" })),
        3,
        Outcome::TimedOut,
    )
    .await;
    assert_eq!(
        stand.functions.environments().len(),
        3,
        "each attempt goes on in its own environment"
    );
    assert_eq!(stand.report().await, (1, 0));
}

#[tokio::test]
async fn an_attempt_that_timed_out_goes_on_until_the_functions_own_timeout() {
    let stand = Stand::of_misbehaving(|function, settings| {
        settings.attempt_limit = Duration::from_millis(20);
        function.timeout = Duration::from_millis(200);
    })
    .await;
    stand
        .functions
        .fire("Misbehaving", bytes(&json!({ "do": "hang" })))
        .await;
    stand
        .wait_for_line(&["took too long while it answered an event"])
        .await;
}

#[tokio::test]
async fn an_attempt_that_timed_out_goes_on_and_its_answer_is_dropped() {
    let stand =
        Stand::of_misbehaving(|_, settings| settings.attempt_limit = Duration::from_millis(50))
            .await;
    let directory = tempfile::tempdir().unwrap();
    let gate = directory.path().join("open");
    let event = json!({ "do": "wait for file", "text": gate.to_str().unwrap() });
    check(&stand, bytes(&event), 3, Outcome::TimedOut).await;
    std::fs::write(gate, "").unwrap();
    // The one environment was taken, so Lambda would have throttled the second and the third attempt: they never reach it. The first
    // one's answer is accepted, and nobody gets it.
    assert_eq!(stand.report().await, (2, 202));
}

#[tokio::test]
async fn an_attempt_given_up_at_a_slow_start_still_reaches_the_function() {
    let directory = tempfile::tempdir().unwrap();
    let gate = directory.path().join("open");
    let stand = Stand::of_misbehaving(|function, settings| {
        settings.attempt_limit = Duration::from_millis(50);
        function
            .environment
            .insert("AT_START".to_owned(), gate.display().to_string());
    })
    .await;
    check(&stand, Bytes::from("{}"), 3, Outcome::TimedOut).await;
    std::fs::write(gate, "").unwrap();
    assert_eq!(stand.report().await, (2, 202));
}

#[tokio::test]
async fn a_function_that_cannot_start_is_not_tried_again() {
    let stand = Stand::new(|_| vec![function("Missing", "no-such-binary")]).await;
    for logical_id in ["Missing", "Unknown"] {
        let fired = stand.functions.fire(logical_id, Bytes::from("{}")).await;
        assert!(
            matches!(fired.outcome, Outcome::CouldNotStart(_)),
            "{:?}",
            fired.outcome
        );
        assert_eq!(fired.attempts, 1);
    }
}

async fn check(stand: &Stand, event: Bytes, attempts: usize, outcome: Outcome) {
    let fired = stand.functions.fire("Misbehaving", event).await;
    assert_eq!(fired, Fired { attempts, outcome });
}
