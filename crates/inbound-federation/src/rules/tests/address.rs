use serde_json::{Value, json};

use super::{answer, check, oidc};
use crate::rules::Refusal;

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
