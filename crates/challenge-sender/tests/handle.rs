//! What is sent to whom, and how often, when messages come twice, at once or half-way, and when nobody takes them.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

use std::sync::Arc;

use challenge_sender::{Config, handle};
use delivery::{Delivery, SignInMessage};
use embedded_dynamodb::{Tables, unreachable_client};
use entrypoint::{Env, Failure, UNAVAILABLE};
use function_tests::{Log, Senders, create, events};
use message_templates::Templates;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use tokio::task::JoinSet;

const DELIVERIES: &str = "deliveries";

/// 2027-01-15, 08:00 UTC.
fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
}

/// The providers, the table, and the function over them.
struct Stage {
    senders: Senders,
    templates: Templates,
    config: Config,
    delivery: Delivery,
}

impl Stage {
    fn new() -> Self {
        let tables = Tables::in_memory().unwrap();
        create(&tables, DELIVERIES, &["message"]);
        Self::over(tables.client())
    }

    fn over(client: aws_sdk_dynamodb::Client) -> Self {
        let templates = Templates::embedded();
        let env = Env::of_pairs([
            ("DELIVERIES_TABLE", DELIVERIES),
            ("EMAIL_FROM", "no-reply@example.com"),
            ("EMAIL_REGIONS", "us-east-1,eu-west-1"),
            ("SMS_PROVIDERS", "sns"),
            ("APP_NAME", "Example"),
        ]);
        let config = Config::from_env(env, &templates).unwrap();
        let senders = Senders::new();
        let connection = senders.connection();
        let delivery = Delivery::new(&connection, client, DELIVERIES, &config.settings);
        Self {
            senders,
            templates,
            config,
            delivery,
        }
    }

    async fn answer(&self, message: SignInMessage) -> Result<&'static str, Failure> {
        self.answer_at(message, now()).await
    }

    async fn answer_at(
        &self,
        message: SignInMessage,
        now: OffsetDateTime,
    ) -> Result<&'static str, Failure> {
        let answer = handle(message, &self.config, &self.templates, &self.delivery, now);
        Ok(answer.await?.reason)
    }

    /// How many messages have left.
    fn sent(&self) -> usize {
        self.senders.accepted().len()
    }
}

/// A code for Ines, with these members instead of the usual ones.
fn message(members: Value) -> SignInMessage {
    let mut message = json!({
        "messageId": "challenge-1",
        "kind": "email-code",
        "recipient": "ines@example.org",
        "clientId": "7web",
        "locale": null,
        "code": "482913",
        "link": null,
        "number": null,
        "expiresInMinutes": 5,
    });
    for (name, value) in members.as_object().unwrap() {
        message[name] = value.clone();
    }
    serde_json::from_value(message).unwrap()
}

#[tokio::test]
async fn every_event_has_its_message() {
    for (name, event) in events("challenge-sender") {
        let stage = Stage::new();
        let message: SignInMessage = serde_json::from_str(event.get()).unwrap();
        let reason = stage.answer(message).await.unwrap();
        let sent: Vec<_> = stage.senders.accepted().into_iter().map(summary).collect();
        insta::assert_json_snapshot!(name, json!({"reason": reason, "sent": sent}));
    }
}

/// Of an e-mail all but its HTML, which has tests of its own.
fn summary(accepted: function_tests::Accepted) -> Value {
    let mut request = accepted.request;
    if let Some(html) = request.pointer_mut("/Content/Simple/Body/Html/Data") {
        *html = "…".into();
    }
    json!({"service": accepted.service, "request": request})
}

#[tokio::test]
async fn nobody_is_sent_nothing_and_the_line_looks_the_same() {
    let stage = Stage::new();
    for kind in ["email-code", "sms-code", "magic-link"] {
        let nobody = message(json!({"kind": kind, "recipient": null, "code": null}));
        let log = Log::start();
        assert_eq!(stage.answer(nobody).await.unwrap(), "NoRecipient");
        assert_eq!(log.text(), "");
    }
    assert!(stage.senders.asked().is_empty());
}

#[tokio::test]
async fn a_message_that_comes_again_is_sent_once() {
    let stage = Stage::new();
    for (minutes, expected) in [(0, "Sent"), (1, "SettledBefore"), (3, "SettledBefore")] {
        let later = now() + Duration::minutes(minutes);
        let answer = stage.answer_at(message(json!({})), later).await;
        assert_eq!(answer.unwrap(), expected);
    }
    assert_eq!(stage.sent(), 1);
}

