//! Lambda's `Invoke`, as its clients see it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::client::{Response, post};
use super::stand::{Stand, function};

const PATH: &str = "/2015-03-31/functions/Misbehaving/invocations";

#[tokio::test]
async fn an_event_is_answered() {
    let stand = Stand::of_misbehaving(|_, _| {}).await;
    let response = post(&stand.address, PATH, &[], b"{\"a\":1}").await;
    assert_eq!(
        (response.status, response.body.as_str()),
        (200, "{\"a\":1}")
    );
    assert_eq!(response.header("x-amz-executed-version"), Some("$LATEST"));
    assert_eq!(response.header("x-amz-function-error"), None);
    assert!(response.header("x-amzn-requestid").is_some());
}

#[tokio::test]
async fn an_arn_is_a_name_and_no_event_is_an_empty_one() {
    let stand = Stand::of_misbehaving(|_, _| {}).await;
    let arn = "arn%3Aaws%3Alambda%3Aeu-central-1%3A210987654321%3Afunction%3Alifeguard-Misbehaving";
    let path = format!("/2015-03-31/functions/{arn}/invocations");
    let response = post(&stand.address, &path, &[], b"").await;
    assert_eq!((response.status, response.body.as_str()), (200, "{}"));
}

#[tokio::test]
async fn a_function_error_is_marked() {
    let stand = Stand::of_misbehaving(|_, _| {}).await;
    let response = post(
        &stand.address,
        PATH,
        &[],
        b"{\"do\":\"refuse\",\"text\":\"no\"}",
    )
    .await;
    assert_eq!(response.status, 200);
    assert_eq!(response.header("x-amz-function-error"), Some("Unhandled"));
    let body: Value = serde_json::from_str(&response.body).unwrap();
    assert_eq!(
        body,
        json!({ "errorType": "Refused", "errorMessage": "no" })
    );
}

#[tokio::test]
async fn the_end_of_the_log_comes_with_the_answer() {
    let stand = Stand::of_misbehaving(|_, _| {}).await;
    let event = |text: &str| json!({ "do": "print", "text": text }).to_string();
    post(&stand.address, PATH, &[], event("before").as_bytes()).await;
    stand.wait_for_line(&["err: before"]).await;

    let long = "x".repeat(5000);
    let tail = ["x-amz-log-type: Tail"];
    let response = post(&stand.address, PATH, &tail, event("now").as_bytes()).await;
    let log = log_of(&response);
    assert!(!log.contains("before"), "{log}");
    // Both pipes are read side by side, so the order of the two lines is open.
    let mut lines: Vec<_> = log.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["err: now", "out: now"]);

    let response = post(&stand.address, PATH, &tail, event(&long).as_bytes()).await;
    assert_eq!(log_of(&response).len(), 4096);
    let response = post(&stand.address, PATH, &[], b"{}").await;
    assert_eq!(response.header("x-amz-log-result"), None);

    fn log_of(response: &Response) -> String {
        let log = response.header("x-amz-log-result").unwrap();
        String::from_utf8(STANDARD.decode(log).unwrap()).unwrap()
    }
}

#[tokio::test]
async fn an_event_may_be_left_alone_or_not_sent_at_all() {
    let stand = Stand::of_misbehaving(|_, _| {}).await;
    let event = b"{\"do\":\"print\",\"text\":\"later\"}";
    let response = post(
        &stand.address,
        PATH,
        &["x-amz-invocation-type: DryRun"],
        event,
    )
    .await;
    assert_eq!((response.status, response.body.as_str()), (204, ""));
    assert!(
        stand.functions.environments().is_empty(),
        "a dry run starts nothing"
    );
    let response = post(
        &stand.address,
        PATH,
        &["x-amz-invocation-type: Event"],
        event,
    )
    .await;
    assert_eq!((response.status, response.body.as_str()), (202, ""));
    stand.wait_for_line(&["Misbehaving: out: later"]).await;
}

#[tokio::test]
async fn errors_are_lambdas() {
    let stand = Stand::new(|_| {
        vec![
            function("Misbehaving", "misbehaving-function"),
            function("Missing", "no-such-binary"),
        ]
    })
    .await;
    let unknown = "/2015-03-31/functions/Other/invocations";
    check(
        post(&stand.address, unknown, &[], b"{}").await,
        (404, "ResourceNotFoundException", "User"),
        "Function not found: arn:aws:lambda:eu-central-1:210987654321:function:Other",
    );
    check(
        post(&stand.address, PATH, &[], b"{\"a\":").await,
        (400, "InvalidRequestContentException", "User"),
        "Could not parse request body into json: Could not parse payload into json: EOF while parsing a value at line 1 column 5",
    );
    check(
        post(&stand.address, PATH, &[], &vec![b'1'; 6_291_457]).await,
        (413, "RequestTooLargeException", "User"),
        "6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)",
    );
    let unawaited = ["x-amz-invocation-type: Event"];
    check(
        post(&stand.address, PATH, &unawaited, &vec![b'1'; 1_048_577]).await,
        (413, "RequestTooLargeException", "User"),
        "1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)",
    );
    check(
        post(
            &stand.address,
            PATH,
            &["x-amz-invocation-type: Later"],
            b"{}",
        )
        .await,
        (400, "InvalidParameterValueException", "User"),
        "1 validation error detected: Value 'Later' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: \
         [Event, RequestResponse, DryRun]",
    );
    let missing = post(
        &stand.address,
        "/2015-03-31/functions/Missing/invocations",
        &[],
        b"{}",
    )
    .await;
    assert_eq!(
        (missing.status, missing.header("x-amzn-errortype")),
        (500, Some("ServiceException"))
    );
    assert!(
        missing.body.contains("cargo build --bin no-such-binary"),
        "{}",
        missing.body
    );

    #[track_caller]
    fn check(response: Response, (status, name, fault): (u16, &str, &str), message: &str) {
        let body: Value = serde_json::from_str(&response.body).unwrap();
        assert_eq!(body, json!({ "Type": fault, "Message": message }));
        assert_eq!(
            (response.status, response.header("x-amzn-errortype")),
            (status, Some(name))
        );
    }
}
