//! Parameters of Systems Manager, by which functions read their secrets.

use serde_json::{Value, json};
use tests::signed::{Signing, send};
use tests::stand_in::StandIn;

/// Calls an operation; returns the status and the answer.
pub(crate) fn call(
    stand_in: &StandIn,
    operation: &str,
    signed: bool,
    input: &Value,
) -> (u16, Value) {
    let target = format!("AmazonSSM.{operation}");
    let body = input.to_string();
    let (status, _, answer) = match signed {
        true => Signing::for_service("ssm").send(stand_in, &target, &body),
        false => send(
            stand_in,
            "/",
            vec![("x-amz-target".to_owned(), target)],
            &body,
        ),
    };
    (status, answer)
}

#[test]
fn a_secret_is_put_read_and_deleted() {
    let stand_in = StandIn::start(&[]);
    let name = json!({"Name": "/captcha/secret", "WithDecryption": true});
    let absent = (400, json!({"__type": "ParameterNotFound", "message": ""}));
    assert_eq!(call(&stand_in, "GetParameter", true, &name), absent);
    let put = json!({"Name": "/captcha/secret", "Value": "sesame", "Type": "SecureString"});
    let unsigned = call(&stand_in, "PutParameter", false, &put);
    assert_eq!(unsigned.1["__type"], "MissingAuthenticationTokenException");
    assert_eq!(
        call(&stand_in, "PutParameter", true, &put),
        (200, json!({"Version": 1, "Tier": "Standard"}))
    );
    let (status, read) = call(&stand_in, "GetParameter", true, &name);
    assert_eq!(
        (status, &read["Parameter"]["Value"]),
        (200, &json!("sesame"))
    );
    let arn = read["Parameter"]["ARN"].as_str().unwrap();
    assert!(
        arn.starts_with("arn:aws:ssm:us-east-1:") && arn.ends_with(":parameter/captcha/secret"),
        "{arn}"
    );
    let (_, refused) = call(&stand_in, "GetParameters", true, &name);
    assert_eq!(refused["__type"], "UnsupportedOperationException");
    assert_eq!(
        call(&stand_in, "DeleteParameter", true, &name),
        (200, json!({}))
    );
    assert_eq!(call(&stand_in, "GetParameter", true, &name), absent);
    assert!(!stand_in.log().contains("sesame"));
}
