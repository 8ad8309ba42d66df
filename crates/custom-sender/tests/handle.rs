//! What leaves, when Cognito calls once, several times or with somebody else's code, and when services fail. The codes were encrypted by
//! the SDK for Python (`src/encrypted_message/vectors.py`).
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod stage;

use std::rc::Rc;

use cognito_events::{custom_email_sender, custom_sms_sender};
use embedded_dynamodb::cut_at_every_await;
use function_tests::{Log, SILENT, UNREACHABLE, events, items};
use serde_json::{Value, json};

use stage::{DELIVERIES, Stage};

const HERE: &str = "ses/us-east-1";
const THERE: &str = "ses/eu-west-1";

#[tokio::test]
async fn every_event_has_its_message() {
    for folder in ["custom-email-sender", "custom-sms-sender"] {
        for (name, event) in events(folder) {
            let code = match name.ends_with("_AdminCreateUser") {
                true => "0x0378, a temporary password",
                false => "0x0378, a code",
            };
            let stage = Stage::new(code);
            let mut event: Value = serde_json::from_str(event.get()).unwrap();
            if !event["request"]["code"].is_null() {
                event["request"]["code"] = stage.code();
            }
            let reason = stage.handle(event).await.unwrap();
            insta::assert_json_snapshot!(name, json!({"reason": reason, "sent": stage.sent()}));
        }
    }
}

#[tokio::test]
async fn a_message_leaves_once_however_often_the_event_comes() {
    let stage = Stage::new("0x0378, a code");
    assert_eq!(stage.sign_up().await.unwrap(), "Sent");
    for _ in 0..2 {
        assert_eq!(stage.sign_up().await.unwrap(), "SettledBefore");
    }
    assert_eq!(stage.taken_by(), [HERE]);

    let stage = Stage::new("0x0378, a code");
    let answers = tokio::join!(stage.sign_up(), stage.sign_up(), stage.sign_up());
    let sent = [answers.0, answers.1, answers.2];
    let sent = sent.iter().filter(|answer| *answer == &Ok("Sent"));
    assert_eq!(sent.count(), 1);
    assert_eq!(stage.taken_by(), [HERE]);
}

/// The event that was cut comes again a minute later. SES knows no ids of ours: only where it had taken the message and nobody had noted
/// that does a second one leave.
#[tokio::test]
async fn an_event_that_was_cut_anywhere_is_sent_when_it_comes_again() {
    let mut stages = Vec::new();
    let (answer, cuts) = cut_at_every_await(|| {
        let stage = Rc::new(Stage::new("0x0378, a code"));
        stages.push(Rc::clone(&stage));
        async move { stage.sign_up().await }
    })
    .await;
    assert_eq!(answer.unwrap(), "Sent");
    assert!(cuts >= 6, "only {cuts} cuts");
    for stage in stages {
        let sent = stage.taken_by().len();
        let deliveries = items(&stage.tables, DELIVERIES);
        let is_settled = deliveries.iter().any(|item| item.get("outcome").is_some());
        let expected = match is_settled {
            true => ("SettledBefore", 1),
            false => ("Sent", sent + 1),
        };
        let answer = stage.sign_up_later().await.unwrap();
        assert_eq!((answer, stage.taken_by().len()), expected);
    }
}

#[tokio::test]
async fn a_region_that_fails_is_passed_over_and_when_all_fail_lambda_tries_again() {
    let stage = Stage::new("0x0378, a code");
    stage.senders.fail(HERE, Some("TooManyRequestsException"));
    stage.senders.fail(THERE, Some("SendingPausedException"));
    let failed = stage.sign_up().await.unwrap_err();
    assert_eq!(failed, "no provider took the message");
    stage.senders.fail(THERE, None);
    assert_eq!(stage.sign_up().await.unwrap(), "Sent");
    assert_eq!(stage.taken_by(), [THERE]);
}

