use entrypoint::Env;

use super::issuers::list;
use crate::rules::{Rule, Tag};

/// STS takes no longer session, and no longer policy; more tags would not fit into a session with them.
///
/// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>
const SECONDS: std::ops::RangeInclusive<i32> = 900..=43_200;
const MAX_POLICY: usize = 2_048;
const MAX_TAGS: usize = 10;

pub(super) fn rules(env: &mut Env, variable: &str) -> Vec<Rule> {
    let rules: Vec<Rule> = list(env, variable);
    if rules.is_empty() {
        env.problem(variable, "expected a rule at least, in JSON");
    }
    for (place, rule) in rules.iter().enumerate() {
        if let Some(expected) = expected(rule) {
            env.problem(variable, format_args!("{}: {expected}", rule.name));
        }
        if rules[..place].iter().any(|other| other.name == rule.name) {
            env.problem(variable, format_args!("{}: is there twice", rule.name));
        }
    }
    rules
}

fn expected(rule: &Rule) -> Option<&'static str> {
    let is_arn = |role: &String| role.starts_with("arn:") && (20..=2_048).contains(&role.len());
    let policy = rule.session_policy.as_ref().map(ToString::to_string);
    match &rule.role {
        None if !rule.deny => Some("expected a role, or `deny`"),
        Some(_) if rule.deny => Some("expected either a role or `deny`"),
        Some(role) if !is_arn(role) => Some("expected the ARN of a role"),
        _ if !SECONDS.contains(&rule.seconds) => Some("expected 900 to 43200 seconds"),
        _ if policy.is_some_and(|policy| policy.len() > MAX_POLICY) => {
            Some("expected a session policy of at most 2048 characters")
        }
        _ => None,
    }
}

pub(super) fn tags(env: &mut Env, variable: &str) -> Vec<Tag> {
    let tags: Vec<Tag> = env.list(variable);
    if tags.len() > MAX_TAGS {
        env.problem(variable, "expected 10 tags at most");
    }
    for (place, tag) in tags.iter().enumerate() {
        let is_same = |other: &Tag| other.key.eq_ignore_ascii_case(&tag.key);
        if tags[..place].iter().any(is_same) {
            env.problem(variable, format_args!("{}: is there twice", tag.key));
        }
    }
    tags
}
