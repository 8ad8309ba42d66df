//! Requests as they come over HTTP, well-formed or not.
#![expect(
    clippy::unwrap_used,
    reason = "a test may unwrap, and so may what its tests share"
)]

use embedded_dynamodb::Tables;
use serde_json::{Value, json};

#[track_caller]
fn check(operation: &str, body: &str, status: u16, expected: Value) {
    let answer = Tables::in_memory()
        .unwrap()
        .answer(operation, body.as_bytes());
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!((answer.status, body), (status, expected));
}

#[test]
fn a_request_is_answered() {
    check("ListTables", "{}", 200, json!({ "TableNames": [] }));
}

#[test]
fn an_unknown_operation_is_named_as_dynamodb_names_it() {
    check(
        "GetEverything",
        "{}",
        400,
        json!({ "__type": "com.amazon.coral.service#UnknownOperationException" }),
    );
}

#[test]
fn a_missing_parameter_is_a_validation_exception() {
    check(
        "GetItem",
        r#"{"TableName":"invitations"}"#,
        400,
        json!({
            "__type": "com.amazon.coral.validate#ValidationException",
            "message": "1 validation error detected: Value null at 'key' failed to satisfy constraint: Member must not be null",
        }),
    );
}

#[test]
fn a_body_that_is_not_json_is_a_serialization_exception() {
    check(
        "GetItem",
        "TableName=invitations",
        400,
        json!({
            "__type": "com.amazon.coral.service#SerializationException",
            "Message": "expected value",
        }),
    );
}

#[test]
fn a_table_that_does_not_exist_is_named_as_dynamodb_names_it() {
    check(
        "GetItem",
        r#"{"TableName":"invitations","Key":{"code":{"S":"spring"}}}"#,
        400,
        json!({
            "__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
            "message": "Requested resource not found",
        }),
    );
}
