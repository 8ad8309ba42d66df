use std::collections::BTreeSet;

use cognito_events::pre_token_generation::{Event, GroupOverrideDetails};

use super::is_machine_client;
use crate::config::Config;
use crate::membership::Membership;
use crate::provider_groups;

/// The groups and roles that replace the user's own, always all of them; `None` when they are not meant to change.
pub(super) fn replacement(
    event: &Event,
    membership: &Membership,
    config: &Config,
) -> Option<GroupOverrideDetails> {
    let groups = match wanted(membership.groups.as_deref(), &config.grantable_groups) {
        Some(groups) => groups,
        None => with_those_of_the_provider(event, config),
    };
    let roles = wanted(membership.iam_roles.as_deref(), &config.grantable_roles);
    let preferred_role = membership.preferred_role.as_deref();
    let preferred_role = preferred_role.filter(|role| config.grantable_roles.contains(*role));
    replace(event, groups, roles, preferred_role)
}

/// No groups and no roles at all, where they are the table's to say.
pub(super) fn removal(event: &Event, config: &Config) -> Option<GroupOverrideDetails> {
    let groups = if config.grantable_groups.is_empty() {
        own_groups(event)
    } else {
        BTreeSet::new()
    };
    let roles = (!config.grantable_roles.is_empty()).then(BTreeSet::new);
    replace(event, groups, roles, None)
}

/// What the membership wants and may be granted; `None` when it says nothing about it, or nothing may be granted.
fn wanted<'c>(
    wanted: Option<&[String]>,
    grantable: &'c BTreeSet<String>,
) -> Option<BTreeSet<&'c str>> {
    let wanted = wanted.filter(|_| !grantable.is_empty())?;
    let granted = grantable.iter().filter(|name| wanted.contains(name));
    Some(granted.map(String::as_str).collect())
}

/// The pool's groups, and those that the user's identity provider gives. A membership that says which groups there are says it of these too.
fn with_those_of_the_provider<'a>(event: &'a Event, config: &'a Config) -> BTreeSet<&'a str> {
    let mut groups = own_groups(event);
    groups.extend(provider_groups::granted(
        &event.request.user_attributes,
        &config.provider_groups_attribute,
        &config.provider_groups,
    ));
    groups
}

fn own_groups(event: &Event) -> BTreeSet<&str> {
    let own = &event.request.group_configuration.groups_to_override;
    own.iter().map(String::as_str).collect()
}

/// `roles` are `None` where nobody said anything about them.
fn replace(
    event: &Event,
    groups: BTreeSet<&str>,
    roles: Option<BTreeSet<&str>>,
    preferred_role: Option<&str>,
) -> Option<GroupOverrideDetails> {
    let own = &event.request.group_configuration;
    let own_groups = own_groups(event);
    let own_roles: BTreeSet<&str> = own
        .iam_roles_to_override
        .iter()
        .map(String::as_str)
        .collect();
    let roles = match roles {
        Some(roles) => roles,
        // The event does not say which role came from which group, so roles stay only while every group does.
        None if own_groups.is_subset(&groups) => own_roles.clone(),
        None => BTreeSet::new(),
    };
    let own_preferred_role = own.preferred_role.as_deref();
    let is_borne = |role: &&str| roles.contains(role);
    let preferred_role = preferred_role.filter(is_borne);
    let is_change = groups != own_groups
        || roles != own_roles
        || preferred_role.is_some() && preferred_role != own_preferred_role;
    if is_machine_client(event) || !is_change {
        return None;
    }
    let preferred_role = preferred_role.or(own_preferred_role.filter(is_borne));
    Some(GroupOverrideDetails {
        groups_to_override: Some(groups.into_iter().map(str::to_owned).collect()),
        preferred_role: preferred_role.map(str::to_owned),
        iam_roles_to_override: Some(roles.into_iter().map(str::to_owned).collect()),
    })
}

#[cfg(test)]
mod tests {
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
    fn check_provider(
        case: &str,
        theirs: &str,
        wanted: Option<&[&str]>,
        expected: Option<&[&str]>,
    ) {
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
}
