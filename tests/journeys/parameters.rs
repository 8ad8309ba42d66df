//! Parameters of Systems Manager, by which functions read their secrets.

use serde_json::{Value, json};
use tests::stand_in::StandIn;

/// Calls an operation; returns the status and the answer.
pub(crate) fn call(
    stand_in: &StandIn,
    operation: &str,
    signed: bool,
    input: &Value,
) -> (u16, Value) {
    let request = ureq::post(&stand_in.endpoint)
        .config()
        .http_status_as_error(false)
        .build()
        .header("x-amz-target", format!("AmazonSSM.{operation}"));
    let request = match signed {
        true => request.header("authorization", "AWS4-HMAC-SHA256 unchecked"),
        false => request,
    };
    let mut answer = request.send(input.to_string()).unwrap();
    let status = answer.status().as_u16();
    (status, answer.body_mut().read_json().unwrap())
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
