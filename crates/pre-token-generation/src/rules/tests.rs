use std::collections::BTreeMap;

use cognito_events::pre_token_generation::{Event, TriggerSource};
use cognito_events::{Attributes, CallerContext};
use entrypoint::Env;
use serde_json::{Value, json};

use super::*;
use crate::claim_name::UnusableName;
use claims::Reason;

/// A configuration with these variables besides the table; an empty value counts as not set.
pub(crate) fn config<const N: usize>(variables: [(&str, &str); N]) -> Config {
    let value = |wanted: &str| {
        let mut set = variables.iter().filter(|(name, _)| *name == wanted);
        set.next().map(|(_, value)| *value).unwrap_or_default()
    };
    let names = [
        "TENANT_CLAIM",
        "CLAIMS_IN",
        "GRANTABLE_SCOPES",
        "GRANTABLE_GROUPS",
        "MAX_CLAIMS_BYTES",
    ];
    for (name, _) in variables {
        assert!(names.contains(&name), "{name} is not set by this function");
    }
    let [tenant, claims_in, scopes, groups, bytes] = names.map(|name| (name, value(name)));
    let table = ("MEMBERSHIPS_TABLE", "memberships");
    Config::from_env(Env::of_pairs([
        table, tenant, claims_in, scopes, groups, bytes,
    ]))
    .unwrap()
}

pub(crate) fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

pub(crate) fn user_event(version: &str) -> Event {
    event(version, TriggerSource::Authentication)
}

fn event(version: &str, trigger_source: TriggerSource) -> Event {
    let mut event = Event {
        version: version.to_owned(),
        trigger_source,
        region: String::new(),
        user_pool_id: String::new(),
        user_name: "someone".into(),
        caller_context: CallerContext::default(),
        request: Default::default(),
    };
    event.request.user_attributes = Attributes::from([("sub", "u-1")]);
    event
}

fn claims<const N: usize>(claims: [(&str, Value); N]) -> Membership {
    let claims = claims.map(|(name, value)| (name.to_owned(), Some(value)));
    Membership {
        claims: Some(BTreeMap::from(claims)),
        ..Membership::default()
    }
}

fn editor() -> Membership {
    Membership {
        tenant: Some("nordwind".to_owned()),
        roles: Some(texts(&["editor", "author"])),
        permissions: Some(texts(&["page:write"])),
        scopes: Some(texts(&["ledger-api/read"])),
        groups: Some(texts(&["editors"])),
        ..claims([("plan", json!({"name": "team", "seats": 5}))])
    }
}

fn granting() -> Config {
    config([
        ("GRANTABLE_SCOPES", "ledger-api/read"),
        ("GRANTABLE_GROUPS", "editors"),
    ])
}

fn response(event: &Event, membership: Membership, config: &Config) -> Value {
    let decision = decide(event, membership, config).unwrap();
    serde_json::to_value(decision.response).unwrap()
}

#[test]
fn each_version_says_the_same_in_its_own_form() {
    let groups = json!({"groupsToOverride": ["editors"], "iamRolesToOverride": []});
    let v1 = json!({"claimsOverrideDetails": {
        "claimsToAddOrOverride": {
            "tenant": "nordwind", "roles": "editor author", "permissions": "page:write",
            "plan": r#"{"name":"team","seats":5}"#,
        },
        "groupOverrideDetails": groups,
    }});
    let claims = json!({
        "tenant": "nordwind", "roles": ["editor", "author"], "permissions": ["page:write"],
        "plan": {"name": "team", "seats": 5},
    });
    let v2 = json!({"claimsAndScopeOverrideDetails": {
        "idTokenGeneration": {"claimsToAddOrOverride": claims},
        "accessTokenGeneration": {"claimsToAddOrOverride": claims, "scopesToAdd": ["ledger-api/read"]},
        "groupOverrideDetails": groups,
    }});
    for (version, expected) in [("1", &v1), ("", &v1), ("2", &v2), ("3", &v2), ("4", &v2)] {
        let response = response(&user_event(version), editor(), &granting());
        assert_eq!(&response, expected, "version {version:?}");
    }
}

