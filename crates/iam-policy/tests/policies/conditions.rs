//! Each operator, with and without its key.

use iam_policy::Context;
use serde_json::{Value, json};

use crate::{allows, context, holds, policy};

const KEY: &str = "aws:PrincipalTag/x";

/// One operator on one key: the policy's value, the request's value, whether it passes.
#[track_caller]
fn check(operator: &str, cases: &[(Value, &str, bool)]) {
    for (wanted, found, expected) in cases {
        let condition = json!({ operator: { KEY: wanted } });
        let request = context(&[(KEY, &[found])]);
        assert_eq!(
            holds(&condition, &request),
            *expected,
            "{operator} {wanted} {found}"
        );
    }
}

#[test]
fn texts() {
    check(
        "StringEquals",
        &[
            (json!("a"), "a", true),
            (json!("a"), "A", false),
            (json!(["a", "b"]), "b", true),
            (json!("a*"), "ab", false),
            (json!("a*"), "a*", true),
        ],
    );
    check(
        "StringNotEquals",
        &[
            (json!("a"), "a", false),
            (json!(["a", "b"]), "b", false),
            (json!("a"), "c", true),
        ],
    );
    check(
        "StringEqualsIgnoreCase",
        &[(json!("Straße"), "STRAßE", true), (json!("a"), "b", false)],
    );
    check(
        "StringNotEqualsIgnoreCase",
        &[(json!("a"), "A", false), (json!("a"), "b", true)],
    );
    check(
        "StringLike",
        &[
            (json!("a?c*"), "abcd", true),
            (json!("a?c*"), "ac", false),
            (json!("${*}"), "x", false),
            (json!("${*}"), "*", true),
        ],
    );
    check(
        "StringNotLike",
        &[
            (json!(["a*", "b*"]), "bc", false),
            (json!("a*"), "bc", true),
        ],
    );
}

#[test]
fn numbers_dates_and_flags() {
    check(
        "NumericEquals",
        &[(json!(10), "10.0", true), (json!("10"), "11", false)],
    );
    check(
        "NumericNotEquals",
        &[(json!(10), "11", true), (json!(10), "x", false)],
    );
    check(
        "NumericLessThan",
        &[(json!(10), "9", true), (json!(10), "10", false)],
    );
    check(
        "NumericLessThanEquals",
        &[(json!("10"), "10", true), (json!("10"), "10.5", false)],
    );
    check(
        "NumericGreaterThan",
        &[(json!(10), "11", true), (json!(10), "10", false)],
    );
    check(
        "NumericGreaterThanEquals",
        &[(json!(10), "10", true), (json!(10), "nan", false)],
    );
    let noon = json!("2026-11-21T12:00:00Z");
    check(
        "DateEquals",
        &[(noon.clone(), "2026-11-21T13:00:00+01:00", true)],
    );
    check(
        "DateNotEquals",
        &[(noon.clone(), "2026-11-21T12:00:00Z", false)],
    );
    check(
        "DateLessThan",
        &[
            (noon.clone(), "1795262399", true),
            (noon.clone(), "1795262400", false),
        ],
    );
    check(
        "DateLessThanEquals",
        &[(json!("2026-11-21"), "2026-11-21T00:00:00Z", true)],
    );
    check(
        "DateGreaterThan",
        &[(noon.clone(), "2026-11-21T12:00:01Z", true)],
    );
    check(
        "DateGreaterThanEquals",
        &[(noon, "2026-11-21T11:59:59Z", false)],
    );
    check(
        "Bool",
        &[
            (json!("true"), "true", true),
            (json!(true), "false", false),
            (json!(false), "False", true),
        ],
    );
}

#[test]
fn addresses() {
    check(
        "IpAddress",
        &[
            (json!("203.0.113.0/24"), "203.0.113.77", true),
            (json!("203.0.113.0/24"), "203.0.114.1", false),
            (json!("203.0.113.9"), "203.0.113.9", true),
            (json!("0.0.0.0/0"), "203.0.113.9", true),
            (json!("::/0"), "203.0.113.9", false),
            (json!("2001:db8::/32"), "2001:db8:1::1", true),
            (json!("2001:db8::/32"), "2001:db9::1", false),
        ],
    );
    check(
        "NotIpAddress",
        &[
            (json!("203.0.113.0/24"), "203.0.113.77", false),
            (json!("203.0.113.0/24"), "198.51.100.1", true),
        ],
    );
}

#[test]
fn arns_are_compared_part_by_part() {
    let topic = "arn:aws:sns:us-east-1:123456789012:topic:a";
    for operator in ["ArnEquals", "ArnLike"] {
        check(
            operator,
            &[
                (json!("arn:aws:sns:*:123456789012:topic:*"), topic, true),
                (json!("arn:aws:sns:*:*:*"), topic, true),
                (json!("arn:*:*:*:*:*"), topic, true),
                (json!("arn:aws:s*:123456789012:topic:a:b:c"), topic, false),
                (
                    json!("arn:aws:sns:us-east-?:123456789012:topic:a"),
                    topic,
                    true,
                ),
                (json!("arn:aws:sns:*:123456789012:topic:b"), topic, false),
            ],
        );
    }
    for operator in ["ArnNotEquals", "ArnNotLike"] {
        check(
            operator,
            &[
                (json!("arn:aws:sns:*:*:*"), topic, false),
                (json!("arn:aws:sqs:*:*:*"), topic, true),
            ],
        );
    }
}

