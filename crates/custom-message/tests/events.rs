//! Every event of this trigger, answered from our own templates. A new file in `events/` needs no new code here.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

use std::fs;
use std::path::Path;

use custom_message::{Config, Templates, handle};
use entrypoint::{Env, answer};
use serde_json::Value;
use serde_json::value::RawValue;

#[tokio::test]
async fn every_event_has_its_answer() {
    let files = fs::read_dir(Path::new(EVENTS)).unwrap();
    let mut events: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    events.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    assert!(!events.is_empty(), "no events in {EVENTS}");
    for path in events {
        let answer = answered("on", &fs::read_to_string(&path).unwrap()).await;
        insta::assert_json_snapshot!(path.file_stem().unwrap().to_str().unwrap(), answer);
    }
}

#[tokio::test]
async fn without_an_email_identity_only_the_text_message_is_answered() {
    let event = fs::read_to_string(format!("{EVENTS}/CustomMessage_SignUp.json")).unwrap();
    let mut expected: Value = serde_json::from_str(&event).unwrap();
    expected["response"]["smsMessage"] =
        "{####} ist Ihr Code zur Bestätigung Ihres Kontos bei Example. Geben Sie ihn nicht weiter."
            .into();
    assert_eq!(answered("off", &event).await, expected);
}

#[tokio::test]
async fn a_repeated_event_has_the_same_answer() {
    let event = fs::read_to_string(format!("{EVENTS}/CustomMessage_SignUp.json")).unwrap();
    let first = answered("on", &event).await;
    assert_eq!(answered("on", &event).await, first);
}

async fn answered(email: &str, event: &str) -> Value {
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
    let event: Box<RawValue> = serde_json::from_str(event).unwrap();
    let answer = answer(&event, |event| handle(event, &config, &templates)).await;
    serde_json::from_str(answer.unwrap().get()).unwrap()
}

const EVENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../events/custom-message");
