//! Policies as AWS's documentation has them, and as they could be, against what AWS says that they do.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod any_policy;
mod conditions;
mod documented;
mod refused;
mod trust;
mod variables;

use iam_policy::{Context, Decision, Policy, PolicyKind, decide};
use serde_json::{Value, json};

fn policy(statements: Value) -> Policy {
    let document = json!({ "Version": "2012-10-17", "Statement": statements });
    Policy::parse(PolicyKind::IdentityBased, &document).unwrap()
}

fn allows(policy: &Policy, action: &str, resource: &str, context: &Context) -> bool {
    let decision = decide(
        std::slice::from_ref(policy),
        None,
        action,
        resource,
        context,
    );
    matches!(decision, Decision::Allowed { .. })
}

/// Whether a statement with this condition lets a request pass.
fn holds(condition: &Value, context: &Context) -> bool {
    let policy = policy(json!({
        "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition,
    }));
    allows(&policy, "s3:GetObject", "arn:aws:s3:::b/k", context)
}

fn context(values: &[(&str, &[&str])]) -> Context {
    let empty = Context::default();
    values.iter().fold(empty, |context, (key, values)| {
        context.with_all(key, values.iter().map(|value| (*value).to_owned()))
    })
}