/// IAM User Guide, "Condition operators": what is said of each when the key is not there, and of `IfExists` and `Null`.
#[test]
fn without_the_key() {
    let cases = [
        ("StringEquals", "a", false),
        ("StringNotEquals", "a", true),
        ("StringLike", "*", false),
        ("StringNotLike", "*", true),
        ("NumericLessThan", "1", false),
        ("NumericNotEquals", "1", true),
        ("DateNotEquals", "2026-11-21", true),
        ("Bool", "false", false),
        ("IpAddress", "0.0.0.0/0", false),
        ("NotIpAddress", "0.0.0.0/0", true),
        ("ArnNotLike", "arn:aws:sns:*:*:*", true),
        ("StringEqualsIfExists", "a", true),
        ("BoolIfExists", "true", true),
        ("Null", "true", true),
        ("Null", "false", false),
        ("ForAllValues:StringEquals", "a", true),
        ("ForAnyValue:StringEquals", "a", false),
        ("ForAnyValue:StringNotEquals", "a", false),
        ("ForAnyValue:StringEqualsIfExists", "a", true),
    ];
    for (operator, wanted, expected) in cases {
        let condition = json!({ operator: { KEY: wanted } });
        assert_eq!(
            holds(&condition, &Context::default()),
            expected,
            "{operator}"
        );
    }
    let empty = context(&[("aws:TagKeys", &[])]);
    assert!(holds(&json!({ "Null": { "aws:TagKeys": "true" } }), &empty));
    let there = context(&[(KEY, &["a"])]);
    assert!(holds(&json!({ "Null": { KEY: false } }), &there));
    assert!(!holds(&json!({ "Null": { KEY: true } }), &there));
    assert!(!holds(
        &json!({ "StringEqualsIfExists": { KEY: "b" } }),
        &there
    ));
}

/// IAM User Guide, "Set operators for multivalued context keys", the table of examples.
#[test]
fn several_values() {
    let tags = |values| context(&[("aws:TagKeys", values)]);
    let cases: [(&str, &[&str], bool); 11] = [
        (
            "ForAllValues:StringEquals",
            &["environment", "costcenter"],
            true,
        ),
        ("ForAllValues:StringEquals", &["environment"], true),
        (
            "ForAllValues:StringEquals",
            &["environment", "other"],
            false,
        ),
        ("ForAllValues:StringEquals", &[], true),
        ("ForAnyValue:StringEquals", &["environment", "other"], true),
        ("ForAnyValue:StringEquals", &["other"], false),
        ("ForAnyValue:StringEquals", &[], false),
        ("ForAllValues:StringNotEquals", &["other", "another"], true),
        (
            "ForAllValues:StringNotEquals",
            &["other", "environment"],
            false,
        ),
        (
            "ForAnyValue:StringNotEquals",
            &["other", "environment"],
            true,
        ),
        (
            "ForAnyValue:StringNotEquals",
            &["costcenter", "environment"],
            false,
        ),
    ];
    for (operator, values, expected) in cases {
        let condition = json!({ operator: { "aws:TagKeys": ["environment", "costcenter"] } });
        assert_eq!(
            holds(&condition, &tags(values)),
            expected,
            "{operator} {values:?}"
        );
    }
}

#[test]
fn one_key_is_one_value() {
    let several = context(&[(KEY, &["a", "a"])]);
    for operator in ["StringEquals", "StringNotEquals", "StringEqualsIfExists"] {
        assert!(
            !holds(&json!({ operator: { KEY: "a" } }), &several),
            "{operator}"
        );
    }
}

/// What cannot be told allows nothing, and denies.
#[test]
fn values_that_nobody_knows() {
    let unknown = Context::default().with_unknown("dynamodb:LeadingKeys");
    let statement = |effect: &str, condition: Value| json!({ "Effect": effect, "Action": "*", "Resource": "*", "Condition": condition });
    for operator in [
        "ForAllValues:StringEquals",
        "ForAnyValue:StringLike",
        "ForAllValues:StringNotEqualsIfExists",
    ] {
        let condition = json!({ operator: { "dynamodb:LeadingKeys": "*" } });
        assert!(!holds(&condition, &unknown), "{operator}");
        let deny = policy(
            json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }, statement("Deny", condition)]),
        );
        assert!(!allows(&deny, "a:B", "c", &unknown), "{operator}");
    }
    let null = json!({ "Null": { "dynamodb:LeadingKeys": "false" } });
    assert!(!holds(&null, &unknown));
    assert!(holds(
        &json!({ "Null": { "aws:userid": "true" } }),
        &unknown
    ));
}

#[test]
fn all_conditions_have_to_hold() {
    let condition = json!({
        "StringEquals": { "aws:PrincipalTag/x": "1", "AWS:principaltag/Y": ["2", "3"] },
        "Bool": { "aws:SecureTransport": true },
    });
    let request = |x, y, secure| {
        context(&[
            ("aws:PrincipalTag/X", &[x]),
            ("aws:PrincipalTag/y", &[y]),
            ("aws:SecureTransport", &[secure]),
        ])
    };
    assert!(holds(&condition, &request("1", "3", "true")));
    for (x, y, secure) in [("2", "3", "true"), ("1", "1", "true"), ("1", "2", "false")] {
        assert!(
            !holds(&condition, &request(x, y, secure)),
            "{x} {y} {secure}"
        );
    }
}
