use serde_json::json;

use super::{check, config, oidc};
use crate::Event;
use crate::rules::{LeftOut, decide};

#[test]
fn only_what_is_listed_is_kept_and_the_id_token_wins() {
    let rule = json!({"attributes": ["sub", "email", "given_name", "picture"], "rename": {"dept": "department"}});
    let id_token = json!({"sub": "7", "iss": "x", "email": "ines@example.com", "picture": null, "custom:role": "admin"});
    let user_info = json!({"sub": "7", "email": "other@example.com", "picture": "p", "dept": "hr", "department": "it", "nickname": "n"});
    check(
        "both documents",
        &rule,
        &oidc(&id_token, &user_info),
        Ok(json!({"sub": "7", "email": "ines@example.com", "picture": "p", "department": "hr"})),
    );
    check(
        "no user info",
        &rule,
        &oidc(&id_token, &json!(null)),
        Ok(json!({"sub": "7", "email": "ines@example.com"})),
    );
    check(
        "what the token response says is not read",
        &rule,
        &oidc(&json!({"sub": "7"}), &json!({})),
        Ok(json!({"sub": "7"})),
    );
}

#[test]
fn values_of_any_type_become_text() {
    let rule = json!({"attributes": ["sub", "value"]});
    for (value, expected) in [
        (json!("text"), Some("text")),
        (json!(""), Some("")),
        (json!("2"), Some("2")),
        (json!(2), Some("2")),
        (json!(-1.5), Some("-1.5")),
        (json!(true), Some("true")),
        (json!(["a", "b"]), Some(r#"["a","b"]"#)),
        (
            json!({"formatted": "Straße 1"}),
            Some(r#"{"formatted":"Straße 1"}"#),
        ),
        (json!(null), None),
    ] {
        let mut answered = json!({"sub": "7"});
        if let Some(expected) = expected {
            answered["value"] = json!(expected);
        }
        let said = json!({"sub": "7", "value": value});
        check("value", &rule, &oidc(&said, &json!({})), Ok(answered));
    }
}

#[test]
fn a_value_that_is_too_long_is_left_out_and_named() {
    let rule = json!({"attributes": ["sub", "bio", "picture"]});
    let longest = "ü".repeat(2048);
    let said = json!({"sub": "7", "bio": "ü".repeat(2049), "picture": longest});
    let decision = decide(&config(&rule), &oidc(&said, &json!({}))).unwrap();
    let kept = [("sub", "7"), ("picture", &longest)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(
        decision.response.user_attributes_to_map,
        kept.into_iter().collect()
    );
    let attribute = "bio".to_owned();
    assert_eq!(decision.left_out, [LeftOut::TooLong { attribute }]);
}

#[test]
fn the_word_on_an_address_that_was_left_out_is_left_out_too() {
    let rule = json!({"attributes": ["sub", "email", "email_verified"]});
    let said = json!({"sub": "7", "email": "x".repeat(2049), "email_verified": true});
    let answered = json!({"sub": "7"});
    check("too long", &rule, &oidc(&said, &json!({})), Ok(answered));
}

#[test]
fn text_that_is_not_unicode_is_absent() {
    let event = r#"{"request": {"providerName": "Okta", "providerType": "OIDC", "attributes": {"idToken": {"sub": "7", "name": "\ud800"}}}}"#;
    let event: Event = serde_json::from_str(event).unwrap();
    check(
        "half a character",
        &json!({"attributes": ["sub", "name"]}),
        &event,
        Ok(json!({"sub": "7"})),
    );
}
