use cognito_events::pre_token_generation::TriggerSource;

use super::*;
use crate::rules::tests::{config, texts, user_event};

/// Groups of the event, which has a role, of the membership, and that may be granted; then groups and roles in the answer.
#[track_caller]
fn check(
    case: &str,
    (own, wanted, grantable): (&[&str], Option<&[&str]>, &str),
    expected: Option<(&[&str], &[&str])>,
) {
    let mut event = user_event("1");
    event.request.group_configuration.groups_to_override = texts(own);
    event.request.group_configuration.iam_roles_to_override = texts(&["role-1", "role-2"]);
    event.request.group_configuration.preferred_role = Some("role-2".to_owned());
    let membership = Membership {
        groups: wanted.map(texts),
        ..Membership::default()
    };
    let config = config([("GRANTABLE_GROUPS", grantable)]);
    let expected = expected.map(|(groups, roles)| GroupOverrideDetails {
        groups_to_override: Some(texts(groups)),
        iam_roles_to_override: Some(texts(roles)),
        preferred_role: roles.get(1).map(|role| (*role).to_owned()),
    });
    assert_eq!(
        replacement(&event, &membership, &config),
        expected,
        "{case}"
    );

    event.trigger_source = TriggerSource::ClientCredentials;
    let machine = replacement(&event, &membership, &config);
    assert_eq!(machine, None, "{case}, for a machine client");
}

#[test]
fn groups_change_only_when_meant_and_within_the_configured_set() {
    let both: &[&str] = &["role-1", "role-2"];
    check("nothing said", (&["a"], None, "a,b"), None);
    check("nothing grantable", (&["a"], Some(&["b"]), ""), None);
    check(
        "the same",
        (&["b", "a"], Some(&["a", "b", "a"]), "a,b"),
        None,
    );
    check(
        "one more",
        (&["a"], Some(&["a", "b"]), "a,b"),
        Some((&["a", "b"], both)),
    );
    check(
        "one less",
        (&["a", "b"], Some(&["a"]), "a,b"),
        Some((&["a"], &[])),
    );
    check(
        "another",
        (&["a"], Some(&["b"]), "a,b"),
        Some((&["b"], &[])),
    );
    check("none", (&["a"], Some(&[]), "a,b"), Some((&[], &[])));
    check(
        "not grantable",
        (&["a"], Some(&["a", "admins"]), "a,b"),
        None,
    );
    check(
        "own group not grantable",
        (&["admins"], Some(&["admins"]), "a,b"),
        Some((&[], &[])),
    );
    check(
        "first group",
        (&[], Some(&["a"]), "a,b"),
        Some((&["a"], both)),
    );
}

#[test]
fn a_preferred_role_is_one_of_the_roles() {
    let mut event = user_event("1");
    event.request.group_configuration.preferred_role = Some("role-of-nobody".to_owned());
    let membership = Membership {
        groups: Some(texts(&["a"])),
        ..Membership::default()
    };
    let details = replacement(&event, &membership, &config([("GRANTABLE_GROUPS", "a")]));
    assert_eq!(details.unwrap().preferred_role, None);
}

#[test]
fn groups_are_removed_only_where_the_table_says_which() {
    let mut event = user_event("1");
    let (ours, not_ours) = (config([("GRANTABLE_GROUPS", "b")]), config([]));
    assert_eq!(removal(&event, &ours), None, "no groups to remove");

    event.request.group_configuration.groups_to_override = texts(&["a"]);
    assert_eq!(removal(&event, &not_ours), None);
    let none_left = GroupOverrideDetails {
        groups_to_override: Some(Vec::new()),
        iam_roles_to_override: Some(Vec::new()),
        preferred_role: None,
    };
    assert_eq!(removal(&event, &ours), Some(none_left));

    event.trigger_source = TriggerSource::ClientCredentials;
    assert_eq!(removal(&event, &ours), None, "a machine client");
}

const ROLES: [&str; 3] = [
    "arn:aws:iam::123456789012:role/editors",
    "arn:aws:iam::123456789012:role/readers",
    "arn:aws:iam::123456789012:role/admins",
];

/// Roles of the event, with the one that it prefers, and of the membership; then those in the answer. `admins` is not grantable.
#[track_caller]
fn check_roles(
    case: &str,
    (own, own_preferred): (&[&str], Option<&str>),
    (wanted, preferred): (Option<&[&str]>, Option<&str>),
    expected: Option<(&[&str], Option<&str>)>,
) {
    let mut event = user_event("3");
    event.request.group_configuration.groups_to_override = texts(&["a"]);
    event.request.group_configuration.iam_roles_to_override = texts(own);
    event.request.group_configuration.preferred_role = own_preferred.map(str::to_owned);
    let membership = Membership {
        iam_roles: wanted.map(texts),
        preferred_role: preferred.map(str::to_owned),
        ..Membership::default()
    };
    let grantable = format!("{},{}", ROLES[0], ROLES[1]);
    let granting = config([("GRANTABLE_ROLES", &grantable)]);
    let expected = expected.map(|(roles, preferred)| GroupOverrideDetails {
        groups_to_override: Some(texts(&["a"])),
        iam_roles_to_override: Some(texts(roles)),
        preferred_role: preferred.map(str::to_owned),
    });
    let answer = replacement(&event, &membership, &granting);
    assert_eq!(answer, expected, "{case}");
    let answer = replacement(&event, &membership, &config([]));
    assert_eq!(answer, None, "{case}, nothing grantable");
    event.trigger_source = TriggerSource::ClientCredentials;
    let answer = replacement(&event, &membership, &granting);
    assert_eq!(answer, None, "{case}, for a machine client");
}

