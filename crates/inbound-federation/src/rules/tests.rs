use entrypoint::Env;
use serde_json::{Value, json};

use super::{Decision, LeftOut, Refusal, decide};
use crate::config::Config;
use crate::{Event, Response};

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
fn a_provider_speaks_for_its_domains_alone() {
    let rule = json!({
        "attributes": ["sub", "mail"], "rename": {"mail2": "email"}, "domains": ["example.com"], "requireVerifiedEmail": false,
    });
    for (address, expected) in [
        (json!("ines@example.com"), None),
        (json!("Ines@SUB.Example.COM."), None),
        (json!("\"ines@evil.example\"@example.com"), None),
        (
            json!("ines@example.org"),
            Some(Refusal::EmailOutsideDomains),
        ),
        (
            json!("ines@badexample.com"),
            Some(Refusal::EmailOutsideDomains),
        ),
        (
            json!("ines@example.com.evil.example"),
            Some(Refusal::EmailOutsideDomains),
        ),
        (
            json!("\"ines@example.com\"@evil.example"),
            Some(Refusal::EmailOutsideDomains),
        ),
        (
            json!("ines@ехample.com"),
            Some(Refusal::EmailOutsideDomains),
        ),
        (
            json!("ines@evil.example@example.com"),
            Some(Refusal::EmailUnreadable),
        ),
        (json!(" ines@example.com"), Some(Refusal::EmailUnreadable)),
        (json!(["ines@example.com"]), Some(Refusal::EmailUnreadable)),
        (
            json!({"value": "ines@example.com"}),
            Some(Refusal::EmailUnreadable),
        ),
        (json!(true), Some(Refusal::EmailUnreadable)),
        (json!(""), Some(Refusal::EmailMissing)),
        (json!(null), Some(Refusal::EmailMissing)),
    ] {
        // The rule is about the attribute that is answered as `email`, not about one that is called so.
        let said = json!({"sub": "7", "mail2": address, "email": "ines@example.com", "mail": "ines@example.com"});
        let answer = answer(&rule, &oidc(&said, &json!({})));
        assert_eq!(answer.err(), expected, "{address}");
    }
}

