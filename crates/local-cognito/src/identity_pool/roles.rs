//! Which role a login is worth, by the pool's role mappings.
//!
//! Source: Developer Guide, "Using role-based access control".

use serde_json::Value;

use super::logins::Proven;
use super::refused::Refused;
use crate::template::{
    AmbiguousRoleResolution, IdentityPool, MappingKind, MatchType, RoleMapping, Rule,
};
use crate::tokens::Claims;

/// The ARN of the role that these logins get. Of several, the first whose provider has a mapping chooses.
pub(super) fn of_logins(
    pool: &IdentityPool,
    proven: &[Proven],
    custom_role: Option<&str>,
) -> Result<String, Refused> {
    let mapped = proven.iter().find_map(|proven| {
        let mapping = pool.role_mappings.get(proven.mapping_key.as_deref()?)?;
        Some((mapping, &proven.claims))
    });
    let Some((mapping, claims)) = mapped else {
        return match custom_role {
            None => authenticated(pool),
            Some(_) => Err(denied()),
        };
    };
    if let Some(role) = custom_role {
        let mut offered = offered(mapping, claims);
        return match offered.any(|offered| offered == role) {
            true => Ok(role.to_owned()),
            false => Err(denied()),
        };
    }
    match (chosen(mapping, claims), mapping.ambiguous) {
        (Some(role), _) => Ok(role.to_owned()),
        (None, AmbiguousRoleResolution::AuthenticatedRole) => authenticated(pool),
        (None, AmbiguousRoleResolution::Deny) => Err(denied()),
    }
}

/// The role of those whose login no mapping is for, among them a developer's own users.
pub(super) fn authenticated(pool: &IdentityPool) -> Result<String, Refused> {
    let role = pool.roles.authenticated.clone();
    role.ok_or(Refused::InvalidIdentityPoolConfiguration)
}

pub(super) fn of_guests(pool: &IdentityPool) -> Result<String, Refused> {
    let role = pool.roles.unauthenticated.clone();
    role.ok_or(Refused::InvalidIdentityPoolConfiguration)
}

/// The guide says that access is denied, and not in which words.
pub(super) fn denied() -> Refused {
    Refused::NotAuthorized("Access denied: the token has no claim to that role") // ours
}

/// The roles that may be asked for.
fn offered<'m>(
    mapping: &'m RoleMapping,
    claims: &'m Claims,
) -> Box<dyn Iterator<Item = &'m str> + 'm> {
    match &mapping.kind {
        MappingKind::Token => Box::new(token_roles(claims)),
        MappingKind::Rules(rules) => Box::new(
            rules
                .iter()
                .filter(|rule| matches(rule, claims))
                .map(|rule| rule.role_arn.as_str()),
        ),
    }
}

/// The one role that the mapping chooses, if it does.
fn chosen<'m>(mapping: &'m RoleMapping, claims: &'m Claims) -> Option<&'m str> {
    let mut offered = offered(mapping, claims);
    let first = offered.next();
    match &mapping.kind {
        MappingKind::Rules(_) => first,
        MappingKind::Token => {
            let preferred = claims.get("cognito:preferred_role").and_then(Value::as_str);
            preferred.or(first.filter(|_| offered.next().is_none()))
        }
    }
}

fn token_roles(claims: &Claims) -> impl Iterator<Item = &str> {
    let roles = claims.get("cognito:roles").and_then(Value::as_array);
    roles.into_iter().flatten().filter_map(Value::as_str)
}

/// A claim that is missing matches nothing, not even `NotEqual` (D).
fn matches(rule: &Rule, claims: &Claims) -> bool {
    let Some(claim) = claims.get(&rule.claim).and_then(text) else {
        return false;
    };
    let value = rule.value.as_str();
    match rule.match_type {
        MatchType::Equals => claim == value,
        MatchType::Contains => claim.contains(value),
        MatchType::StartsWith => claim.starts_with(value),
        MatchType::NotEqual => claim != value,
    }
}

