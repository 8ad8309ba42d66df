//! Roles, and the policies that are attached to them.

use std::collections::BTreeMap;

use iam_policy::{Context, Decision, Policy, PolicyKind, Principal, trusts};
use serde_json::{Value, json};

use super::{Resource, policy};
use crate::template::Stack;
use crate::template::properties::Properties;
use crate::template::scope::References;
use crate::template::serverless::role_of;

/// A role: who may assume it, and what it may do.
#[derive(Debug, Clone)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) arn: String,
    /// Such as `AROAEXAMPLEID`, the same at each start.
    pub(crate) id: String,
    pub(crate) trust: Policy,
    pub(crate) policies: Vec<Policy>,
    pub(crate) max_session_seconds: u32,
}

impl Role {
    fn is_for_lambda(&self) -> bool {
        let lambda = Principal::Service("lambda.amazonaws.com");
        let decision = trusts(&self.trust, lambda, "sts:AssumeRole", &Context::default());
        matches!(decision, Decision::Allowed { .. })
    }
}

/// The role that SAM makes for a function; or the ARN of the one that it names.
pub(super) fn of_function(
    resource: &Resource,
    properties: &mut Properties,
    stack: &mut Stack,
) -> String {
    if properties.has("Role") {
        let arn = properties.text("Role").unwrap_or_default();
        let place = properties.place("Role");
        match stack.roles.iter().find(|role| role.arn == arn) {
            Some(role) if role.is_for_lambda() => {}
            Some(_) => place.problem("its trust policy does not let Lambda assume it"),
            None if arn.is_empty() => {}
            None => place.problem("no role of this template has this ARN"),
        }
        properties.ignore(&[
            "AssumeRolePolicyDocument",
            "PermissionsBoundary",
            "Policies",
        ]);
        return arn;
    }
    // Source: SAM, generated resources of `AWS::Serverless::Function`.
    let default = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": { "Service": ["lambda.amazonaws.com"] },
        }],
    });
    let place = properties.place("AssumeRolePolicyDocument");
    let document = properties.raw("AssumeRolePolicyDocument");
    let document = document.unwrap_or(default);
    let trust = policy::document(PolicyKind::Trust, "trust", &document, &place);
    let policies = policy::of_function(resource.logical_id, properties);
    let name = resource.settings.name(&role_of(resource.logical_id), 64);
    let role = trust.map(|trust| Role {
        arn: arn(resource, &name),
        id: resource.settings.role_id(&name),
        name,
        trust,
        policies,
        max_session_seconds: DEFAULT_SESSION_SECONDS,
    });
    let arn = role.as_ref().map(|role| role.arn.clone());
    stack.roles.extend(role);
    arn.unwrap_or_default()
}

/// One hour. Source: `AWS::IAM::Role`, `MaxSessionDuration`.
const DEFAULT_SESSION_SECONDS: u32 = 3_600;

/// `AWS::IAM::Role`
pub(super) fn read(resource: &Resource, properties: &mut Properties) -> (Option<Role>, References) {
    properties.ignore(&["Description", "Tags"]);
    policy::check_all_managed(properties);
    let settings = resource.settings;
    let name = properties
        .text("RoleName")
        .unwrap_or_else(|| settings.name(resource.logical_id, 64));
    let place = properties.place("AssumeRolePolicyDocument");
    let document = properties.raw("AssumeRolePolicyDocument");
    if document.is_none() {
        place.problem("expected a policy document");
    }
    let document = document.unwrap_or(Value::Null);
    let trust = policy::document(PolicyKind::Trust, "trust", &document, &place);
    let policies = properties.each("Policies", |one| policy::named(one, "PolicyName"));
    let duration = properties.number("MaxSessionDuration", 3_600..=43_200);
    let (arn, id) = (arn(resource, &name), settings.role_id(&name));
    let references = References {
        reference: Some(name.clone()),
        attributes: BTreeMap::from([("Arn", arn.clone()), ("RoleId", id.clone())]),
    };
    let role = trust.map(|trust| Role {
        name,
        arn,
        id,
        trust,
        policies: policies.into_iter().flatten().collect(),
        max_session_seconds: duration.unwrap_or(DEFAULT_SESSION_SECONDS),
    });
    (role, references)
}

/// What others learn of the role that SAM makes for a function.
pub(super) fn references_of_generated(name: &str, stack: &Stack) -> References {
    let role = stack.roles.iter().find(|role| role.name == name);
    let attributes = role.map(|role| [("Arn", role.arn.clone()), ("RoleId", role.id.clone())]);
    References {
        reference: Some(name.to_owned()),
        attributes: attributes.into_iter().flatten().collect(),
    }
}

/// `AWS::IAM::RolePolicy`
pub(super) fn role_policy(properties: &mut Properties, stack: &mut Stack) {
    let name = properties.required_text("RoleName");
    let policy = policy::named(properties, "PolicyName");
    attach(&[name], "RoleName", policy, properties, stack);
}

/// `AWS::IAM::Policy` and `AWS::IAM::ManagedPolicy`
pub(super) fn policy_of_roles(name_property: &str, properties: &mut Properties, stack: &mut Stack) {
    properties.ignore(&["Description", "Path"]);
    let names = properties.texts("Roles").unwrap_or_default();
    let policy = policy::named(properties, name_property);
    attach(&names, "Roles", policy, properties, stack);
}

fn attach(
    names: &[String],
    property: &str,
    policy: Option<Policy>,
    properties: &Properties,
    stack: &mut Stack,
) {
    // A name that is empty was noted before.
    for name in names.iter().filter(|name| !name.is_empty()) {
        match stack.roles.iter_mut().find(|role| role.name == *name) {
            Some(role) => role.policies.extend(policy.clone()),
            None => {
                let place = properties.place(property);
                place.problem(format_args!("no role of this template has the name {name}"));
            }
        }
    }
}

fn arn(resource: &Resource, name: &str) -> String {
    resource.settings.global_arn("iam", &format!("role/{name}"))
}