#[tokio::test]
async fn a_message_that_comes_three_times_at_once_is_sent_once() {
    let stage = Arc::new(Stage::new());
    let mut running = JoinSet::new();
    for _ in 0..3 {
        let stage = Arc::clone(&stage);
        running.spawn(async move { stage.answer(message(json!({}))).await });
    }
    for answer in running.join_all().await {
        match answer {
            Ok(reason) => assert!(["Sent", "SettledBefore"].contains(&reason), "{reason}"),
            // Nobody need look at it: Lambda repeats it, and finds it sent.
            Err(Failure::Refused { reason, .. }) => assert_eq!(reason, "BeingSent"),
            Err(Failure::Internal(cause)) => panic!("{cause}"),
        }
    }
    assert_eq!(stage.sent(), 1);
    let again = stage.answer(message(json!({}))).await.unwrap();
    assert_eq!((again, stage.sent()), ("SettledBefore", 1));
}

#[tokio::test]
async fn the_second_region_sends_where_the_first_cannot() {
    let stage = Stage::new();
    stage
        .senders
        .fail("ses/us-east-1", Some("SendingPausedException"));
    let log = Log::start();
    assert_eq!(stage.answer(message(json!({}))).await.unwrap(), "Sent");
    assert_eq!(stage.senders.accepted()[0].service, "ses/eu-west-1");
    assert_eq!(
        log.fields(),
        [json!({
            "message": "a provider did not take a message",
            "provider": "ses in us-east-1",
            "cause": "SendingPausedException",
        })]
    );
}

#[tokio::test]
async fn what_nobody_takes_fails_and_is_sent_when_it_comes_again() {
    let stage = Stage::new();
    for region in ["ses/us-east-1", "ses/eu-west-1"] {
        stage.senders.fail(region, Some("TooManyRequestsException"));
    }
    check_failed(&stage, "no provider took the message").await;
    stage.senders.fail("ses/eu-west-1", None);
    assert_eq!(stage.answer(message(json!({}))).await.unwrap(), "Sent");
}

#[tokio::test]
async fn a_table_that_is_gone_fails_and_nothing_is_sent() {
    let stage = Stage::over(unreachable_client());
    check_failed(&stage, "failed to write the delivery").await;
    assert!(stage.senders.asked().is_empty());
}

async fn check_failed(stage: &Stage, expected: &str) {
    let failure = stage.answer(message(json!({}))).await.unwrap_err();
    assert_eq!(failure.public_text(), UNAVAILABLE);
    let Failure::Internal(cause) = failure else {
        panic!("refused")
    };
    assert_eq!(cause.to_string(), expected);
}

#[tokio::test]
async fn a_recipient_that_is_rejected_is_not_tried_again() {
    let stage = Stage::new();
    let two = message(json!({"recipient": "ines@example.org, kim@example.org"}));
    assert_eq!(stage.answer(two).await.unwrap(), "Rejected");
    stage.senders.fail("sns/us-east-1", Some("OptedOut"));
    let opted_out = || message(json!({"kind": "sms-code", "recipient": "+4915112345678"}));
    assert_eq!(stage.answer(opted_out()).await.unwrap(), "Rejected");
    stage.senders.fail("sns/us-east-1", None);
    assert_eq!(stage.answer(opted_out()).await.unwrap(), "SettledBefore");
    assert_eq!(stage.sent(), 0);
}

#[tokio::test]
async fn a_message_without_what_it_is_about_is_not_sent() {
    let stage = Stage::new();
    for members in [
        json!({"code": null}),
        json!({"code": ""}),
        json!({"kind": "sms-code", "recipient": "+4915112345678", "code": null}),
        json!({"kind": "magic-link"}),
        json!({"kind": "magic-link", "link": "http://app.example.com/#token=k3"}),
        json!({"kind": "magic-link", "link": "https://app.example.com/#token=k3'><script>"}),
    ] {
        let failure = stage.answer(message(members.clone())).await.unwrap_err();
        let Failure::Internal(cause) = failure else {
            panic!("refused")
        };
        let cause = cause.to_string();
        assert!(cause.ends_with("must be in it"), "{members}: {cause}");
        assert!(!cause.contains("k3"), "{cause}");
    }
    assert_eq!(stage.sent(), 0);
}