#[test]
fn roles_change_only_within_the_configured_set_and_the_preferred_one_is_among_them() {
    let [editors, readers, admins] = ROLES;
    let own: (&[&str], _) = (&[admins], Some(admins));
    check_roles("nothing said", own, (None, None), None);
    check_roles(
        "roles and one of them",
        own,
        (Some(&[editors, readers]), Some(readers)),
        Some((&[editors, readers], Some(readers))),
    );
    check_roles(
        "roles alone",
        own,
        (Some(&[editors]), None),
        Some((&[editors], None)),
    );
    check_roles("none", own, (Some(&[]), None), Some((&[], None)));
    check_roles(
        "not grantable",
        own,
        (Some(&[admins, editors]), Some(admins)),
        Some((&[editors], None)),
    );
    check_roles(
        "preferred, but not among them",
        own,
        (Some(&[editors]), Some(readers)),
        Some((&[editors], None)),
    );
    check_roles(
        "the same, another preferred",
        (&[editors, readers], Some(readers)),
        (None, Some(editors)),
        Some((&[editors, readers], Some(editors))),
    );
    check_roles(
        "the same, with what is preferred not theirs",
        (&[editors], Some(editors)),
        (None, Some(readers)),
        None,
    );
    check_roles(
        "the same",
        (&[readers, editors], Some(editors)),
        (Some(&[editors, readers]), Some(editors)),
        None,
    );
    check_roles(
        "fewer, with the preferred one",
        (&[editors, readers], Some(editors)),
        (Some(&[editors]), None),
        Some((&[editors], Some(editors))),
    );
}

#[test]
fn roles_are_removed_only_where_the_table_says_which() {
    let mut event = user_event("3");
    event.request.group_configuration.groups_to_override = texts(&["a"]);
    event.request.group_configuration.iam_roles_to_override = texts(&[ROLES[2]]);
    let granting = config([("GRANTABLE_ROLES", ROLES[0])]);
    let without_roles = GroupOverrideDetails {
        groups_to_override: Some(texts(&["a"])),
        iam_roles_to_override: Some(Vec::new()),
        preferred_role: None,
    };
    assert_eq!(removal(&event, &granting), Some(without_roles));
    assert_eq!(removal(&event, &config([])), None);
}

/// The provider's groups in the attribute, and the groups of the membership; then those in the answer.
#[track_caller]
fn check_provider(case: &str, theirs: &str, wanted: Option<&[&str]>, expected: Option<&[&str]>) {
    let mut event = user_event("3");
    let identities = r#"[{"providerName": "Okta"}]"#;
    event.request.user_attributes = [
        ("sub", "u-1"),
        ("identities", identities),
        ("custom:groups", theirs),
    ]
    .into();
    event.request.group_configuration.groups_to_override = texts(&["a"]);
    event.request.group_configuration.iam_roles_to_override = texts(&["role-1"]);
    let membership = Membership {
        groups: wanted.map(texts),
        ..Membership::default()
    };
    let config = config([
        ("GRANTABLE_GROUPS", "c"),
        ("PROVIDER_GROUPS", "Okta/Engineering=b, Okta/Staff=a"),
        ("PROVIDER_GROUPS_ATTRIBUTE", "custom:groups"),
    ]);
    let answer = replacement(&event, &membership, &config);
    let groups = answer
        .as_ref()
        .map(|details| details.groups_to_override.clone());
    assert_eq!(groups, expected.map(|groups| Some(texts(groups))), "{case}");
    let is_added_to = expected.is_some_and(|groups| groups.contains(&"a"));
    let roles = answer.and_then(|details| details.iam_roles_to_override);
    let kept = expected.map(|_| {
        if is_added_to {
            texts(&["role-1"])
        } else {
            Vec::new()
        }
    });
    assert_eq!(roles, kept, "{case}");
}

#[test]
fn a_providers_groups_are_added_to_the_pools_and_never_to_a_memberships() {
    check_provider("added", "[Engineering, Others]", None, Some(&["a", "b"]));
    check_provider("there already", "Staff", None, None);
    check_provider("not mapped", "Others", None, None);
    check_provider(
        "a membership of groups",
        "Engineering",
        Some(&["c"]),
        Some(&["c"]),
    );
    check_provider("a membership of none", "Engineering", Some(&[]), Some(&[]));
}