/// How a claim is compared, which the guide says of texts alone: a list is taken as it stands in the token.
fn text(claim: &Value) -> Option<String> {
    match claim {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Some(claim.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::super::logins::tests::{pool, proven};
    use super::*;
    use crate::template::Roles;

    const KEY: &str = "cognito-idp.us-east-1.amazonaws.com/us-east-1_Ab12Cd34E:client";

    fn mapped(kind: MappingKind, ambiguous: AmbiguousRoleResolution) -> IdentityPool {
        IdentityPool {
            roles: Roles {
                authenticated: Some("default".to_owned()),
                unauthenticated: None,
            },
            role_mappings: BTreeMap::from([(KEY.to_owned(), RoleMapping { kind, ambiguous })]),
            ..pool()
        }
    }

    fn role(pool: &IdentityPool, claims: Value, custom: Option<&str>) -> Option<String> {
        match of_logins(pool, &[proven(KEY, claims)], custom) {
            Ok(role) => Some(role),
            Err(refused) => {
                assert_eq!(refused, denied());
                None
            }
        }
    }

    #[test]
    fn a_token_chooses_by_its_claims() {
        use AmbiguousRoleResolution::{AuthenticatedRole, Deny};
        let cases = [
            (
                "the only role",
                json!({"cognito:roles": ["a"]}),
                None,
                Deny,
                Some("a"),
            ),
            (
                "the preferred role",
                json!({"cognito:roles": ["a", "b"], "cognito:preferred_role": "b"}),
                None,
                Deny,
                Some("b"),
            ),
            (
                "several roles",
                json!({"cognito:roles": ["a", "b"]}),
                None,
                AuthenticatedRole,
                Some("default"),
            ),
            (
                "several roles, denied",
                json!({"cognito:roles": ["a", "b"]}),
                None,
                Deny,
                None,
            ),
            (
                "no role",
                json!({}),
                None,
                AuthenticatedRole,
                Some("default"),
            ),
            ("no role, denied", json!({}), None, Deny, None),
            (
                "a role of its own",
                json!({"cognito:roles": ["a", "b"], "cognito:preferred_role": "b"}),
                Some("a"),
                Deny,
                Some("a"),
            ),
            (
                "a role of others",
                json!({"cognito:roles": ["a"]}),
                Some("b"),
                AuthenticatedRole,
                None,
            ),
            (
                "the default role, asked for",
                json!({"cognito:roles": ["a"]}),
                Some("default"),
                AuthenticatedRole,
                None,
            ),
        ];
        for (name, claims, custom, ambiguous, expected) in cases {
            let pool = mapped(MappingKind::Token, ambiguous);
            assert_eq!(role(&pool, claims, custom).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn the_first_rule_that_matches_chooses() {
        let rule = |claim: &str, match_type, value: &str, role: &str| Rule {
            claim: claim.to_owned(),
            match_type,
            value: value.to_owned(),
            role_arn: role.to_owned(),
        };
        let rules = vec![
            rule("custom:dept", MatchType::Equals, "ops", "equals"),
            rule("custom:dept", MatchType::StartsWith, "op", "starts"),
            rule("email", MatchType::Contains, "@example.org", "contains"),
            rule("custom:plan", MatchType::NotEqual, "free", "not equal"),
            rule("email_verified", MatchType::Equals, "true", "flag"),
        ];
        let pool = mapped(MappingKind::Rules(rules), AmbiguousRoleResolution::Deny);
        let cases = [
            ("first", json!({"custom:dept": "ops"}), None, Some("equals")),
            (
                "second",
                json!({"custom:dept": "opera"}),
                None,
                Some("starts"),
            ),
            ("case", json!({"custom:dept": "Ops"}), None, None),
            (
                "within",
                json!({"email": "ines@example.org"}),
                None,
                Some("contains"),
            ),
            (
                "unlike",
                json!({"custom:plan": "pro"}),
                None,
                Some("not equal"),
            ),
            ("missing", json!({}), None, None),
            ("like", json!({"custom:plan": "free"}), None, None),
            (
                "a flag",
                json!({"email_verified": true}),
                None,
                Some("flag"),
            ),
            (
                "a later one",
                json!({"custom:dept": "ops"}),
                Some("starts"),
                Some("starts"),
            ),
            (
                "one that does not match",
                json!({"custom:dept": "ops"}),
                Some("flag"),
                None,
            ),
        ];
        for (name, claims, custom, expected) in cases {
            assert_eq!(role(&pool, claims, custom).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn without_a_mapping_there_is_the_default_role() {
        let mut pool = mapped(MappingKind::Token, AmbiguousRoleResolution::Deny);
        let other = [proven("other", json!({"cognito:roles": ["a"]}))];
        assert_eq!(of_logins(&pool, &other, None), Ok("default".to_owned()));
        assert_eq!(of_logins(&pool, &other, Some("a")), Err(denied()));
        pool.roles.authenticated = None;
        let wrong = Err(Refused::InvalidIdentityPoolConfiguration);
        assert_eq!(of_logins(&pool, &other, None), wrong);
        assert_eq!(of_guests(&pool), wrong);
    }
}
