//! Every event of this trigger, answered with the same configuration. A new file in `events/` needs no new code here.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

use std::future::ready;

use entrypoint::{Env, Failure, answer};
use function_tests::{Log, events};
use inbound_federation::{Config, Event, handle};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

#[tokio::test]
async fn every_event_has_its_answer() {
    let config = config();
    for (name, event) in events("inbound-federation") {
        let answer = match answered(&event, &config).await {
            Ok(event) => serde_json::from_str(event.get()).unwrap(),
            Err(Failure::Refused { reason, text }) => json!({"refused": reason, "shown": text}),
            Err(Failure::Internal(cause)) => panic!("{name}: {cause}"),
        };
        let answer: Value = answer;
        insta::assert_json_snapshot!(name, answer);
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
        let event = to_raw_value(&event).unwrap();
        let failure = answered(&event, &config()).await.unwrap_err();
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
    let log = Log::start();
    let answer = handle(&event, &config);
    let shown = format!("{event:?} {answer:?}");
    assert!(!shown.contains(secret), "{shown}");
    assert_eq!(
        log.fields(),
        [
            json!({"message": "left an attribute out, since it is too long", "attribute": "name"}),
            json!({"message": "left groups out", "attribute": "custom:groups", "groups": 1}),
        ]
    );
}

async fn answered(event: &RawValue, config: &Config) -> Result<Box<RawValue>, Failure> {
    answer(event, |event: Event| ready(handle(&event, config))).await
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
