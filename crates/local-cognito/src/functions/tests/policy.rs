//! Lambda's permissions, as its clients see them.

use serde_json::{Value, json};

use super::client::post;
use super::stand::Stand;

const PATH: &str = "/2015-03-31/functions/Misbehaving/policy";
const POOL: &str = "arn:aws:cognito-idp:eu-central-1:210987654321:userpool/eu-central-1_Ab12Cd34E";

fn permission(statement_id: &str) -> Vec<u8> {
    let added = json!({
        "StatementId": statement_id,
        "Action": "lambda:InvokeFunction",
        "Principal": "cognito-idp.amazonaws.com",
        "SourceArn": POOL,
    });
    added.to_string().into_bytes()
}

#[tokio::test]
async fn a_pool_may_call_a_function_once_it_has_a_permission() {
    let stand = Stand::of_misbehaving(|_, _| {}).await;
    assert!(!stand.functions.permit("Misbehaving", POOL));
    let added = post(&stand.address, PATH, &[], &permission("suite")).await;
    assert_eq!(added.status, 201);
    let added: Value = serde_json::from_str(&added.body).unwrap();
    let statement: Value = serde_json::from_str(added["Statement"].as_str().unwrap()).unwrap();
    assert_eq!(
        statement["Condition"],
        json!({ "ArnLike": { "AWS:SourceArn": POOL } })
    );
    assert!(stand.functions.permit("Misbehaving", POOL));
    let other = POOL.replace("Ab12", "Zz99");
    assert!(!stand.functions.permit("Misbehaving", &other));
}

#[tokio::test]
async fn what_is_no_permission_is_refused() {
    let stand = Stand::of_misbehaving(|_, _| {}).await;
    post(&stand.address, PATH, &[], &permission("suite")).await;
    let elsewhere = PATH.replace("Misbehaving", "Unknown");
    for (path, body, status, error_type) in [
        (PATH, permission("suite"), 409, "ResourceConflictException"),
        (PATH, permission("a b"), 400, "ValidationException"),
        (PATH, permission(""), 400, "ValidationException"),
        (PATH, b"{}".to_vec(), 400, "InvalidParameterValueException"),
        (
            elsewhere.as_str(),
            permission("suite"),
            404,
            "ResourceNotFoundException",
        ),
    ] {
        let refused = post(&stand.address, path, &[], &body).await;
        let found = refused.header("x-amzn-errortype");
        assert_eq!((refused.status, found), (status, Some(error_type)));
    }
}
