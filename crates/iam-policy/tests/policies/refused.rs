//! What is not known is refused by name, so that no statement is passed over.

use iam_policy::{Policy, PolicyKind};
use serde_json::{Value, json};

/// A statement that is read, with these members laid over it.
fn changed(kind: PolicyKind, changes: &Value) -> Value {
    let mut statement = json!({ "Effect": "Allow", "Action": "s3:GetObject" });
    match kind {
        PolicyKind::IdentityBased | PolicyKind::Session => statement["Resource"] = json!("*"),
        PolicyKind::Trust => statement["Principal"] = json!("*"),
        PolicyKind::ResourceBased => {
            statement["Principal"] = json!("*");
            statement["Resource"] = json!("*");
        }
    }
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(statement.as_object_mut().unwrap().remove(name)),
            value => statement[name] = value.clone(),
        }
    }
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

#[track_caller]
fn check(kind: PolicyKind, changes: &Value, expected: &str) {
    let refused = Policy::parse(kind, &changed(kind, changes)).map(drop);
    let refused = refused.map_err(|unsupported| unsupported.to_string());
    assert_eq!(refused, Err(format!("Statement[0]{expected}")), "{changes}");
}

#[test]
fn elements() {
    use PolicyKind::{IdentityBased, ResourceBased, Trust};
    let cases = [
        (
            IdentityBased,
            json!({ "Principal": "*" }),
            ".Principal: the element is not known",
        ),
        (
            Trust,
            json!({ "NotPrincipal": "*" }),
            ".NotPrincipal: the element is not known",
        ),
        (
            Trust,
            json!({ "Resource": "*" }),
            ".Resource: the element is not known",
        ),
        (
            Trust,
            json!({ "Principal": null }),
            ": expected a Principal",
        ),
        (
            ResourceBased,
            json!({ "Principal": { "CanonicalUser": "x" } }),
            ".Principal.CanonicalUser: the principal is not known",
        ),
        (
            ResourceBased,
            json!({ "Principal": { "AWS": "arn:aws:iam::1:role/*" } }),
            ".Principal.AWS: arn:aws:iam::1:role/*: a principal has no wildcard in its name",
        ),
        (
            ResourceBased,
            json!({ "Principal": "x" }),
            ".Principal: expected an object, or \"*\"",
        ),
        (
            ResourceBased,
            json!({ "Resource": "arn:aws:kms:r:1:key/x" }),
            ".Resource: expected *",
        ),
        (
            IdentityBased,
            json!({ "Effect": "allow" }),
            ".Effect: expected Allow or Deny",
        ),
        (IdentityBased, json!({ "Sid": 1 }), ".Sid: expected a text"),
        (
            IdentityBased,
            json!({ "Action": null }),
            ": expected either Action or NotAction",
        ),
        (
            IdentityBased,
            json!({ "NotAction": "s3:*" }),
            ": expected either Action or NotAction",
        ),
        (
            IdentityBased,
            json!({ "Action": [] }),
            ".Action: expected a text, or a list of texts",
        ),
        (
            IdentityBased,
            json!({ "Action": "GetObject" }),
            ".Action: GetObject: expected <service>:<action>, or *",
        ),
        (
            IdentityBased,
            json!({ "Action": "s*:Get" }),
            ".Action: s*:Get: expected <service>:<action>, or *",
        ),
        (
            IdentityBased,
            json!({ "Action": "s3:${aws:userid}" }),
            ".Action: no variable can stand here",
        ),
        (
            IdentityBased,
            json!({ "Resource": null }),
            ": expected either Resource or NotResource",
        ),
        (
            IdentityBased,
            json!({ "Resource": "bucket" }),
            ".Resource: bucket: expected *, or an ARN with variables behind its fifth colon alone",
        ),
        (
            IdentityBased,
            json!({ "Resource": "arn:aws:s3" }),
            ".Resource: arn:aws:s3: expected *, or an ARN with variables behind its fifth colon alone",
        ),
        (
            IdentityBased,
            json!({ "Resource": "arn:aws:s3::${aws:userid}:b" }),
            ".Resource: arn:aws:s3::${aws:userid}:b: expected *, or an ARN with variables behind its fifth colon alone",
        ),
    ];
    for (kind, changes, expected) in cases {
        check(kind, &changes, expected);
    }
}

