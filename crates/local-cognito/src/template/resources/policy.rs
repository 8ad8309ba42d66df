//! Policy documents of the template.

use iam_policy::{Policy, PolicyKind};
use serde_json::Value;

use crate::template::NOT_UNDERSTOOD;
use crate::template::place::Place;
use crate::template::properties::Properties;

/// The services' own condition keys that the stand-in gives where AWS would. About another one it would decide otherwise than AWS.
const KNOWN_KEYS: [&str; 18] = [
    "cognito-identity.amazonaws.com:amr",
    "cognito-identity.amazonaws.com:aud",
    "cognito-identity.amazonaws.com:sub",
    "cognito-identity:identitypoolarn",
    "dynamodb:attributes",
    "dynamodb:leadingkeys",
    "dynamodb:returnvalues",
    "dynamodb:select",
    "iam:passedtoservice",
    "kms:calleraccount",
    "kms:encryptionalgorithm",
    "kms:encryptioncontextkeys",
    "kms:grantoperations",
    "kms:viaservice",
    "s3:delimiter",
    "s3:max-keys",
    "s3:prefix",
    "sts:rolesessionname",
];

/// Those that the name of a member of the encryption context follows.
const ENCRYPTION_CONTEXT: &str = "kms:encryptioncontext:";

/// What SAM gives every function: to write its log, which needs no permission here, and to reach its network.
const PLAYED_BY_NOTHING: [&str; 2] = [
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaVPCAccessExecutionRole",
];

/// Reads a policy document. `None` when a problem was noted.
pub(super) fn document(
    kind: PolicyKind,
    name: &str,
    document: &Value,
    place: &Place,
) -> Option<Policy> {
    // What was noted before is not noted again.
    if document.is_null() {
        return None;
    }
    match Policy::parse(kind, document) {
        Ok(policy) => {
            let unknown = |key: &&str| {
                !key.starts_with("aws:")
                    && !key.starts_with(ENCRYPTION_CONTEXT)
                    && !is_of_a_provider(key)
                    && !KNOWN_KEYS.contains(key)
            };
            for key in policy.keys().filter(unknown) {
                place.problem(format_args!("the condition key {key} is {NOT_UNDERSTOOD}"));
            }
            Some(policy.named(name))
        }
        Err(unsupported) => {
            place.problem(unsupported);
            None
        }
    }
}

/// Whether the key is one of those that a token of another provider gives: the provider's URL without its scheme stands before it.
fn is_of_a_provider(key: &str) -> bool {
    let (provider, name) = key.rsplit_once(':').unwrap_or_default();
    ["aud", "sub"].contains(&name) && provider.contains('.')
}

/// `PolicyDocument`, with the name in `name_property`.
pub(super) fn named(properties: &mut Properties, name_property: &str) -> Option<Policy> {
    let name = properties.text(name_property).unwrap_or_default();
    let place = properties.place("PolicyDocument");
    let Some(value) = properties.raw("PolicyDocument") else {
        place.problem("expected a policy document");
        return None;
    };
    document(PolicyKind::IdentityBased, &name, &value, &place)
}

/// A function's `Policies`: documents, or names of AWS's own policies. Source: SAM specification, `AWS::Serverless::Function`.
pub(super) fn of_function(logical_id: &str, properties: &mut Properties) -> Vec<Policy> {
    let place = properties.place("Policies");
    let items = match properties.raw("Policies") {
        None => Vec::new(),
        Some(Value::Array(items)) => items,
        Some(one) => vec![one],
    };
    let read = |(index, item): (usize, &Value)| match item {
        Value::String(name) => {
            check_managed(name, &place.item(index));
            None
        }
        item if item.get("Statement").is_some() => {
            let name = format!("{logical_id}RolePolicy{index}");
            document(PolicyKind::IdentityBased, &name, item, &place.item(index))
        }
        Value::Null => None,
        _ => {
            place.item(index).problem(NOT_UNDERSTOOD);
            None
        }
    };
    items.iter().enumerate().filter_map(read).collect()
}

/// `ManagedPolicyArns`
pub(super) fn check_all_managed(properties: &mut Properties) {
    let place = properties.place("ManagedPolicyArns");
    let arns = properties.texts("ManagedPolicyArns").unwrap_or_default();
    for (index, arn) in arns.iter().enumerate() {
        check_managed(arn, &place.item(index));
    }
}

fn check_managed(name: &str, place: &Place) {
    let last = name.rsplit('/').next().unwrap_or(name);
    if !PLAYED_BY_NOTHING.contains(&last) {
        place.problem(format_args!("the policy {name} is {NOT_UNDERSTOOD}"));
    }
}
