//! Cases of AWS's documentation.

use iam_policy::{Context, Decision, Policy, PolicyKind, decide};
use serde_json::{Value, json};

use crate::{allows, context, policy};

#[track_caller]
fn check(name: &str, policy: &Policy, cases: &[(&str, &str, &Context, bool)]) {
    for (action, resource, context, expected) in cases {
        let found = allows(policy, action, resource, context);
        assert_eq!(found, *expected, "{name}: {action} on {resource}");
    }
}

/// IAM User Guide, "Policy evaluation logic": an explicit deny, then an allow, then nothing.
#[test]
fn an_explicit_deny_comes_first_and_nothing_is_allowed_by_itself() {
    let allow =
        policy(json!([{ "Sid": "Read", "Effect": "Allow", "Action": "s3:Get*", "Resource": "*" }]));
    let deny = policy(
        json!([{ "Sid": "NotSecret", "Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b/secret/*" }]),
    );
    let nothing = Context::default();
    let both = [allow.named("app"), deny.named("guard")];
    let cases = [
        (
            "s3:GetObject",
            "arn:aws:s3:::b/open",
            Decision::Allowed {
                by: "app: Read".to_owned(),
            },
        ),
        (
            "s3:GetObject",
            "arn:aws:s3:::b/secret/1",
            Decision::Denied {
                by: "guard: NotSecret".to_owned(),
                kind: PolicyKind::IdentityBased,
            },
        ),
        (
            "s3:PutObject",
            "arn:aws:s3:::b/open",
            Decision::NotAllowed {
                kind: PolicyKind::IdentityBased,
            },
        ),
    ];
    for (action, resource, expected) in cases {
        assert_eq!(decide(&both, None, action, resource, &nothing), expected);
    }
}

/// IAM User Guide, "Session policies": what both allow, and neither denies.
#[test]
fn a_session_may_do_what_both_its_role_and_one_of_its_policies_allow() {
    let role = [policy(
        json!({ "Effect": "Allow", "Action": ["s3:*", "sqs:*"], "Resource": "*" }),
    )];
    let session = |statements: Value| {
        let document = json!({ "Version": "2012-10-17", "Statement": statements });
        Policy::parse(PolicyKind::Session, &document).unwrap()
    };
    let one =
        session(json!({ "Effect": "Allow", "Action": ["s3:Get*", "sns:*"], "Resource": "*" }));
    let two = session(json!([
        { "Effect": "Allow", "Action": "s3:List*", "Resource": "*" },
        { "Sid": "Never", "Effect": "Deny", "Action": "s3:GetBucketPolicy", "Resource": "*" },
    ]));
    let session = [one, two];
    let nothing = Context::default();
    let decided = |action: &str| decide(&role, Some(&session), action, "arn:aws:s3:::b", &nothing);
    let by = "Statement".to_owned();
    assert_eq!(
        decided("s3:GetObject"),
        Decision::Allowed { by: by.clone() }
    );
    assert_eq!(decided("s3:ListBucket"), Decision::Allowed { by });
    let not = |kind| Decision::NotAllowed { kind };
    assert_eq!(decided("sqs:SendMessage"), not(PolicyKind::Session));
    assert_eq!(decided("sns:Publish"), not(PolicyKind::IdentityBased));
    let by = "Never".to_owned();
    let kind = PolicyKind::Session;
    assert_eq!(decided("s3:GetBucketPolicy"), Decision::Denied { by, kind });
    let none = decide(&role, Some(&[]), "s3:GetObject", "arn:aws:s3:::b", &nothing);
    assert_eq!(
        none,
        not(PolicyKind::Session),
        "a session without a policy that allows"
    );
}

/// DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access control", Cognito identities.
#[test]
fn leading_keys_and_attributes() {
    let table = "arn:aws:dynamodb:us-west-2:123456789012:table/GameScores";
    let policy = policy(json!([{
        "Sid": "AllowAccessToOnlyItemsMatchingUserID", "Effect": "Allow",
        "Action": ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"],
        "Resource": [table],
        "Condition": {
            "ForAllValues:StringEquals": {
                "dynamodb:LeadingKeys": ["${www.amazon.com:user_id}"],
                "dynamodb:Attributes": ["UserId", "GameTitle", "Wins"],
            },
            "StringEqualsIfExists": { "dynamodb:Select": "SPECIFIC_ATTRIBUTES" },
        },
    }]));
    let user = |keys: &[&str], attributes: &[&str]| {
        context(&[
            ("www.amazon.com:user_id", &["u1"]),
            ("dynamodb:LeadingKeys", keys),
            ("dynamodb:Attributes", attributes),
        ])
    };
    let own = user(&["u1"], &["UserId", "Wins"]);
    let all = user(&["u1"], &["UserId"]).with("dynamodb:Select", "ALL_ATTRIBUTES");
    check(
        "leading keys",
        &policy,
        &[
            ("dynamodb:GetItem", table, &own, true),
            ("DynamoDB:getitem", table, &own, true),
            ("dynamodb:PutItem", table, &own, false),
            ("dynamodb:GetItem", &format!("{table}2"), &own, false),
            (
                "dynamodb:BatchGetItem",
                table,
                &user(&["u1", "u2"], &["UserId"]),
                false,
            ),
            (
                "dynamodb:GetItem",
                table,
                &user(&["u2"], &["UserId"]),
                false,
            ),
            (
                "dynamodb:GetItem",
                table,
                &user(&["u1"], &["TopScore"]),
                false,
            ),
            ("dynamodb:Query", table, &all, false),
        ],
    );
}

