use std::collections::BTreeSet;

use cognito_events::pre_token_generation::{Event, GroupOverrideDetails};

use super::is_machine_client;
use crate::config::Config;
use crate::membership::Membership;

/// The groups that replace the user's own: those of the membership that may be granted.
///
/// None when groups are not meant to change: the membership says nothing about them, none may be granted, or they are these already.
pub(super) fn replacement(
    event: &Event,
    membership: &Membership,
    config: &Config,
) -> Option<GroupOverrideDetails> {
    let wanted = membership.groups.as_deref()?;
    let granted = config
        .grantable_groups
        .iter()
        .filter(|group| wanted.contains(group));
    replace(event, granted.map(String::as_str).collect(), config)
}

/// No groups at all, where groups are the table's to say.
pub(super) fn removal(event: &Event, config: &Config) -> Option<GroupOverrideDetails> {
    replace(event, BTreeSet::new(), config)
}

fn replace(event: &Event, groups: BTreeSet<&str>, config: &Config) -> Option<GroupOverrideDetails> {
    let own = &event.request.group_configuration;
    let own_groups: BTreeSet<&str> = own.groups_to_override.iter().map(String::as_str).collect();
    if config.grantable_groups.is_empty() || is_machine_client(event) || groups == own_groups {
        return None;
    }
    // The event does not say which role came from which group, so roles stay only while every group does.
    let roles = if own_groups.is_subset(&groups) {
        own.iam_roles_to_override.clone()
    } else {
        Vec::new()
    };
    let preferred_role = own.preferred_role.clone();
    Some(GroupOverrideDetails {
        groups_to_override: Some(groups.into_iter().map(str::to_owned).collect()),
        preferred_role: preferred_role.filter(|preferred| roles.contains(preferred)),
        iam_roles_to_override: Some(roles),
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
}
