//! Variables in resources and conditions. IAM User Guide, "IAM policy elements: Variables and tags".

use iam_policy::Context;
use serde_json::json;

use crate::{allows, context, holds, policy};

#[track_caller]
fn check(pattern: &str, request: &Context, resource: &str, expected: bool) {
    let policy = policy(json!({ "Effect": "Allow", "Action": "*", "Resource": pattern }));
    let found = allows(&policy, "s3:GetObject", resource, request);
    assert_eq!(found, expected, "{pattern} {resource}");
}

#[test]
fn a_variable_is_the_one_value_of_its_key() {
    let pattern = "arn:aws:s3:::b/${aws:PrincipalTag/team}/*";
    let team = |values| context(&[("aws:principaltag/Team", values)]);
    check(pattern, &team(&["red"]), "arn:aws:s3:::b/red/1", true);
    check(pattern, &team(&["red"]), "arn:aws:s3:::b/blue/1", false);
    check(pattern, &team(&[""]), "arn:aws:s3:::b//1", true);
    for nothing in [Context::default(), team(&[]), team(&["red", "red"])] {
        check(pattern, &nothing, "arn:aws:s3:::b/red/1", false);
        check(pattern, &nothing, "arn:aws:s3:::b//1", false);
    }
}

#[test]
fn a_wildcard_in_a_value_is_a_text() {
    let pattern = "arn:aws:s3:::b/${aws:PrincipalTag/team}/*";
    let request = context(&[("aws:PrincipalTag/team", &["*"])]);
    check(pattern, &request, "arn:aws:s3:::b/red/1", false);
    check(pattern, &request, "arn:aws:s3:::b/*/1", true);
    let like = json!({ "StringLike": { "aws:RequestTag/t": "${aws:PrincipalTag/team}" } });
    let request = request.with("aws:RequestTag/t", "red");
    assert!(!holds(&like, &request));
}

#[test]
fn a_variable_can_have_a_default() {
    let pattern = "arn:aws:s3:::b/${aws:PrincipalTag/team, 'company-wide, }*'}/1";
    check(
        pattern,
        &Context::default(),
        "arn:aws:s3:::b/company-wide, }*/1",
        true,
    );
    check(
        pattern,
        &Context::default(),
        "arn:aws:s3:::b/company-wide, }x/1",
        false,
    );
    let team = |values| context(&[("aws:PrincipalTag/team", values)]);
    check(pattern, &team(&["red"]), "arn:aws:s3:::b/red/1", true);
    // It is for a key that is not there.
    check(
        pattern,
        &team(&["a", "b"]),
        "arn:aws:s3:::b/company-wide, }*/1",
        false,
    );
}

#[test]
fn special_characters_stand_for_themselves() {
    let pattern = "arn:aws:s3:::b/${*}/${?}/${$}{x}";
    check(
        pattern,
        &Context::default(),
        "arn:aws:s3:::b/*/?/${x}",
        true,
    );
    check(
        pattern,
        &Context::default(),
        "arn:aws:s3:::b/a/b/${x}",
        false,
    );
}

#[test]
fn variables_of_conditions() {
    let condition =
        json!({ "StringEquals": { "aws:RequestTag/t": ["${aws:PrincipalTag/t}", "x"] } });
    let request = context(&[("aws:RequestTag/t", &["1"]), ("aws:PrincipalTag/t", &["1"])]);
    assert!(holds(&condition, &request));
    // A statement with a variable that has no value is about nothing, whatever else would have matched.
    assert!(!holds(
        &condition,
        &context(&[("aws:RequestTag/t", &["x"])])
    ));
    let not = json!({ "StringNotEquals": { "aws:RequestTag/t": "${aws:PrincipalTag/t}" } });
    assert!(!holds(&not, &context(&[("aws:RequestTag/t", &["x"])])));
    let arn = json!({ "ArnLike": { "aws:SourceArn": "arn:aws:sns:*:*:${aws:PrincipalTag/t}-*" } });
    let request = request.with("aws:SourceArn", "arn:aws:sns:r:1:1-topic");
    assert!(holds(&arn, &request));
}