#[test]
fn an_address_is_verified_by_the_document_that_states_it() {
    let rule =
        json!({"attributes": ["sub", "email", "email_verified"], "requireVerifiedEmail": true});
    let lenient = json!({"attributes": ["sub", "email", "email_verified"]});
    let (ines, kim) = ("ines@example.com", "kim@example.com");
    for (case, id_token, user_info, verified) in [
        (
            "boolean",
            json!({"email": ines, "email_verified": true}),
            json!({}),
            true,
        ),
        (
            "text",
            json!({"email": ines, "email_verified": "true"}),
            json!({}),
            true,
        ),
        (
            "with a capital",
            json!({"email": ines, "email_verified": "True"}),
            json!({}),
            true,
        ),
        (
            "in the user info",
            json!({}),
            json!({"email": ines, "email_verified": true}),
            true,
        ),
        (
            "the same in both",
            json!({"email": ines}),
            json!({"email": ines, "email_verified": true}),
            true,
        ),
        ("not said", json!({"email": ines}), json!({}), false),
        (
            "said not",
            json!({"email": ines, "email_verified": false}),
            json!({}),
            false,
        ),
        (
            "said not, and said",
            json!({"email": ines, "email_verified": "false"}),
            json!({"email": ines, "email_verified": true}),
            false,
        ),
        (
            "null",
            json!({"email": ines, "email_verified": null}),
            json!({}),
            false,
        ),
        (
            "a number",
            json!({"email": ines, "email_verified": 1}),
            json!({}),
            false,
        ),
        (
            "a list",
            json!({"email": ines, "email_verified": [true]}),
            json!({}),
            false,
        ),
        (
            "of another address",
            json!({"email": ines}),
            json!({"email": kim, "email_verified": true}),
            false,
        ),
        (
            "without its address",
            json!({"email": ines}),
            json!({"email_verified": true}),
            false,
        ),
        (
            "of no address",
            json!({"email_verified": true}),
            json!({"email": ines}),
            false,
        ),
    ] {
        let with_sub = |said: &Value| {
            let mut said = said.clone();
            said["sub"] = json!("7");
            said
        };
        let event = oidc(&with_sub(&id_token), &with_sub(&user_info));
        let answered = json!({"sub": "7", "email": ines, "email_verified": verified.to_string()});
        check(case, &lenient, &event, Ok(answered.clone()));
        let expected = if verified {
            Ok(answered)
        } else {
            Err(Refusal::EmailUnverified)
        };
        check(case, &rule, &event, expected);
    }
    check(
        "no address, no word",
        &lenient,
        &oidc(&json!({"sub": "7", "email_verified": true}), &json!({})),
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

/// What becomes of the provider's groups: the list, and how many were left out of it.
fn groups(groups: &Value) -> (String, usize) {
    let rule = json!({
        "attributes": ["sub", "email"], "domains": ["example.com"], "requireVerifiedEmail": false,
        "groups": {"from": "roles", "to": "custom:groups", "keep": ["app-*", "staff"]},
    });
    let said = json!({"sub": "7", "email": "ines@example.com", "roles": groups});
    let decision = decide(&config(&rule), &oidc(&said, &json!({}))).unwrap();
    let list = decision
        .response
        .user_attributes_to_map
        .get("custom:groups");
    let left_out = decision
        .left_out
        .first()
        .map_or(0, |left_out| match left_out {
            LeftOut::Groups { groups, .. } => *groups,
            LeftOut::TooLong { attribute } => panic!("{attribute}"),
        });
    (list.unwrap().clone(), left_out)
}

#[test]
fn groups_that_no_pattern_names_are_dropped() {
    for (said, expected) in [
        (
            json!(["vpn", "app-b", "staff", "app-a", "app-b"]),
            "app-a,app-b,staff",
        ),
        (json!("vpn, app-b ,staff,app-a,app-b"), "app-a,app-b,staff"),
        (json!("[vpn, app-b, app-a]"), "app-a,app-b"),
        (json!(r#"["app-b", "app-a"]"#), "app-a,app-b"),
        (json!("staff"), "staff"),
        (
            json!(["App-a", "STAFF", "staff-lead", "xapp-a", " app-c "]),
            "app-c",
        ),
        (
            json!(["app-a", 7, null, {"name": "app-b"}, ["app-c"]]),
            "app-a",
        ),
    ] {
        assert_eq!(groups(&said), (expected.to_owned(), 0), "{said}");
    }
}

/// Cognito keeps what it has of an attribute that the answer lacks, so groups that the provider took away would stay.
#[test]
fn who_lost_every_group_is_answered_without_groups() {
    for said in [
        json!([]),
        json!(""),
        json!(null),
        json!(["vpn"]),
        json!(7),
        json!({}),
        json!("[]"),
        json!(true),
    ] {
        assert_eq!(groups(&said), (String::new(), 0), "{said}");
    }
}

#[test]
fn no_group_becomes_two() {
    let said = json!(["app-a,staff", "app-b", "app-c\nstaff"]);
    assert_eq!(groups(&said), ("app-b".to_owned(), 2));
}

#[test]
fn a_list_of_groups_fits_at_whole_groups() {
    // 14 characters and a comma each: 2,048 characters hold 136 of them, and 8 characters are left.
    let group = |number: usize| format!("app-{number:010}");
    let mut many: Vec<_> = (0..200).rev().map(group).collect();
    many.push("staff".to_owned());
    let expected: Vec<_> = (0..136).map(group).collect();
    assert_eq!(groups(&json!(many)), (expected.join(","), 65));

    let fits = format!("app-{}", "ü".repeat(2044));
    assert_eq!(groups(&json!([fits.clone()])), (fits.clone(), 0));
    assert_eq!(groups(&json!([fits + "ü", "staff"])), (String::new(), 2));
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
