use super::super::claims::tests::sign_in;
use super::*;

const ROLE: &str = "arn:aws:iam::123456789012:role/admins";

/// How the trigger's answer changes the tokens: for each token what it sets, with null for what it removes; and how many wishes
/// were ignored.
#[track_caller]
fn check(name: &str, changes: &TokenChanges, id: Value, access: Value, ignored: usize) {
    let before = TokenClaims::of(&sign_in());
    let after = before.clone().changed(changes);
    assert_eq!(difference(&before.id, &after.id), id, "{name}: ID token");
    assert_eq!(
        difference(&before.access, &after.access),
        access,
        "{name}: access token"
    );
    assert_eq!(after.ignored.len(), ignored, "{name}: {:?}", after.ignored);
}

fn difference(before: &Claims, after: &Claims) -> Value {
    let set = after
        .iter()
        .filter(|(name, value)| before.get(*name) != Some(value));
    let removed = before
        .keys()
        .filter(|name| !after.contains_key(*name))
        .map(|name| (name.clone(), Value::Null));
    set.map(|(name, value)| (name.clone(), value.clone()))
        .chain(removed)
        .collect::<Claims>()
        .into()
}

fn v1(details: Value) -> TokenChanges {
    TokenChanges::V1(serde_json::from_value(json!({ "claimsOverrideDetails": details })).unwrap())
}

fn v2(details: Value) -> TokenChanges {
    TokenChanges::V2(
        serde_json::from_value(json!({ "claimsAndScopeOverrideDetails": details })).unwrap(),
    )
}

#[test]
fn v1_changes_the_id_token_and_the_groups_of_both() {
    let no_groups =
        json!({"cognito:groups": null, "cognito:roles": null, "cognito:preferred_role": null});
    for (name, details, id, access, ignored) in [
        ("nothing", json!(null), json!({}), json!({}), 0),
        ("no wishes", json!({}), json!({}), json!({}), 0),
        (
            "add",
            json!({"claimsToAddOrOverride": {"plan": "team"}}),
            json!({"plan": "team"}),
            json!({}),
            0,
        ),
        (
            "override",
            json!({"claimsToAddOrOverride": {"email": "i@example.com"}}),
            json!({"email": "i@example.com"}),
            json!({}),
            0,
        ),
        (
            "suppress",
            json!({"claimsToSuppress": ["email", "absent"]}),
            json!({"email": null}),
            json!({}),
            0,
        ),
        (
            "suppressing wins",
            json!({"claimsToAddOrOverride": {"email": "i@example.com", "plan": "team"}, "claimsToSuppress": ["email", "plan"]}),
            json!({"email": null}),
            json!({}),
            0,
        ),
        (
            "suppressed groups",
            json!({"claimsToSuppress": ["cognito:groups"]}),
            no_groups.clone(),
            json!({}),
            0,
        ),
        (
            "empty groups",
            json!({"groupOverrideDetails": {}}),
            no_groups.clone(),
            json!({"cognito:groups": null}),
            0,
        ),
        (
            "other groups",
            json!({"groupOverrideDetails": {"groupsToOverride": ["guests"], "iamRolesToOverride": [ROLE], "preferredRole": ROLE}}),
            json!({"cognito:groups": ["guests"]}),
            json!({"cognito:groups": ["guests"]}),
            0,
        ),
        (
            "groups without their roles",
            json!({"groupOverrideDetails": {"groupsToOverride": ["guests"]}}),
            json!({"cognito:groups": ["guests"], "cognito:roles": null, "cognito:preferred_role": null}),
            json!({"cognito:groups": ["guests"]}),
            0,
        ),
        (
            "reserved",
            json!({"claimsToAddOrOverride": {"sub": "other"}, "claimsToSuppress": ["exp"]}),
            json!({}),
            json!({}),
            2,
        ),
    ] {
        check(name, &v1(details), id, access, ignored);
    }
}

#[test]
fn v2_changes_each_token_by_itself() {
    let object = json!({"id": "t-19", "regions": ["eu", "us"]});
    for (name, details, id, access, ignored) in [
        ("nothing", json!(null), json!({}), json!({}), 0),
        (
            "null parts",
            json!({"idTokenGeneration": null, "accessTokenGeneration": null, "groupOverrideDetails": null}),
            json!({}),
            json!({}),
            0,
        ),
        (
            "ID token",
            json!({"idTokenGeneration": {"claimsToAddOrOverride": {"tenant": object}}}),
            json!({"tenant": object}),
            json!({}),
            0,
        ),
        (
            "access token",
            json!({"accessTokenGeneration": {"claimsToAddOrOverride": {"tenant": object}}}),
            json!({}),
            json!({"tenant": object}),
            0,
        ),
        (
            "every type of claim",
            json!({"accessTokenGeneration": {"claimsToAddOrOverride": {"a": 1.5, "b": false, "c": ["x", 1, true]}}}),
            json!({}),
            json!({"a": 1.5, "b": false, "c": ["x", 1, true]}),
            0,
        ),
        (
            "null is no claim",
            json!({"idTokenGeneration": {"claimsToAddOrOverride": {"tenant": null}}}),
            json!({}),
            json!({}),
            1,
        ),
        (
            "groups suppressed in one token",
            json!({"accessTokenGeneration": {"claimsToSuppress": ["cognito:groups"]}}),
            json!({}),
            json!({"cognito:groups": null}),
            0,
        ),
        (
            "groups overridden, then suppressed",
            json!({"idTokenGeneration": {"claimsToSuppress": ["cognito:groups"]}, "groupOverrideDetails": {"groupsToOverride": ["guests"]}}),
            json!({"cognito:groups": null, "cognito:roles": null, "cognito:preferred_role": null}),
            json!({"cognito:groups": ["guests"]}),
            0,
        ),
    ] {
        check(name, &v2(details), id, access, ignored);
    }
}

