//! Every event of this trigger, answered with the same configuration. A new file in `events/` needs no new code here.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod log;

use std::fs;
use std::future::ready;
use std::path::Path;

use entrypoint::{Env, Failure, answer};
use inbound_federation::{Config, Event, handle};
use serde_json::value::RawValue;
use serde_json::{Value, json};

#[tokio::test]
async fn every_event_has_its_answer() {
    let config = config();
    let files = fs::read_dir(Path::new(EVENTS)).unwrap();
    let mut events: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    events.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    assert!(!events.is_empty(), "no events in {EVENTS}");
    for path in events {
        let answer = match answered(&fs::read_to_string(&path).unwrap(), &config).await {
            Ok(event) => serde_json::from_str(event.get()).unwrap(),
            Err(Failure::Refused { reason, text }) => json!({"refused": reason, "shown": text}),
            Err(Failure::Internal(cause)) => panic!("{}: {cause}", path.display()),
        };
        let answer: Value = answer;
        insta::assert_json_snapshot!(path.file_stem().unwrap().to_str().unwrap(), answer);
    }
}

#[tokio::test]
async fn an_event_of_another_form_lets_nobody_in_and_shows_nothing() {
    for (attributes, expected) in [
        (json!(null), Some("UserNameMissing")),
        (json!({}), Some("UserNameMissing")),
        (
            json!({"idToken": null, "userInfo": null}),
            Some("UserNameMissing"),
        ),
        (
            json!({"samlResponse": {"sub": "7"}}),
            Some("UserNameMissing"),
        ),
        (json!([]), Some("UserNameMissing")),
        (json!("ines@example.com"), None),
        (json!({"idToken": []}), None),
        (json!({"idToken": "eyJ.secret"}), None),
        (json!({"idToken": {"sub": "7"}, "userInfo": "secret"}), None),
    ] {
        let event = json!({"request": {"providerName": "Google", "providerType": "Google", "attributes": attributes}});
        let failure = answered(&event.to_string(), &config()).await.unwrap_err();
        match (failure, expected) {
            (Failure::Refused { reason, .. }, Some(expected)) => assert_eq!(reason, expected),
            (Failure::Internal(cause), None) => {
                let text = entrypoint::with_causes(&*cause);
                assert!(text.starts_with("failed to read the event: "), "{text}");
                assert!(!text.contains("secret") && !text.contains("ines"), "{text}");
            }
            (failure, _) => panic!("{attributes}: {failure:?}"),
        }
    }
}

/// The event holds the provider's own tokens, and everything that it knows about a person.
#[test]
fn the_log_and_debug_show_nothing_of_the_event() {
    let secret = "se-cr-et";
    let said = json!({
        "sub": secret, "email": format!("{secret}@example.com"), "email_verified": true, "name": secret.repeat(300),
        "groups": [format!("app-{secret},x"), secret],
    });
    let event = json!({
        "userName": format!("Okta_{secret}"),
        "request": {
            "providerName": "Okta", "providerType": "OIDC",
            "attributes": {"tokenResponse": {"access_token": secret}, "idToken": said, "userInfo": {"sub": secret}},
        },
    });
    let event: Event = serde_json::from_str(&event.to_string()).unwrap();
    let config = config();
    let (answer, lines) = log::captured(|| handle(&event, &config));
    let shown = format!("{event:?} {answer:?}");
    assert!(!shown.contains(secret), "{shown}");
    assert_eq!(
        lines,
        [
            json!({"message": "left an attribute out, since it is too long", "attribute": "name"}),
            json!({"message": "left groups out", "attribute": "custom:groups", "groups": 1}),
        ]
    );
}

async fn answered(event: &str, config: &Config) -> Result<Box<RawValue>, Failure> {
    let event: Box<RawValue> = serde_json::from_str(event).unwrap();
    answer(&event, |event: Event| ready(handle(&event, config))).await
}

/// The providers of the events.
fn config() -> Config {
    let providers = r#"{
        "Google": {"attributes": ["sub", "email", "email_verified", "given_name"], "rename": {"family_name": "surname"}},
        "Facebook": {},
        "NordwindAD": {
            "type": "SAML",
            "attributes": ["given_name", "email"],
            "groups": {"from": "groups", "to": "custom:groups", "keep": ["eng", "on*"]},
            "domains": ["nordwind.example.org"]
        },
        "Okta": {
            "attributes": ["sub", "email", "email_verified", "name", "locale", "address"],
            "groups": {"from": "groups", "to": "custom:groups", "keep": ["app-*"]},
            "domains": ["example.com"]
        }
    }"#;
    Config::from_env(Env::of_pairs([("PROVIDERS", providers)])).unwrap()
}

const EVENTS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../events/inbound-federation"
);
