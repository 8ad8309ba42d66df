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
mod tests;