#[tokio::test]
async fn a_code_of_another_pool_leaves_nothing() {
    for code in ["0x0378, a code", "0x0578, a code"] {
        let stage = Stage::new(code);
        let mut event = stage.sign_up_event();
        event["userPoolId"] = "eu-central-1_Another42".into();
        let failed = stage.handle(event).await.unwrap_err();
        assert_eq!(
            failed,
            "the code was encrypted for another user pool than the event's"
        );
        assert_eq!((stage.taken_by().len(), stage.kms_calls()), (0, 0));
        assert_eq!(items(&stage.tables, DELIVERIES).len(), 0);
    }
}

#[tokio::test]
async fn a_changed_code_leaves_nothing() {
    let stage = Stage::new("0x0378, a code");
    let mut event = stage.sign_up_event();
    let mut code = event["request"]["code"].as_str().unwrap().to_owned();
    let last = code.pop().unwrap();
    code.pop();
    code.push(if last == '=' { 'A' } else { '=' });
    event["request"]["code"] = code.into();
    assert!(stage.handle(event).await.is_err());
    assert_eq!(stage.taken_by().len(), 0);
}

#[tokio::test]
async fn a_key_that_cannot_be_asked_is_tried_again() {
    for exception in ["KMSInternalException", UNREACHABLE] {
        let stage = Stage::new("0x0378, a code");
        stage.fail_kms(Some(exception));
        let failed = stage.sign_up().await.unwrap_err();
        assert_eq!(failed, "failed to have the data key decrypted");
        stage.fail_kms(None);
        assert_eq!(stage.sign_up().await.unwrap(), "Sent");
    }
}

/// The clock is Tokio's, and moves to the next limit when all wait.
#[tokio::test(start_paused = true)]
async fn providers_that_are_silent_are_given_up_below_the_deadline() {
    let stage = Stage::new("0x0378, a code");
    stage.senders.fail(HERE, Some(SILENT));
    stage.senders.fail(THERE, Some(SILENT));
    let started = tokio::time::Instant::now();
    assert!(stage.sign_up().await.is_err());
    assert!(started.elapsed().as_millis() < 4_000);
}

#[tokio::test]
async fn what_nobody_can_send_is_logged_and_does_not_fail() {
    let stage = Stage::new("0x0378, a code");
    let log = Log::start();
    let mut unknown = stage.sign_up_event();
    unknown["triggerSource"] = "CustomEmailSender_Raffle".into();
    assert_eq!(stage.handle(unknown).await.unwrap(), "UnknownTriggerSource");
    let mut nowhere = stage.sign_up_event();
    nowhere["request"]["userAttributes"] = json!({"sub": "s-1"});
    assert_eq!(stage.handle(nowhere).await.unwrap(), "NoRecipient");
    let messages: Vec<Value> = log
        .fields()
        .iter_mut()
        .map(|it| it["message"].take())
        .collect();
    assert_eq!(
        messages,
        [
            "there is no template for this trigger source, and nothing was sent",
            "the event has no address for this channel, and nothing was sent",
        ]
    );
    assert_eq!((stage.taken_by().len(), stage.kms_calls()), (0, 0));
}

#[tokio::test]
async fn neither_code_nor_address_is_logged() {
    let stage = Stage::new("0x0378, a code");
    let log = Log::start();
    stage.senders.fail(HERE, Some("TooManyRequestsException"));
    stage.sign_up().await.unwrap();
    let mut event = stage.sign_up_event();
    event["request"]["userAttributes"]["email"] = "ines, by e-mail".into();
    assert_eq!(stage.handle(event).await.unwrap(), "Rejected");
    for secret in ["482913", "ines", "example.org", "private"] {
        assert!(!log.text().contains(secret), "{secret} in {}", log.text());
    }
}

/// Both events are read as their own trigger's.
#[test]
fn events_are_of_two_triggers() {
    let source = |text: &str| json!({ "triggerSource": text });
    let email: custom_email_sender::Event =
        serde_json::from_value(source("CustomEmailSender_SignUp")).unwrap();
    let sms: custom_sms_sender::Event =
        serde_json::from_value(source("CustomSMSSender_SignUp")).unwrap();
    assert_eq!(
        email.trigger_source,
        custom_email_sender::TriggerSource::SignUp
    );
    assert_eq!(sms.trigger_source, custom_sms_sender::TriggerSource::SignUp);
}
