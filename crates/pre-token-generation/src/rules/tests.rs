use std::collections::BTreeMap;

use cognito_events::pre_token_generation::{Event, TriggerSource};
use cognito_events::{Attributes, CallerContext};
use entrypoint::Env;
use serde_json::{Value, json};

use super::*;

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
        "GRANTABLE_ROLES",
        "PROVIDER_GROUPS",
        "PROVIDER_GROUPS_ATTRIBUTE",
        "MAX_CLAIMS_BYTES",
    ];
    for (name, _) in variables {
        assert!(names.contains(&name), "{name} is not set by this function");
    }
    let [
        tenant,
        claims_in,
        scopes,
        groups,
        roles,
        of_provider,
        attribute,
        bytes,
    ] = names.map(|name| (name, value(name)));
    let table = ("MEMBERSHIPS_TABLE", "memberships");
    Config::from_env(Env::of_pairs([
        table,
        tenant,
        claims_in,
        scopes,
        groups,
        roles,
        of_provider,
        attribute,
        bytes,
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

pub(crate) fn claims<const N: usize>(claims: [(&str, Value); N]) -> Membership {
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

pub(crate) fn response(event: &Event, membership: Membership, config: &Config) -> Value {
    let decision = decide(event, membership, None, config).unwrap();
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
            let decision = decide(&event, membership, None, &granting()).unwrap();
            assert_eq!(serde_json::to_value(decision.response).unwrap(), json!({}));
        }
    }
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
        let response =
            decide_without_membership(&event, &config([("GRANTABLE_GROUPS", grantable)]));
        assert_eq!(
            serde_json::to_value(response).unwrap(),
            expected,
            "{version} {grantable}"
        );
    }
}