#[test]
fn every_trigger_source_of_a_user_gets_the_same() {
    use TriggerSource::*;
    let expected = response(&user_event("3"), editor(), &granting());
    let later = Unknown("TokenGeneration_Later".to_owned());
    for source in [
        HostedAuth,
        NewPasswordChallenge,
        AuthenticateDevice,
        RefreshTokens,
        later,
    ] {
        let event = event("3", source);
        assert_eq!(
            response(&event, editor(), &granting()),
            expected,
            "{event:?}"
        );
    }
}

#[test]
fn a_machine_client_gets_an_access_token_alone() {
    let event = event("3", TriggerSource::ClientCredentials);
    let membership = || Membership {
        scopes: editor().scopes,
        groups: editor().groups,
        ..claims([("plan", json!("team"))])
    };
    let scopes = json!(["ledger-api/read"]);
    assert_eq!(
        response(&event, membership(), &granting()),
        json!({"claimsAndScopeOverrideDetails": {
            "accessTokenGeneration": {"claimsToAddOrOverride": {"plan": "team"}, "scopesToAdd": scopes},
        }})
    );
    let id_token_alone = config([("CLAIMS_IN", "id"), ("GRANTABLE_SCOPES", "ledger-api/read")]);
    assert_eq!(
        response(&event, membership(), &id_token_alone),
        json!({"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"scopesToAdd": scopes}}})
    );
}

#[test]
fn claims_go_into_the_configured_tokens() {
    let added = json!({"claimsToAddOrOverride": {"plan": "team"}});
    for (version, claims_in, expected) in [
        ("1", "id", json!({"claimsOverrideDetails": added})),
        ("1", "access", json!({})),
        (
            "2",
            "id",
            json!({"claimsAndScopeOverrideDetails": {"idTokenGeneration": added}}),
        ),
        (
            "2",
            "access",
            json!({"claimsAndScopeOverrideDetails": {"accessTokenGeneration": added}}),
        ),
    ] {
        let membership = claims([("plan", json!("team"))]);
        let config = config([("CLAIMS_IN", claims_in)]);
        let response = response(&user_event(version), membership, &config);
        assert_eq!(response, expected, "{version} {claims_in}");
    }
}

#[test]
fn a_membership_of_nothing_changes_nothing() {
    for version in ["1", "2"] {
        for membership in [Membership::default(), claims([])] {
            let event = user_event(version);
            let decision = decide(&event, membership, &granting()).unwrap();
            assert_eq!(decision.response, Response::unchanged(&event));
            assert_eq!(serde_json::to_value(decision.response).unwrap(), json!({}));
        }
    }
}

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
    let decision = decide(&user_event(version), membership, &config).unwrap();

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
        assert!(decide(&event, with_bytes(101), &config).is_ok());
        let (bytes, max_bytes) = (103, 101);
        assert_eq!(
            decide(&event, with_bytes(103), &config),
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

#[test]
fn a_refusal_is_written_for_the_end_user() {
    let refusal = Refusal::ClaimsTooLarge {
        bytes: 7000,
        max_bytes: 2048,
    };
    assert_eq!(
        refusal.to_string(),
        "Your account has more rights than a sign-in can carry, please ask for help"
    );
}

#[test]
fn without_the_table_there_are_no_groups_where_it_says_which() {
    let groups = json!({"groupsToOverride": [], "iamRolesToOverride": []});
    let removed = json!({"groupOverrideDetails": groups});
    for (version, grantable, expected) in [
        ("1", "editors", json!({"claimsOverrideDetails": removed})),
        (
            "2",
            "editors",
            json!({"claimsAndScopeOverrideDetails": removed}),
        ),
        ("1", "", json!({})),
        ("3", "", json!({})),
    ] {
        let mut event = user_event(version);
        event.request.group_configuration.groups_to_override = texts(&["editors", "billing"]);
        let response = decide_without_table(&event, &config([("GRANTABLE_GROUPS", grantable)]));
        assert_eq!(
            serde_json::to_value(response).unwrap(),
            expected,
            "{version} {grantable}"
        );
    }
}