#[test]
fn variables() {
    let cases = [
        (
            "${aws:PrincipalOrgID}",
            "the condition key aws:PrincipalOrgID is not known",
        ),
        (
            "${aws:PrincipalTag/}",
            "the condition key aws:PrincipalTag/ is not known",
        ),
        ("${sub}", "the condition key sub is not known"),
        ("${aws:userid", "a variable without an end"),
        (
            "${aws:userid, x}",
            "expected a default in single quotes in ${aws:userid, x}",
        ),
    ];
    for (variable, expected) in cases {
        let resource = format!("arn:aws:s3:::b/{variable}");
        let place = format!(".Resource: {expected}");
        check(
            PolicyKind::IdentityBased,
            &json!({ "Resource": resource }),
            &place,
        );
    }
}

#[test]
fn conditions() {
    let cases = [
        (
            json!({ "StringEqual": { "aws:userid": "a" } }),
            ".StringEqual: the operator is not known",
        ),
        (
            json!({ "BinaryEquals": { "aws:userid": "a" } }),
            ".BinaryEquals: the operator is not known",
        ),
        (
            json!({ "NullIfExists": { "aws:userid": "true" } }),
            ".NullIfExists: the operator is not known",
        ),
        (
            json!({ "ForSomeValues:StringLike": { "aws:TagKeys": "a" } }),
            ".ForSomeValues:StringLike: the operator is not known",
        ),
        (
            json!({ "NumericLike": { "aws:EpochTime": "1" } }),
            ".NumericLike: the operator is not known",
        ),
        (
            json!({ "StringEquals": { "aws:MultiFactorAuthAge": "1" } }),
            ".StringEquals.aws:MultiFactorAuthAge: the condition key aws:MultiFactorAuthAge is not known",
        ),
        (
            json!({ "StringEquals": { "aws:TagKeys": "a" } }),
            ".StringEquals.aws:TagKeys: a key with several values needs ForAnyValue: or ForAllValues:",
        ),
        (
            json!({ "StringEquals": { "aws:userid": [] } }),
            ".StringEquals.aws:userid: expected at least one value",
        ),
        (
            json!({ "StringEquals": { "aws:userid": {} } }),
            ".StringEquals.aws:userid: expected a value, or a list",
        ),
        (
            json!({ "NumericEquals": { "aws:EpochTime": "x" } }),
            ".NumericEquals.aws:EpochTime: x: expected a number",
        ),
        (
            json!({ "DateEquals": { "aws:CurrentTime": "noon" } }),
            ".DateEquals.aws:CurrentTime: noon: expected a date such as 2026-11-21T12:00:00Z, or seconds since 1970",
        ),
        (
            json!({ "Bool": { "aws:SecureTransport": "yes" } }),
            ".Bool.aws:SecureTransport: yes: expected true or false",
        ),
        (
            json!({ "Null": { "aws:userid": "no" } }),
            ".Null.aws:userid: expected true or false",
        ),
        (
            json!({ "IpAddress": { "aws:SourceIp": "10.0.0.0/33" } }),
            ".IpAddress.aws:SourceIp: 10.0.0.0/33: expected an address, with or without a prefix length",
        ),
        (
            json!({ "ArnLike": { "aws:SourceArn": "*" } }),
            ".ArnLike.aws:SourceArn: *: expected an ARN with variables behind its fifth colon alone",
        ),
        (
            json!({ "StringEquals": "a" }),
            ".StringEquals: expected an object",
        ),
        (json!("a"), ": expected an object"),
    ];
    for (condition, expected) in cases {
        let place = format!(".Condition{expected}");
        check(
            PolicyKind::IdentityBased,
            &json!({ "Condition": condition }),
            &place,
        );
    }
}

#[test]
fn documents() {
    let statement = json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
    let cases = [
        (json!([]), "the policy: expected an object"),
        (
            json!({ "Statement": statement }),
            "Version: expected 2012-10-17",
        ),
        (
            json!({ "Version": "2008-10-17", "Statement": statement }),
            "Version: expected 2012-10-17",
        ),
        (
            json!({ "Version": "2012-10-17" }),
            "Statement: expected one, or a list",
        ),
        (
            json!({ "Version": "2012-10-17", "Statement": [] }),
            "Statement: expected one, or a list",
        ),
        (
            json!({ "Version": "2012-10-17", "Statement": ["x"] }),
            "Statement[0]: expected an object",
        ),
        (
            json!({ "Version": "2012-10-17", "Statement": statement, "Statements": [] }),
            "the policy.Statements: the element is not known",
        ),
    ];
    for (document, expected) in cases {
        let refused = Policy::parse(PolicyKind::IdentityBased, &document).map(drop);
        assert_eq!(refused.unwrap_err().to_string(), expected, "{document}");
    }
}
