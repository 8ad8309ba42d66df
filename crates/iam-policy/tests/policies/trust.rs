//! Policies that are attached to a role or another resource.

use iam_policy::{Context, Decision, Policy, PolicyKind, Principal, trusts};
use serde_json::{Value, json};

use crate::context;

const COGNITO: Principal = Principal::Federated("cognito-identity.amazonaws.com");
const WEB_IDENTITY: &str = "sts:AssumeRoleWithWebIdentity";

fn attached(kind: PolicyKind, statements: Value) -> Policy {
    let document = json!({ "Version": "2012-10-17", "Statement": statements });
    Policy::parse(kind, &document).unwrap()
}

fn lets_in(policy: &Policy, principal: Principal<'_>, action: &str, context: &Context) -> bool {
    let decision = trusts(policy, principal, action, context);
    matches!(decision, Decision::Allowed { .. })
}

/// Amazon Cognito Developer Guide, "IAM roles", trust of an identity pool.
#[test]
fn identities_of_one_pool() {
    let trust = attached(
        PolicyKind::Trust,
        json!([{
            "Effect": "Allow",
            "Principal": { "Federated": "cognito-identity.amazonaws.com" },
            "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
            "Condition": {
                "StringEquals": { "cognito-identity.amazonaws.com:aud": "us-east-1:pool" },
                "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" },
            },
        }]),
    );
    let identity = |pool, amr| {
        context(&[
            ("cognito-identity.amazonaws.com:aud", &[pool]),
            ("cognito-identity.amazonaws.com:amr", amr),
        ])
    };
    let user = identity("us-east-1:pool", &["authenticated", "login.example.app"]);
    assert!(lets_in(&trust, COGNITO, WEB_IDENTITY, &user));
    assert!(lets_in(&trust, COGNITO, "sts:TagSession", &user));
    assert!(!lets_in(&trust, COGNITO, "sts:AssumeRole", &user));
    for wrong in [
        identity("us-east-1:other", &["authenticated"]),
        identity("us-east-1:pool", &["unauthenticated"]),
        identity("us-east-1:pool", &[]),
        Context::default(),
    ] {
        assert!(!lets_in(&trust, COGNITO, WEB_IDENTITY, &wrong));
    }
    for other in [
        Principal::Federated("accounts.google.com"),
        Principal::Service("cognito-identity.amazonaws.com"),
        Principal::Aws("cognito-identity.amazonaws.com"),
    ] {
        assert!(!lets_in(&trust, other, WEB_IDENTITY, &user), "{other:?}");
    }
}

#[test]
fn accounts_roles_and_everybody() {
    let account = Principal::Aws("arn:aws:iam::111122223333:root");
    let role = Principal::Aws("arn:aws:iam::111122223333:role/r");
    let other = Principal::Aws("arn:aws:iam::111122223334:root");
    let service = Principal::Service("lambda.amazonaws.com");
    let cases = [
        (json!("*"), [true, true, true, true]),
        (json!({ "AWS": "*" }), [true, true, true, true]),
        (
            json!({ "AWS": "111122223333" }),
            [true, false, false, false],
        ),
        (
            json!({ "AWS": ["arn:aws:iam::111122223333:root"] }),
            [true, false, false, false],
        ),
        (
            json!({ "AWS": ["arn:aws:iam::111122223333:role/r"], "Service": "lambda.amazonaws.com" }),
            [false, true, false, true],
        ),
    ];
    for (principal, expected) in cases {
        let key = attached(
            PolicyKind::ResourceBased,
            json!({ "Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*" }),
        );
        let found = [account, role, other, service]
            .map(|who| lets_in(&key, who, "kms:Decrypt", &Context::default()));
        assert_eq!(found, expected, "{principal}");
    }
}

#[test]
fn a_deny_of_everybody_else_wins() {
    let key = attached(
        PolicyKind::ResourceBased,
        json!([
            { "Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*" },
            { "Sid": "No", "Effect": "Deny", "Principal": { "AWS": "arn:aws:iam::111122223333:role/r" }, "Action": "kms:*", "Resource": "*" },
        ]),
    );
    let role = Principal::Aws("arn:aws:iam::111122223333:role/r");
    let decision = trusts(&key, role, "kms:Decrypt", &Context::default());
    let kind = PolicyKind::ResourceBased;
    assert_eq!(
        decision,
        Decision::Denied {
            by: "No".to_owned(),
            kind
        }
    );
}
