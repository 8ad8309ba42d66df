//! Single invocations: what the caller gets for everything that a function can do.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use super::stand::{Stand, answered, bytes, failed, function};
use crate::functions::{Invocation, InvokeError};

#[tokio::test]
async fn a_real_function_answers_event_after_event() {
    let stand = Stand::new(|_| vec![function("Noop", "noop-function")]).await;
    for number in 0..200 {
        let event = json!({ "request": { "number": number } });
        let answer = stand.functions.invoke("Noop", bytes(&event)).await.unwrap();
        let expected = json!({ "request": { "number": number }, "response": {} });
        assert_eq!(answered(answer), expected);
    }
}

#[tokio::test]
async fn a_real_function_refuses_what_is_no_event() {
    let stand = Stand::new(|_| vec![function("Noop", "noop-function")]).await;
    let answer = stand
        .functions
        .invoke("Noop", Bytes::from("[]"))
        .await
        .unwrap();
    let text = "This service is not available right now, please try again later";
    assert_eq!(failed(answer), ("Internal".to_owned(), text.to_owned()));
}

#[tokio::test]
async fn a_function_is_known_by_three_names() {
    let stand = Stand::of_misbehaving(|_, _| {}).await;
    let arn = "arn:aws:lambda:eu-central-1:210987654321:function:lifeguard-Misbehaving";
    for name in [
        "Misbehaving",
        "lifeguard-Misbehaving",
        arn,
        "lifeguard-Misbehaving:$LATEST",
    ] {
        let answer = stand
            .functions
            .invoke(name, Bytes::from("{}"))
            .await
            .unwrap();
        assert_eq!(answered(answer), json!({}), "{name}");
    }
    let unknown = stand.functions.invoke("Other", Bytes::from("{}")).await;
    let arn = "arn:aws:lambda:eu-central-1:210987654321:function:Other".to_owned();
    assert_eq!(unknown, Err(InvokeError::NotFound { arn }));
}

#[tokio::test]
async fn an_environment_stays_warm() {
    let stand = Stand::of_misbehaving(|_, settings| settings.max_environments = 8).await;
    for events in 1..=20 {
        let status = if events == 1 { 0 } else { 202 };
        assert_eq!(stand.report().await, (events, status));
    }
}

#[tokio::test]
async fn rubbish_is_passed_on() {
    let stand = Stand::of_misbehaving(|_, _| {}).await;
    for rubbish in [
        "",
        "no JSON",
        "null",
        "[]",
        "\"text\"",
        "{\"response\":5}",
        "{\"response\":{\"autoConfirmUser\":\"yes\"}}",
    ] {
        let answer = stand
            .invoke(json!({ "do": "answer", "text": rubbish }))
            .await;
        assert_eq!(
            answer,
            Invocation::Answered(Bytes::from(rubbish)),
            "{rubbish}"
        );
    }
}

#[tokio::test]
async fn a_refusal_is_the_functions_own() {
    let stand = Stand::of_misbehaving(|_, _| {}).await;
    let answer = stand
        .invoke(json!({ "do": "refuse", "text": "This invitation has expired" }))
        .await;
    assert_eq!(
        failed(answer),
        (
            "Refused".to_owned(),
            "This invitation has expired".to_owned()
        )
    );
    assert_eq!(stand.report().await, (2, 202));
}

#[tokio::test]
async fn a_process_that_ends_fails_its_event_and_is_replaced() {
    let stand = Stand::of_misbehaving(|_, _| {}).await;
    let exited = "Runtime exited with error: exit status";
    check(&stand, json!({ "do": "exit" }), &format!("{exited} 1")).await;
    check(
        &stand,
        json!({ "do": "exit", "status": 77 }),
        &format!("{exited} 77"),
    )
    .await;
    check(
        &stand,
        json!({ "do": "exit", "status": 0 }),
        "Runtime exited without providing a reason",
    )
    .await;
    check(&stand, json!({ "do": "panic" }), &format!("{exited} 101")).await;
    check(
        &stand,
        json!({ "do": "abort" }),
        "Runtime exited with error: signal: aborted",
    )
    .await;
    stand
        .wait_for_line(&["Misbehaving: ", "as the event asked"])
        .await;
    stand
        .wait_for_line(&[
            "Misbehaving: ",
            "signal: aborted",
            "while it answered an event",
        ])
        .await;

    async fn check(stand: &Stand, event: Value, reason: &str) {
        let (error_type, message) = failed(stand.invoke(event.clone()).await);
        assert_eq!(error_type, "Runtime.ExitError", "{event}");
        // Whether an abort leaves a core behind is the machine's setting.
        let message = message.trim_end_matches(" (core dumped)");
        assert_eq!(message, format!("RequestId: … Error: {reason}"), "{event}");
        assert_eq!(
            stand.report().await,
            (1, 0),
            "{event}: a new process answers"
        );
    }
}

