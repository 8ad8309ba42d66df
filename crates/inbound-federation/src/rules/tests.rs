mod address;
mod attributes;
mod groups;

use entrypoint::Env;
use serde_json::{Value, json};

use super::{Decision, Refusal, decide};
use crate::config::Config;
use crate::{Event, Response};

use groups::groups;

/// A rule for the provider `Okta`.
fn config(rule: &Value) -> Config {
    let providers = json!({"Okta": rule}).to_string();
    Config::from_env(Env::of_pairs([("PROVIDERS", &providers)])).unwrap()
}

fn oidc(id_token: &Value, user_info: &Value) -> Event {
    event(
        "OIDC",
        &json!({"tokenResponse": {"access_token": "secret", "email": "from@token.example"}, "idToken": id_token, "userInfo": user_info}),
    )
}

fn saml(said: &Value) -> Event {
    event("SAML", &json!({"samlResponse": said}))
}

fn event(provider_type: &str, attributes: &Value) -> Event {
    let event = json!({
        "triggerSource": "InboundFederation_ExternalProvider",
        "request": {"providerName": "Okta", "providerType": provider_type, "attributes": attributes},
    });
    serde_json::from_str(&event.to_string()).unwrap()
}

/// What is answered, as JSON; or the refusal.
fn answer(rule: &Value, event: &Event) -> Result<Value, Refusal> {
    let decision = decide(&config(rule), event)?;
    Ok(serde_json::to_value(decision.response).unwrap()["userAttributesToMap"].take())
}

#[track_caller]
fn check(case: &str, rule: &Value, event: &Event, expected: Result<Value, Refusal>) {
    assert_eq!(answer(rule, event), expected, "{case}");
}

#[test]
fn an_empty_answer_is_always_meant() {
    let empty = Response::default();
    let nobody = oidc(&json!({}), &json!({}));
    let decision = |reason| Decision {
        reason,
        response: empty.clone(),
        left_out: vec![],
    };
    assert_eq!(
        decide(&config(&json!({})), &nobody),
        Ok(decision("NoRules"))
    );

    let unlisted = |word| {
        let variables = [("PROVIDERS", "{}"), ("UNLISTED_PROVIDERS", word)];
        decide(
            &Config::from_env(Env::of_pairs(variables)).unwrap(),
            &nobody,
        )
    };
    assert_eq!(unlisted("pass"), Ok(decision("UnlistedProvider")));
    assert_eq!(unlisted("refuse"), Err(Refusal::ProviderUnlisted));
    assert_eq!(unlisted(""), Err(Refusal::ProviderUnlisted));

    let rule = json!({"type": "SAML", "attributes": ["mail"]});
    for said in [json!({}), json!({"mail": null, "other": "x"}), json!(null)] {
        check(
            "nothing to keep",
            &rule,
            &saml(&said),
            Err(Refusal::NothingToKeep),
        );
    }
    let too_long = json!({"mail": "x".repeat(2049)});
    check(
        "all too long",
        &rule,
        &saml(&too_long),
        Err(Refusal::NothingToKeep),
    );
}

#[test]
fn the_user_name_is_kept_or_the_sign_in_refused() {
    let oidc_rule = json!({"attributes": ["sub", "email"]});
    for (case, id_token, user_info, expected) in [
        (
            "a number",
            json!({"sub": 12_345_678_901_234_567_890_u64}),
            json!({}),
            Ok("12345678901234567890"),
        ),
        (
            "only in the user info",
            json!({}),
            json!({"sub": "7"}),
            Ok("7"),
        ),
        ("in both", json!({"sub": "7"}), json!({"sub": "7"}), Ok("7")),
        (
            "absent",
            json!({"email": "a@example.com"}),
            json!({}),
            Err(Refusal::UserNameMissing),
        ),
        (
            "null",
            json!({"sub": null}),
            json!({}),
            Err(Refusal::UserNameMissing),
        ),
        (
            "empty",
            json!({"sub": ""}),
            json!({}),
            Err(Refusal::UserNameMissing),
        ),
        (
            "too long",
            json!({"sub": "7".repeat(2049)}),
            json!({}),
            Err(Refusal::UserNameMissing),
        ),
        (
            "of another user",
            json!({"sub": "7"}),
            json!({"sub": "8"}),
            Err(Refusal::SubjectsDiffer),
        ),
    ] {
        let expected = expected.map(|sub| json!({"sub": sub}));
        check(case, &oidc_rule, &oidc(&id_token, &user_info), expected);
    }
    let saml_rule = json!({"type": "SAML", "attributes": ["mail"]});
    check(
        "SAML may send it",
        &saml_rule,
        &saml(&json!({"NameID": "ines", "mail": "m", "other": "x"})),
        Ok(json!({"NameID": "ines", "mail": "m"})),
    );
    check(
        "or not",
        &saml_rule,
        &saml(&json!({"mail": "m"})),
        Ok(json!({"mail": "m"})),
    );
}

#[test]
fn a_rule_is_for_one_type_of_provider() {
    let differs = Err(Refusal::ProviderTypeDiffers);
    let rule = json!({"attributes": ["sub"]});
    check("SAML", &rule, &saml(&json!({"sub": "7"})), differs.clone());
    check(
        "Google",
        &rule,
        &event("Google", &json!({"idToken": {"sub": "7"}})),
        differs.clone(),
    );
    check(
        "unknown",
        &rule,
        &event("", &json!({"idToken": {"sub": "7"}})),
        differs,
    );
}

#[test]
fn huge_events_are_decided_as_others_are() {
    let many: Vec<_> = (0..100_000)
        .map(|number| format!("app-{number:06}"))
        .collect();
    let (list, left_out) = groups(&json!(many));
    assert_eq!((list.len(), left_out), (186 * 11 - 1, 100_000 - 186));
    let (_, left_out) = groups(&json!("app-x,".repeat(200_000)));
    assert_eq!(left_out, 0);

    let rule = json!({"attributes": ["sub", "deep"]});
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let event = r#"{"request": {"providerName": "Okta", "providerType": "OIDC", "attributes": {"idToken": {"sub": "7", "deep": DEEP}}}}"#;
    let event: Event = serde_json::from_str(&event.replace("DEEP", &deep)).unwrap();
    check("deep nesting", &rule, &event, Ok(json!({"sub": "7"})));
}
