use serde_json::json;

use super::*;
use crate::rules::decide;
use crate::rules::tests::{claims, config, response, user_event};

#[test]
fn empty_lists_are_claims() {
    let membership = || Membership {
        roles: Some(Vec::new()),
        ..Membership::default()
    };
    let config = config([("CLAIMS_IN", "id")]);
    assert_eq!(
        response(&user_event("1"), membership(), &config),
        json!({"claimsOverrideDetails": {"claimsToAddOrOverride": {"roles": ""}}})
    );
    assert_eq!(
        response(&user_event("2"), membership(), &config),
        json!({"claimsAndScopeOverrideDetails": {"idTokenGeneration": {"claimsToAddOrOverride": {"roles": []}}}})
    );
}

/// A row with this claim and another: the other arrives alone, and the first is named.
#[track_caller]
fn check_left_out(version: &str, name: &str, value: Option<Value>, named: &str, reason: Reason) {
    let mut membership = claims([("plan", json!("team"))]);
    let claims = membership.claims.get_or_insert_default();
    claims.insert(name.to_owned(), value);
    let config = config([("CLAIMS_IN", "id")]);
    let decision = decide(&user_event(version), membership, None, &config).unwrap();

    let plan = json!({"claimsToAddOrOverride": {"plan": "team"}});
    let expected = match version {
        "1" => json!({"claimsOverrideDetails": plan}),
        _ => json!({"claimsAndScopeOverrideDetails": {"idTokenGeneration": plan}}),
    };
    assert_eq!(
        serde_json::to_value(decision.response).unwrap(),
        expected,
        "{name}"
    );
    let claim = named.to_owned();
    assert_eq!(decision.left_out, [LeftOut { claim, reason }], "{name}");
}

#[test]
fn claims_that_are_not_ours_are_left_out_and_named() {
    use UnusableName::{Malformed, Reserved};
    let (long, cut) = ("x".repeat(5000), "x".repeat(128));
    for version in ["1", "2"] {
        for name in [
            "sub",
            "cognito:groups",
            "dev:custom:level",
            "email_verified",
            "scope",
        ] {
            check_left_out(
                version,
                name,
                Some(json!("x")),
                name,
                Reason::Name(Reserved),
            );
        }
        for name in ["", " sub", "s\nub"] {
            check_left_out(
                version,
                name,
                Some(json!("x")),
                name,
                Reason::Name(Malformed),
            );
        }
        check_left_out(
            version,
            &long,
            Some(json!("x")),
            &cut,
            Reason::Name(Malformed),
        );
        for name in ["tenant", "roles", "permissions"] {
            check_left_out(
                version,
                name,
                Some(json!("x")),
                name,
                Reason::NameOfAttribute,
            );
        }
        check_left_out(version, "avatar", None, "avatar", Reason::Value);
    }
}

#[test]
fn a_configured_name_frees_the_default() {
    let config = config([("TENANT_CLAIM", "org"), ("CLAIMS_IN", "id")]);
    let membership = Membership {
        tenant: Some("nordwind".to_owned()),
        ..claims([("tenant", json!("free"))])
    };
    assert_eq!(
        response(&user_event("1"), membership, &config),
        json!({"claimsOverrideDetails": {"claimsToAddOrOverride": {"org": "nordwind", "tenant": "free"}}})
    );
}

#[test]
fn the_id_token_takes_some_claims_as_simple_values_alone() {
    for name in ["address", "updated_at"] {
        for value in [json!({"country": "NO"}), json!(["NO"])] {
            check_left_out("2", name, Some(value), name, Reason::NotSimple);
        }
        for value in [json!("Oslo"), json!(5), json!(true)] {
            let membership = claims([(name, value.clone())]);
            let response = response(&user_event("2"), membership, &config([("CLAIMS_IN", "id")]));
            let added = &response["claimsAndScopeOverrideDetails"]["idTokenGeneration"];
            assert_eq!(added["claimsToAddOrOverride"][name], value);
        }
    }
    // The access token and V1_0's texts have no such rule.
    let address = || claims([("address", json!({"country": "NO"}))]);
    let access = response(
        &user_event("2"),
        address(),
        &config([("CLAIMS_IN", "access")]),
    );
    assert_eq!(
        access["claimsAndScopeOverrideDetails"]["accessTokenGeneration"]["claimsToAddOrOverride"]["address"],
        json!({"country": "NO"})
    );
    let v1 = response(&user_event("1"), address(), &config([]));
    assert_eq!(
        v1["claimsOverrideDetails"]["claimsToAddOrOverride"]["address"],
        json!(r#"{"country":"NO"}"#)
    );
}

#[test]
fn v1_has_texts_alone() {
    for (value, expected) in [
        (json!("billing admin"), "billing admin"),
        (json!(["a", "b"]), "a b"),
        (json!([1, 2.5, true]), "1 2.5 true"),
        (json!([]), ""),
        (json!([["a"], {"b": 1}]), r#"[["a"],{"b":1}]"#),
        (json!({"a": [1]}), r#"{"a":[1]}"#),
        (json!(17), "17"),
        (json!(false), "false"),
    ] {
        let response = response(
            &user_event("1"),
            claims([("plan", value.clone())]),
            &config([]),
        );
        let claims = json!({"claimsToAddOrOverride": {"plan": expected}});
        assert_eq!(
            response,
            json!({"claimsOverrideDetails": claims}),
            "{value}"
        );
    }
    for list in [
        json!(["billing admin"]),
        json!(["a", ""]),
        json!(["a\tb"]),
        json!(["a\u{a0}b"]),
    ] {
        check_left_out("1", "duties", Some(list), "duties", Reason::NotJoinable);
    }
}

#[test]
fn too_many_bytes_are_refused_in_either_token() {
    // {"plan":"…"} is 11 bytes and the text; `ø` is two bytes.
    let with_bytes = |bytes: usize| claims([("plan", json!("ø".repeat((bytes - 11) / 2)))]);
    for (version, claims_in) in [("1", "id"), ("2", "id"), ("2", "access")] {
        let config = config([("CLAIMS_IN", claims_in), ("MAX_CLAIMS_BYTES", "101")]);
        let event = user_event(version);
        assert!(decide(&event, with_bytes(101), None, &config).is_ok());
        let (bytes, max_bytes) = (103, 101);
        assert_eq!(
            decide(&event, with_bytes(103), None, &config),
            Err(Refusal::ClaimsTooLarge { bytes, max_bytes }),
            "version {version}, {claims_in} token"
        );
    }
}

#[test]
fn what_no_token_bears_has_no_size() {
    let config = config([("CLAIMS_IN", "access"), ("MAX_CLAIMS_BYTES", "20")]);
    let membership = claims([("plan", json!("x".repeat(100)))]);
    assert_eq!(response(&user_event("1"), membership, &config), json!({}));
}