#[tokio::test]
async fn a_process_that_ends_after_its_answer_loses_nothing() {
    let stand = Stand::of_misbehaving(|_, _| {}).await;
    for number in 0..10 {
        let event = json!({ "do": "answer and exit", "number": number });
        assert_eq!(answered(stand.invoke(event.clone()).await), event);
    }
    assert_eq!(stand.report().await, (1, 0));
    stand.wait_for_line(&["exit status 1 between events"]).await;
}

#[tokio::test]
async fn a_function_that_takes_too_long_is_ended_and_replaced() {
    let stand =
        Stand::of_misbehaving(|function, _| function.timeout = Duration::from_millis(250)).await;
    let (error_type, message) = failed(stand.invoke(json!({ "do": "hang" })).await);
    assert_eq!(error_type, "Sandbox.Timedout");
    assert_eq!(
        message,
        "RequestId: … Error: Task timed out after 0.25 seconds"
    );
    assert_eq!(stand.report().await, (1, 0));
    stand
        .wait_for_line(&["took too long while it answered an event"])
        .await;
}

#[tokio::test]
async fn an_answer_can_be_too_long() {
    let stand = Stand::of_misbehaving(|_, _| {}).await;
    let longest = stand
        .invoke(json!({ "do": "answer at length", "bytes": 6_291_556 }))
        .await;
    assert!(matches!(longest, Invocation::Answered(payload) if payload.len() == 6_291_556));
    let longer = stand
        .invoke(json!({ "do": "answer at length", "bytes": 6_291_557 }))
        .await;
    let text = "Response payload size exceeded maximum allowed payload size (6291556 bytes).";
    assert_eq!(
        failed(longer),
        ("Function.ResponseSizeTooLarge".to_owned(), text.to_owned())
    );
    assert_eq!(stand.report().await, (3, 413));
}

#[tokio::test]
async fn a_burst_is_shared_by_the_environments() {
    let stand = Stand::of_misbehaving(|_, settings| settings.max_environments = 4).await;
    let directory = tempfile::tempdir().unwrap();
    let gate = directory.path().join("open");
    let text = gate.to_str().unwrap();
    // The first four hold an environment each, until all are there.
    let events: Vec<_> = (0..50)
        .map(|number| json!({ "do": if number < 4 { "wait for file" } else { "" }, "text": text, "number": number }))
        .collect();
    let answers =
        futures_util::future::join_all(events.iter().map(|event| stand.invoke(event.clone())));
    let open = async {
        stand.wait_for_environments(4).await;
        std::fs::write(&gate, "").unwrap();
    };
    let (answers, ()) = tokio::join!(answers, open);
    for (event, answer) in events.into_iter().zip(answers) {
        assert_eq!(answered(answer), event);
    }
    assert_eq!(
        stand.functions.environments().len(),
        4,
        "they stay warm, and are no more than allowed"
    );
    stand.functions.shutdown().await;
    assert!(stand.functions.environments().is_empty());
}

#[tokio::test]
async fn a_process_answers_for_its_own_event_only() {
    let stand = Stand::of_misbehaving(|_, _| {}).await;
    assert_eq!(
        answered(stand.invoke(json!({ "do": "answer another" })).await),
        json!(400)
    );
    stand.invoke(json!({ "do": "answer twice" })).await;
    assert_eq!(stand.report().await, (3, 400));
    assert_eq!(
        answered(stand.invoke(json!({ "do": "ask again" })).await),
        json!(403)
    );
}

#[tokio::test]
async fn after_shutdown_nothing_starts() {
    let stand = Stand::of_misbehaving(|_, _| {}).await;
    let hanging = stand
        .functions
        .invoke("Misbehaving", bytes(&json!({ "do": "hang" })));
    let waiting = stand.functions.invoke("Misbehaving", Bytes::from("{}"));
    let ended = async {
        stand.wait_for_environments(1).await;
        stand.functions.shutdown().await;
    };
    let (hanging, waiting, ()) = tokio::join!(hanging, waiting, ended);
    assert_eq!(hanging, Err(InvokeError::ShuttingDown));
    assert_eq!(waiting, Err(InvokeError::ShuttingDown));
    let late = stand
        .functions
        .invoke("Misbehaving", Bytes::from("{}"))
        .await;
    assert_eq!(late, Err(InvokeError::ShuttingDown));
}