#[test]
fn scopes_change_by_their_own_lists() {
    let admin = "aws.cognito.signin.user.admin";
    for (name, add, suppress, scope, ignored) in [
        (
            "add",
            json!(["ledger/read", "openid"]),
            json!([]),
            json!({"scope": format!("{admin} ledger/read openid")}),
            0,
        ),
        (
            "add twice",
            json!(["ledger/read", "ledger/read", admin]),
            json!([]),
            json!({"scope": format!("{admin} ledger/read")}),
            0,
        ),
        (
            "suppress",
            json!(["ledger/read"]),
            json!([admin]),
            json!({"scope": "ledger/read"}),
            0,
        ),
        (
            "suppress all",
            json!([]),
            json!([admin, "absent"]),
            json!({"scope": ""}),
            0,
        ),
        (
            "suppressing wins",
            json!(["ledger/read"]),
            json!(["ledger/read"]),
            json!({}),
            0,
        ),
        (
            "blanks",
            json!(["ledger/read ledger/write", "", " "]),
            json!([]),
            json!({}),
            3,
        ),
    ] {
        let changes = v2(
            json!({"accessTokenGeneration": {"scopesToAdd": add, "scopesToSuppress": suppress}}),
        );
        check(name, &changes, json!({}), scope, ignored);
    }
}

/// The table of triggers and claims in AWS's documentation, row by row.
#[test]
fn reserved_claims_are_left_alone() {
    let everywhere = RESERVED.into_iter().chain([
        "cognito:username",
        "cognito:roles",
        "cognito:preferred_role",
        "cognito:other",
    ]);
    let both = everywhere.flat_map(|name| {
        [
            (name, Token::Id, false, false),
            (name, Token::Access, false, false),
        ]
    });
    let rows = [
        ("plan", Token::Id, true, true),
        ("plan", Token::Access, true, true),
        ("email", Token::Id, true, true),
        ("email", Token::Access, true, true),
        ("custom:plan", Token::Id, true, true),
        ("custom:plan", Token::Access, true, true),
        ("dev:plan", Token::Id, false, true),
        ("scope", Token::Access, false, false),
        ("scope", Token::Id, true, true),
        ("cognito:groups", Token::Id, false, true),
        ("cognito:groups", Token::Access, false, true),
        ("aud", Token::Id, false, false),
        ("username", Token::Access, false, false),
        ("client_id", Token::Access, false, false),
        ("event_id", Token::Access, false, false),
        ("device_key", Token::Access, false, false),
        ("version", Token::Access, false, false),
    ];
    for (name, token, can_set, can_suppress) in both.chain(rows) {
        let part = match token {
            Token::Id => "idTokenGeneration",
            Token::Access => "accessTokenGeneration",
        };
        let ignored = |change: Value| {
            TokenClaims::of(&sign_in())
                .changed(&v2(json!({ part: change })))
                .ignored
        };
        assert_eq!(
            ignored(json!({"claimsToAddOrOverride": {name: "text"}})).is_empty(),
            can_set,
            "set {name} in the {token}"
        );
        assert_eq!(
            ignored(json!({"claimsToSuppress": [name]})).is_empty(),
            can_suppress,
            "suppress {name} in the {token}"
        );
    }
}

#[test]
fn some_claims_take_only_some_values() {
    let client_id = sign_in().client_id;
    for (name, part, claims, ignored) in [
        (
            "the audience is the app client",
            "accessTokenGeneration",
            json!({"aud": client_id}),
            0,
        ),
        (
            "the audience is another",
            "accessTokenGeneration",
            json!({"aud": "other"}),
            1,
        ),
        (
            "the audience is a list",
            "accessTokenGeneration",
            json!({"aud": [client_id]}),
            1,
        ),
        (
            "a simple address",
            "idTokenGeneration",
            json!({"address": "1 Harbour Road", "email_verified": true, "updated_at": 7}),
            0,
        ),
        (
            "an address of parts",
            "idTokenGeneration",
            json!({"address": {"street": "Harbour Road"}, "email_verified": [true]}),
            2,
        ),
        (
            "an address of parts elsewhere",
            "accessTokenGeneration",
            json!({"address": {"street": "Harbour Road"}}),
            0,
        ),
    ] {
        let after = TokenClaims::of(&sign_in())
            .changed(&v2(json!({ part: {"claimsToAddOrOverride": claims} })));
        assert_eq!(after.ignored.len(), ignored, "{name}: {:?}", after.ignored);
    }
}

#[test]
fn what_was_ignored_is_told() {
    let changes = v2(
        json!({"accessTokenGeneration": {"claimsToAddOrOverride": {"sub": "other"}, "claimsToSuppress": ["exp"]}}),
    );
    assert_eq!(
        TokenClaims::of(&sign_in()).changed(&changes).ignored,
        [
            "access token: `sub` cannot be set to this value",
            "access token: `exp` cannot be suppressed"
        ]
    );
}
