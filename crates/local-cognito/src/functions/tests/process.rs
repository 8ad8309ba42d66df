//! What a function's process is given, how it may fail to start, and that it does not outlive the stand-in.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;

use bytes::Bytes;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::process::Command;

use super::stand::{Stand, answered, failed, function};
use crate::credentials::Credentials;
use crate::functions::{InvokeError, variables};

#[tokio::test]
async fn a_process_knows_its_variables_and_nothing_of_this_machine() {
    let stand = Stand::of_misbehaving(|function, _| {
        let variable = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        function.environment = BTreeMap::from([
            variable("INVITATIONS", "off"),
            variable("AWS_REGION", "elsewhere"),
        ]);
    })
    .await;
    let answer = answered(stand.invoke(json!({ "do": "environment" })).await);
    let variables: BTreeMap<String, String> = serde_json::from_value(answer).unwrap();

    let id = stand
        .functions
        .environments()
        .keys()
        .next()
        .unwrap()
        .clone();
    let address = &stand.address;
    let expected = [
        ("AWS_DEFAULT_REGION", "eu-central-1".to_owned()),
        ("AWS_ENDPOINT_URL", format!("http://{address}")),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128".to_owned()),
        (
            "AWS_LAMBDA_FUNCTION_NAME",
            "lifeguard-Misbehaving".to_owned(),
        ),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".to_owned()),
        (
            "AWS_LAMBDA_LOG_GROUP_NAME",
            "/aws/lambda/lifeguard-Misbehaving".to_owned(),
        ),
        (
            "AWS_LAMBDA_RUNTIME_API",
            format!("http://{address}/.rt/{id}"),
        ),
        ("AWS_REGION", "eu-central-1".to_owned()),
        ("INVITATIONS", "off".to_owned()),
        ("PATH", "/usr/local/bin:/usr/bin:/bin".to_owned()),
        ("TZ", ":UTC".to_owned()),
        ("_HANDLER", "bootstrap".to_owned()),
    ];
    for (name, value) in &expected {
        assert_eq!(variables.get(*name), Some(value), "{name}");
    }
    let of_any_value = [
        "AWS_ACCESS_KEY_ID",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_TASK_ROOT",
    ];
    let mut names: Vec<_> = expected
        .iter()
        .map(|(name, _)| *name)
        .chain(of_any_value)
        .collect();
    names.sort_unstable();
    assert_eq!(variables.keys().collect::<Vec<_>>(), names, "and no other");
}

#[tokio::test]
async fn a_missing_binary_is_named() {
    let stand = Stand::new(|_| vec![function("PreSignUpFunction", "no-such-binary")]).await;
    let answer = stand
        .functions
        .invoke("PreSignUpFunction", Bytes::from("{}"))
        .await;
    let Err(InvokeError::CouldNotStart(problem)) = answer else {
        panic!("it started: {answer:?}");
    };
    assert!(problem.starts_with("failed to start /"), "{problem}");
    assert!(
        problem.contains("/no-such-binary: No such file"),
        "{problem}"
    );
    assert!(
        problem.ends_with("`cargo build --bin no-such-binary` builds it"),
        "{problem}"
    );
    stand
        .wait_for_line(&["PreSignUpFunction: failed to start", "no-such-binary"])
        .await;
}

#[tokio::test]
async fn a_process_that_ends_at_its_start_fails_its_event_and_says_why() {
    let stand = Stand::of_misbehaving(|function, _| at_start(function, "exit")).await;
    for _ in 0..2 {
        let (error_type, message) = failed(stand.invoke(json!({})).await);
        assert_eq!(error_type, "Runtime.ExitError");
        assert_eq!(
            message,
            "RequestId: … Error: Runtime exited with error: exit status 1"
        );
    }
    stand
        .wait_for_line(&["Misbehaving: no table is configured"])
        .await;
    stand
        .wait_for_line(&["Misbehaving: ", "exit status 1 before its first event"])
        .await;
}

#[tokio::test]
async fn a_burst_of_events_ends_when_no_process_can_start() {
    let stand = Stand::of_misbehaving(|function, settings| {
        at_start(function, "exit");
        settings.max_environments = 3;
    })
    .await;
    let answers = futures_util::future::join_all((0..12).map(|_| stand.invoke(json!({})))).await;
    for answer in answers {
        assert_eq!(failed(answer).0, "Runtime.ExitError");
    }
}

#[tokio::test]
async fn a_start_may_fail_in_its_own_words() {
    let stand = Stand::of_misbehaving(|function, _| at_start(function, "fail")).await;
    let answer = stand.invoke(json!({})).await;
    assert_eq!(
        failed(answer),
        ("Runtime.InitError".to_owned(), "no table".to_owned())
    );
}

#[tokio::test]
async fn a_start_may_take_too_long() {
    let stand = Stand::of_misbehaving(|function, settings| {
        at_start(function, "hang");
        function.timeout = Duration::from_secs(5);
        settings.init_limit = Duration::from_millis(200);
    })
    .await;
    let (error_type, message) = failed(stand.invoke(json!({})).await);
    assert_eq!(error_type, "Sandbox.Timedout");
    assert_eq!(
        message,
        "RequestId: … Error: Task timed out after 5.00 seconds"
    );
    stand
        .wait_for_line(&["took too long before its first event"])
        .await;
}

#[tokio::test]
async fn what_a_function_prints_reaches_the_operator_line_by_line() {
    let stand = Stand::of_misbehaving(|_, _| {}).await;
    stand
        .invoke(json!({ "do": "print", "text": "one\ntwo" }))
        .await;
    stand.wait_for_line(&["Misbehaving: out: one"]).await;
    stand.wait_for_line(&["Misbehaving: two"]).await;
    stand.wait_for_line(&["Misbehaving: err: one"]).await;
}

/// `kill_on_drop` cannot help when the stand-in itself is killed. Then the connection on which the function waits breaks.
#[tokio::test]
async fn a_function_ends_with_its_runtime_api() {
    let stand = Stand::new(|_| Vec::new()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let mut settings = stand.functions.0.settings.clone();
    settings.endpoint = endpoint;
    let noop = function("Noop", "noop-function");
    let mut process = Command::new(settings.binaries.join(&noop.binary))
        .env_clear()
        .envs(variables::of_process(
            &noop,
            &Credentials::temporary(i64::MAX),
            &settings,
            "1",
        ))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let (connection, _) = listener.accept().await.unwrap();
    connection.readable().await.unwrap();
    drop(connection);
    drop(listener);
    let status = process.wait().await.unwrap();
    assert_eq!(status.code(), Some(1));
}

fn at_start(function: &mut crate::template::Function, what: &str) {
    function
        .environment
        .insert("AT_START".to_owned(), what.to_owned());
}
