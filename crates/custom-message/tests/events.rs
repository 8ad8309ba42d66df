//! Every event of this trigger, answered from our own templates. A new file in `events/` needs no new code here.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

use std::future::ready;

use custom_message::{Config, handle};
use entrypoint::{Env, answer};
use function_tests::events;
use message_templates::Templates;
use serde_json::Value;
use serde_json::value::RawValue;

#[tokio::test]
async fn every_event_has_its_answer() {
    for (name, event) in events("custom-message") {
        let answer = answered("on", &event).await;
        insta::assert_json_snapshot!(name, answer);
    }
}

#[tokio::test]
async fn without_an_email_identity_only_the_text_message_is_answered() {
    let event = sign_up();
    let mut expected: Value = serde_json::from_str(event.get()).unwrap();
    expected["response"]["smsMessage"] =
        "{####} ist Ihr Code zur Bestätigung Ihres Kontos bei Example. Geben Sie ihn nicht weiter."
            .into();
    assert_eq!(answered("off", &event).await, expected);
}

#[tokio::test]
async fn a_repeated_event_has_the_same_answer() {
    let event = sign_up();
    let first = answered("on", &event).await;
    assert_eq!(answered("on", &event).await, first);
}

fn sign_up() -> Box<RawValue> {
    let mut events = events("custom-message").into_iter();
    let found = events.find(|(name, _)| name == "CustomMessage_SignUp");
    found.unwrap().1
}

async fn answered(email: &str, event: &RawValue) -> Value {
    let templates = Templates::embedded();
    let env = Env::of_pairs([
        ("APP_NAME", "Example"),
        ("EMAIL", email),
        ("CONFIRM_URL", "https://app.example.com/confirm"),
        ("RESET_URL", "https://app.example.com/reset"),
        ("SIGN_IN_URL", "https://app.example.com/"),
        ("SUPPORT_URL", "https://www.example.com/help"),
    ]);
    let config = Config::from_env(env, &templates).unwrap();
    let answer = answer(event, |event| ready(handle(&event, &config, &templates))).await;
    serde_json::from_str(answer.unwrap().get()).unwrap()
}
