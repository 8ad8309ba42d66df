//! Events that nobody waits for.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use super::client::{get, post};
use super::stand::{Stand, bytes};
use crate::template::{Asynchronous, Function};

const QUEUE: &str = "arn:aws:sqs:eu-central-1:210987654321:failed";
const TOPIC: &str = "arn:aws:sns:eu-central-1:210987654321:failures";

fn with_queue(function: &mut Function) {
    function.asynchronous.dead_letter_queue = Some(QUEUE.to_owned());
}

impl Stand {
    async fn dead_letters(&self) -> Vec<Value> {
        let response = get(&self.address, "/dead-letters").await;
        serde_json::from_str(&response.body).unwrap()
    }

    /// Moves the clock to the next attempt, once Lambda waits for it.
    async fn pass(&self, seconds: u32) {
        let waits = format!("it comes again in {seconds} s");
        self.wait_for_line(&[&waits]).await;
        self.functions.0.settings.clock.advance(seconds);
    }
}

#[tokio::test]
async fn an_event_that_fails_twice_comes_a_third_time() {
    let stand = Stand::of_misbehaving(|function, _| with_queue(function)).await;
    let event = json!({ "do": "refuse at first", "until": 3, "text": "at last" });
    stand
        .functions
        .invoke_later("Misbehaving", bytes(&event))
        .unwrap();
    stand.pass(60).await;
    stand.pass(120).await;
    stand.wait_for_line(&["out: at last"]).await;
    assert_eq!(stand.report().await, (4, 202), "three attempts and this");
    assert_eq!(stand.dead_letters().await, [json!(null); 0]);
}

#[tokio::test]
async fn an_event_that_fails_for_good_is_put_aside() {
    let stand = Stand::of_misbehaving(|function, _| {
        with_queue(function);
        function.asynchronous.on_failure = Some(TOPIC.to_owned());
    })
    .await;
    let text = format!("{}ä", "x".repeat(1_023));
    let event = json!({ "do": "refuse", "text": text }).to_string();
    let path = "/2015-03-31/functions/Misbehaving/invocations";
    let taken = post(
        &stand.address,
        path,
        &["x-amz-invocation-type: Event"],
        event.as_bytes(),
    )
    .await;
    assert_eq!(taken.status, 202);
    stand.pass(60).await;
    stand.pass(120).await;
    stand
        .wait_for_line(&["failed for good", QUEUE, TOPIC])
        .await;
    assert_eq!(stand.report().await, (4, 202), "three attempts and this");

    let id = taken.header("x-amzn-requestid").unwrap();
    let letters = stand.dead_letters().await;
    let [queued, recorded] = letters.as_slice() else {
        panic!("{letters:?}");
    };
    let expected = json!({
        "time": queued["time"], "target": QUEUE, "function": "Misbehaving", "body": event,
        "attributes": { "RequestID": id, "ErrorCode": "200", "ErrorMessage": "x".repeat(1_023) },
    });
    assert_eq!(*queued, expected);
    assert_eq!(recorded["target"], TOPIC);
    let record: Value = serde_json::from_str(recorded["body"].as_str().unwrap()).unwrap();
    let expected = json!({
        "version": "1.0",
        "timestamp": record["timestamp"],
        "requestContext": {
            "requestId": id,
            "functionArn": "arn:aws:lambda:eu-central-1:210987654321:function:lifeguard-Misbehaving:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 3,
        },
        "requestPayload": serde_json::from_str::<Value>(&event).unwrap(),
        "responseContext": { "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled" },
        "responsePayload": { "errorType": "Refused", "errorMessage": text },
    });
    assert_eq!(record, expected);
}

#[tokio::test]
async fn an_event_that_is_answered_does_not_come_again() {
    let stand = Stand::of_misbehaving(|function, _| with_queue(function)).await;
    let event = json!({ "do": "print", "text": "once" });
    stand
        .functions
        .invoke_later("Misbehaving", bytes(&event))
        .unwrap();
    stand.wait_for_line(&["out: once"]).await;
    assert_eq!(stand.report().await, (2, 202));
    stand.functions.0.settings.clock.advance(3_600);
    assert_eq!(stand.report().await, (3, 202));
    assert_eq!(stand.dead_letters().await, [json!(null); 0]);
}

#[tokio::test]
async fn the_template_says_how_often_and_how_long_an_event_comes_again() {
    for (asynchronous, pauses, condition) in [
        (
            Asynchronous {
                retries: 0,
                ..Asynchronous::default()
            },
            &[][..],
            "RetriesExhausted",
        ),
        (
            Asynchronous {
                retries: 1,
                ..Asynchronous::default()
            },
            &[60],
            "RetriesExhausted",
        ),
        (
            Asynchronous {
                longest_age: Duration::from_secs(100),
                ..Asynchronous::default()
            },
            &[60],
            "EventAgeExceeded",
        ),
    ] {
        let stand = Stand::of_misbehaving(|function, _| {
            function.asynchronous = Asynchronous {
                on_failure: Some(TOPIC.to_owned()),
                ..asynchronous
            };
        })
        .await;
        let event = bytes(&json!({ "do": "exit" }));
        stand.functions.invoke_later("Misbehaving", event).unwrap();
        for pause in pauses {
            stand.pass(*pause).await;
        }
        stand.wait_for_line(&["failed for good"]).await;
        let letters = stand.dead_letters().await;
        let record: Value = serde_json::from_str(letters[0]["body"].as_str().unwrap()).unwrap();
        assert_eq!(record["requestContext"]["condition"], condition);
        let attempts = pauses.len() + 1;
        assert_eq!(record["requestContext"]["approximateInvokeCount"], attempts);
        assert_eq!(record["responsePayload"]["errorType"], "Runtime.ExitError");
    }
}

#[tokio::test]
async fn an_event_without_a_queue_is_lost_and_the_operator_told() {
    let stand = Stand::of_misbehaving(|function, _| function.asynchronous.retries = 0).await;
    let event = bytes(&json!({ "do": "refuse", "text": "no" }));
    stand.functions.invoke_later("Misbehaving", event).unwrap();
    stand
        .wait_for_line(&["is lost, since there is no dead-letter queue"])
        .await;
    assert_eq!(stand.dead_letters().await, [json!(null); 0]);
    let unknown = stand.functions.invoke_later("Nobody", Bytes::new());
    assert!(
        unknown
            .unwrap_err()
            .to_string()
            .starts_with("Function not found: ")
    );
}
