//! The roles of a pool, and how they are chosen.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::input;
use crate::access::Caller;
use crate::identity_pool::refused::Refused;
use crate::stand_in::StandIn;
use crate::template::{IdentityPool, MappingKind, Members, RoleMapping, Roles};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SetInput {
    identity_pool_id: String,
    roles: Value,
    #[serde(flatten)]
    members: Members,
}

/// Replaces all of it: mappings that are not named are gone (U). The caller must be allowed to pass each role.
///
/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_SetIdentityPoolRoles.html>
pub(super) fn set(stand_in: &StandIn, caller: &Caller, input: SetInput) -> Result<Value, Refused> {
    let pool = input::pool(stand_in, &input.identity_pool_id)?;
    let mut members = input.members;
    members.insert("Roles".to_owned(), input.roles);
    let described = IdentityPool::described_roles(members);
    let (roles, mappings) = described.map_err(Refused::InvalidParameter)?;
    if let Some(provider) = pool.config.unknown_mapping(&mappings) {
        return Err(Refused::InvalidParameter(format!(
            "{provider} is not a valid RoleMapping ProviderName or is not a configured provider."
        ))); // W
    }
    for role in roles_of(&roles, mappings.values()) {
        let context = iam_policy::Context::default()
            .with("iam:PassedToService", "cognito-identity.amazonaws.com");
        stand_in.authorise(caller, "iam:PassRole", role, context)?;
    }
    let replace = |config: &mut IdentityPool| {
        config.roles = roles;
        config.role_mappings = mappings;
        Ok(Value::Null)
    };
    let set = stand_in
        .identity_pools
        .change(&input.identity_pool_id, replace);
    set.unwrap_or_else(|| Err(Refused::no_such_pool(&input.identity_pool_id)))
}

fn roles_of<'r>(
    roles: &'r Roles,
    mappings: impl Iterator<Item = &'r RoleMapping>,
) -> impl Iterator<Item = &'r String> {
    let of_rules = mappings.flat_map(|mapping| match &mapping.kind {
        MappingKind::Token => Vec::new(),
        MappingKind::Rules(rules) => rules.iter().map(|rule| &rule.role_arn).collect(),
    });
    roles
        .authenticated
        .iter()
        .chain(&roles.unauthenticated)
        .chain(of_rules)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetInput {
    identity_pool_id: String,
}

/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetIdentityPoolRoles.html>
pub(super) fn get(stand_in: &StandIn, input: &GetInput) -> Result<Value, Refused> {
    let pool = input::pool(stand_in, &input.identity_pool_id)?;
    let config = &pool.config;
    let mappings = config.role_mappings.iter();
    let mappings: Map<String, Value> = mappings
        .map(|(provider, mapping)| (provider.clone(), shown(mapping)))
        .collect();
    Ok(json!({
        "IdentityPoolId": config.id,
        "Roles": {
            "authenticated": config.roles.authenticated,
            "unauthenticated": config.roles.unauthenticated,
        },
        "RoleMappings": (!mappings.is_empty()).then_some(mappings),
    }))
}

fn shown(mapping: &RoleMapping) -> Value {
    let (kind, rules) = match &mapping.kind {
        MappingKind::Token => ("Token", Value::Null),
        MappingKind::Rules(rules) => {
            let rules = rules.iter().map(|rule| {
                json!({
                    "Claim": rule.claim,
                    "MatchType": rule.match_type.as_str(),
                    "Value": rule.value,
                    "RoleARN": rule.role_arn,
                })
            });
            ("Rules", json!({ "Rules": rules.collect::<Vec<_>>() }))
        }
    };
    json!({
        "Type": kind,
        "AmbiguousRoleResolution": mapping.ambiguous.as_str(),
        "RulesConfiguration": rules,
    })
}