/// IAM User Guide, "Amazon S3: allows Amazon Cognito users to access objects in their bucket".
#[test]
fn prefixes_of_cognito_identities() {
    let policy = policy(json!([
        {
            "Sid": "ListYourObjects", "Effect": "Allow", "Action": "s3:ListBucket",
            "Resource": ["arn:aws:s3:::bucket-name"],
            "Condition": { "StringLike": { "s3:prefix": [
                "cognito/application-name/${cognito-identity.amazonaws.com:sub}/*"
            ] } },
        },
        {
            "Sid": "ReadWriteDeleteYourObjects", "Effect": "Allow",
            "Action": ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            "Resource": ["arn:aws:s3:::bucket-name/cognito/application-name/${cognito-identity.amazonaws.com:sub}/*"],
        },
    ]));
    let sub: (&str, &[&str]) = ("cognito-identity.amazonaws.com:sub", &["us-east-1:77aa"]);
    let me = context(&[sub]);
    let listing = |prefix| context(&[sub, ("s3:prefix", &[prefix])]);
    let bucket = "arn:aws:s3:::bucket-name";
    let object = |key: &str| format!("{bucket}/cognito/application-name/{key}");
    let own = listing("cognito/application-name/us-east-1:77aa/photos");
    let other = listing("cognito/application-name/us-east-1:77ab/photos");
    check(
        "prefixes",
        &policy,
        &[
            ("s3:PutObject", &object("us-east-1:77aa/a/b.txt"), &me, true),
            ("s3:PutObject", &object("us-east-1:77ab/b.txt"), &me, false),
            ("s3:PutObject", &object("us-east-1:77aa"), &me, false),
            (
                "s3:GetObject",
                &object("us-east-1:77aa/x"),
                &Context::default(),
                false,
            ),
            ("s3:ListBucket", bucket, &own, true),
            ("s3:ListBucket", bucket, &other, false),
            ("s3:ListBucket", bucket, &me, false),
        ],
    );
}

/// IAM User Guide, "NotAction with Deny" and "NotResource".
#[test]
fn everything_but() {
    let policy = policy(json!({
        "Effect": "Allow", "NotAction": ["iam:*", "sts:*"], "NotResource": "arn:aws:sns:*:*:*",
    }));
    let nothing = Context::default();
    check(
        "everything but",
        &policy,
        &[
            ("sns:Publish", "+15550100", &nothing, true),
            (
                "sns:Publish",
                "arn:aws:sns:us-east-1:123456789012:topic",
                &nothing,
                false,
            ),
            (
                "iam:PassRole",
                "arn:aws:iam::123456789012:role/r",
                &nothing,
                false,
            ),
            (
                "IAM:PassRole",
                "arn:aws:iam::123456789012:role/r",
                &nothing,
                false,
            ),
            ("s3:GetObject", "arn:aws:s3:::b/k", &nothing, true),
        ],
    );
}

/// IAM User Guide, "Resource": `*` is any characters, `?` is one.
#[test]
fn wildcards() {
    let cases = [
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/", true),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/a/b:c", true),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::B/a", false),
        ("arn:aws:s3:::b/?", "arn:aws:s3:::b/", false),
        ("arn:aws:s3:::b/?", "arn:aws:s3:::b/ä", true),
        ("arn:aws:s3:::b/a*b*c", "arn:aws:s3:::b/aXbYbZc", true),
        ("arn:aws:s3:::b/a*b*c", "arn:aws:s3:::b/aXbYbZ", false),
        (
            "arn:aws:dynamodb:*:1:table/t",
            "arn:aws:dynamodb:us-east-1:1:table/t",
            true,
        ),
        ("*", "anything", true),
    ];
    for (pattern, resource, expected) in cases {
        let policy = policy(json!({ "Effect": "Allow", "Action": "a:B", "Resource": pattern }));
        let found = allows(&policy, "a:B", resource, &Context::default());
        assert_eq!(found, expected, "{pattern} {resource}");
    }
}
