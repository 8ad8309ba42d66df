//! What each test sets up: functions, and a server that their processes reach.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::credentials::Credentials;
use crate::functions::{Functions, Invocation, Settings};
use crate::template::{Asynchronous, Function};

/// Longer than any of these tests takes; what is to run out is set short by the test.
const LONG: Duration = Duration::from_secs(60);

pub(super) struct Stand {
    pub(super) functions: Functions,
    pub(super) address: String,
    lines: watch::Receiver<Vec<String>>,
    server: JoinHandle<()>,
}

impl Drop for Stand {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Stand {
    /// One function, `Misbehaving`, in at most one environment.
    pub(super) async fn of_misbehaving(change: impl FnOnce(&mut Function, &mut Settings)) -> Self {
        let mut function = function("Misbehaving", "misbehaving-function");
        Self::new(|settings| {
            settings.max_environments = 1;
            change(&mut function, settings);
            vec![function]
        })
        .await
    }

    pub(super) async fn new(functions: impl FnOnce(&mut Settings) -> Vec<Function>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (sender, lines) = watch::channel(Vec::new());
        let sender = Arc::new(Mutex::new(sender));
        let mut settings = Settings::new(
            binaries(),
            format!("http://{address}"),
            "eu-central-1".to_owned(),
            "210987654321".to_owned(),
            Clock::default(),
            Arc::new(move |line| {
                sender
                    .lock()
                    .unwrap()
                    .send_modify(|lines| lines.push(line.to_owned()))
            }),
        );
        settings.init_limit = LONG;
        settings.attempt_limit = LONG;
        let functions = functions(&mut settings);
        let functions = functions.into_iter();
        let functions = functions.map(|function| (function, Credentials::temporary(i64::MAX)));
        let functions = Functions::new(functions.collect(), settings);
        let routes = functions.routes().merge(functions.api());
        let server = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self {
            functions,
            address,
            lines,
            server,
        }
    }

    /// What `Misbehaving` answers.
    pub(super) async fn invoke(&self, event: Value) -> Invocation {
        self.functions
            .invoke("Misbehaving", bytes(&event))
            .await
            .unwrap()
    }

    /// The events that the process of `Misbehaving` has seen, this one included, and the status its last answer got.
    pub(super) async fn report(&self) -> (u64, u64) {
        let report = answered(self.invoke(json!({ "do": "report" })).await);
        (
            report["events"].as_u64().unwrap(),
            report["lastStatus"].as_u64().unwrap(),
        )
    }

    /// Waits until that many processes run.
    pub(super) async fn wait_for_environments(&self, count: usize) {
        while self.functions.environments().len() < count {
            tokio::task::yield_now().await;
        }
    }

    /// Waits until a function has printed, or the operator was told, a line that holds all these parts.
    pub(super) async fn wait_for_line(&self, parts: &[&str]) {
        let has_all = |line: &String| parts.iter().all(|part| line.contains(part));
        let mut lines = self.lines.clone();
        let seen = lines.wait_for(|lines| lines.iter().any(has_all));
        tokio::time::timeout(LONG, seen)
            .await
            .expect("the line is written")
            .unwrap();
    }
}

pub(super) fn function(logical_id: &str, binary: &str) -> Function {
    Function {
        logical_id: logical_id.to_owned(),
        name: format!("lifeguard-{logical_id}"),
        arn: format!("arn:aws:lambda:eu-central-1:210987654321:function:lifeguard-{logical_id}"),
        binary: binary.to_owned(),
        environment: BTreeMap::new(),
        role: String::new(),
        timeout: LONG,
        memory_mb: 128,
        asynchronous: Asynchronous::default(),
        permissions: Vec::new(),
    }
}

/// Where cargo puts the binaries of the workspace: one above the test's own place.
fn binaries() -> PathBuf {
    let directory = std::env::current_exe()
        .unwrap()
        .ancestors()
        .nth(2)
        .unwrap()
        .to_owned();
    for binary in ["noop-function", "misbehaving-function"] {
        let path = directory.join(binary);
        assert!(
            path.exists(),
            "{} is missing; `make test` builds it first",
            path.display()
        );
    }
    directory
}

pub(super) fn bytes(event: &Value) -> Bytes {
    event.to_string().into()
}

#[track_caller]
pub(super) fn answered(invocation: Invocation) -> Value {
    match invocation {
        Invocation::Answered(payload) => serde_json::from_slice(&payload).unwrap(),
        Invocation::FunctionError(payload) => panic!("the function failed: {payload:?}"),
    }
}

/// The error's type and its text, with the request id, which is random, taken out.
#[track_caller]
pub(super) fn failed(invocation: Invocation) -> (String, String) {
    let Invocation::FunctionError(payload) = invocation else {
        panic!("the function answered: {invocation:?}");
    };
    let payload: Value = serde_json::from_slice(&payload).unwrap();
    let text = |member: &str| payload[member].as_str().unwrap().to_owned();
    (text("errorType"), without_request_id(&text("errorMessage")))
}

pub(super) fn without_request_id(message: &str) -> String {
    match message.strip_prefix("RequestId: ") {
        Some(rest) => format!(
            "RequestId: …{}",
            &rest["00000000-0000-4000-8000-000000000000".len()..]
        ),
        None => message.to_owned(),
    }
}
