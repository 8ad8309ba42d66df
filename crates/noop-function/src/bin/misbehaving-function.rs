//! A function that does wrong on request, for the tests of the stand-in. It is never deployed.
//!
//! It speaks the Runtime API by hand, since no runtime library lets one break its rules. The variable `AT_START` says what it does
//! before its first event; an event's member `do` says what it does with that event, and any other event is refused with the text of
//! the variable `REFUSAL`, answered by the variable `ANSWER`, or given back with the members of the variable `CHANGES` laid over its own.
//! The variable `SCRIPT` does the same by what an event holds: a list of such `changes`, `refusal` or `answer`, of which the first counts
//! whose `when` is all in the event.
//! While the file that the variable `GATE` names is not there, every event waits, and a file of that name with `.waiting` after it says
//! so.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "what a function prints is its log"
)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process;
use std::time::Duration;

use serde_json::{Value, json};

fn main() {
    let mut api = RuntimeApi::connect();
    match std::env::var("AT_START").as_deref() {
        Ok("exit") => {
            eprintln!("no table is configured");
            process::exit(1);
        }
        Ok("fail") => {
            let error = json!({ "errorType": "Runtime.InitError", "errorMessage": "no table" });
            api.post("init/error", &error.to_string());
            process::exit(1);
        }
        Ok("hang") => api.hang(),
        Ok("") | Err(_) => {}
        Ok(file) => api.wait_for(file),
    }
    let (answer, refusal, gate) = (set("ANSWER"), set("REFUSAL"), set("GATE"));
    let changes = set("CHANGES").map(|changes| serde_json::from_str(&changes).expect("JSON"));
    let script: Vec<Value> = set("SCRIPT").map_or_else(Vec::new, |script| {
        serde_json::from_str(&script).expect("a list in JSON")
    });
    let mut last_status = 0;
    for events in 1_u64.. {
        let (id, event) = api.next();
        if let Some(gate) = gate.as_deref().filter(|gate| !Path::new(gate).exists()) {
            drop(std::fs::write(format!("{gate}.waiting"), ""));
            api.wait_for(gate);
        }
        let fields: Value = serde_json::from_str(&event).unwrap_or_default();
        let text = fields["text"].as_str().unwrap_or_default();
        let response = format!("invocation/{id}/response");
        last_status = match fields["do"].as_str().unwrap_or_default() {
            "hang" => api.hang(),
            "wait for file" => {
                api.wait_for(text);
                api.post(&response, &event)
            }
            "exit" => process::exit(fields["status"].as_i64().unwrap_or(1) as i32),
            "abort" => process::abort(),
            "panic" => panic!("as the event asked"),
            "answer" => api.post(&response, text),
            "answer at length" => {
                let length = fields["bytes"].as_u64().unwrap_or_default() as usize;
                api.post(&response, &"1".repeat(length))
            }
            "answer and exit" => {
                api.post(&response, &event);
                process::exit(1);
            }
            "answer twice" => {
                api.post(&response, &event);
                api.post(&response, &event)
            }
            "answer another" => {
                let status = api.post("invocation/another/response", "{}");
                api.post(&response, &status.to_string());
                status
            }
            "ask again" => {
                let (status, ..) = api.request("GET", "invocation/next", "");
                api.post(&response, &status.to_string());
                status
            }
            "refuse" => api.refuse(&id, text),
            "refuse at first" if events < fields["until"].as_u64().unwrap_or_default() => {
                api.refuse(&id, text)
            }
            "print" | "refuse at first" => {
                println!("out: {text}");
                eprintln!("err: {text}");
                api.post(&response, &event)
            }
            "environment" => {
                let variables: BTreeMap<String, String> = std::env::vars().collect();
                api.post(&response, &json!(variables).to_string())
            }
            "report" => {
                let report = json!({ "events": events, "lastStatus": last_status });
                api.post(&response, &report.to_string())
            }
            _ => {
                let scene = script.iter().find(|scene| holds(&fields, &scene["when"]));
                let said = |name: &str| Some(scene?[name].as_str()?.to_owned());
                let changes = scene
                    .and_then(|scene| scene.get("changes"))
                    .or(changes.as_ref());
                match said("refusal").or_else(|| refusal.clone()) {
                    Some(text) => api.refuse(&id, &text),
                    None => {
                        let changed = || match changes {
                            Some(changes) => changed(fields.clone(), changes).to_string(),
                            None => event.clone(),
                        };
                        let answer = said("answer").or_else(|| answer.clone());
                        api.post(&response, &answer.unwrap_or_else(changed))
                    }
                }
            }
        };
    }
}

/// The variable's value, unless it is empty.
fn set(variable: &str) -> Option<String> {
    std::env::var(variable)
        .ok()
        .filter(|value| !value.is_empty())
}

/// The event with other members laid over its own, mapping by mapping.
fn changed(event: Value, changes: &Value) -> Value {
    match (event, changes) {
        (Value::Object(mut members), Value::Object(changes)) => {
            for (name, change) in changes {
                let member = members.remove(name).unwrap_or_default();
                members.insert(name.clone(), changed(member, change));
            }
            Value::Object(members)
        }
        (_, change) => change.clone(),
    }
}

/// Whether all of this is in the event: each member of a mapping, each item of a list that is as long.
fn holds(event: &Value, wanted: &Value) -> bool {
    match (event, wanted) {
        (Value::Object(event), Value::Object(wanted)) => wanted
            .iter()
            .all(|(name, wanted)| event.get(name).is_some_and(|member| holds(member, wanted))),
        (Value::Array(event), Value::Array(wanted)) => {
            event.len() == wanted.len()
                && event
                    .iter()
                    .zip(wanted)
                    .all(|(item, wanted)| holds(item, wanted))
        }
        (event, wanted) => event == wanted,
    }
}

/// One connection to the Runtime API; whatever goes wrong on it ends the process, as it does a real runtime.
struct RuntimeApi {
    host: String,
    path: String,
    connection: BufReader<TcpStream>,
}

impl RuntimeApi {
    fn connect() -> Self {
        let api = std::env::var("AWS_LAMBDA_RUNTIME_API").expect("Lambda sets this variable");
        let api = api.strip_prefix("http://").unwrap_or(&api);
        let (host, path) = api.split_once('/').unwrap_or((api, ""));
        let connection = TcpStream::connect(host).expect("the Runtime API can be reached");
        Self {
            host: host.to_owned(),
            path: path.to_owned(),
            connection: BufReader::new(connection),
        }
    }

    /// The next event, and its request id.
    fn next(&mut self) -> (String, String) {
        let (status, mut headers, event) = self.request("GET", "invocation/next", "");
        assert_eq!(status, 200, "the Runtime API gives no event");
        let id = headers.remove("lambda-runtime-aws-request-id");
        (id.expect("an event has a request id"), event)
    }

    fn post(&mut self, resource: &str, body: &str) -> u16 {
        self.request("POST", resource, body).0
    }

    fn refuse(&mut self, id: &str, text: &str) -> u16 {
        let error = json!({ "errorType": "Refused", "errorMessage": text });
        self.post(&format!("invocation/{id}/error"), &error.to_string())
    }

    fn hang(&mut self) -> ! {
        loop {
            self.pause();
        }
    }

    fn wait_for(&mut self, file: &str) {
        while !Path::new(file).exists() {
            self.pause();
        }
    }

    /// Waits for a moment. A process that hangs must not outlive the tests, so it ends when the connection does.
    fn pause(&mut self) {
        let stream = self.connection.get_mut();
        stream
            .set_read_timeout(Some(Duration::from_millis(5)))
            .expect("this is no zero");
        if let Ok(0) = stream.peek(&mut [0]) {
            process::exit(1);
        }
        stream
            .set_read_timeout(None)
            .expect("this is no zero either");
    }

    fn request(
        &mut self,
        method: &str,
        resource: &str,
        body: &str,
    ) -> (u16, BTreeMap<String, String>, String) {
        let Self { host, path, .. } = self;
        let length = body.len();
        let request = format!(
            "{method} /{path}/2018-06-01/runtime/{resource} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        let stream = self.connection.get_mut();
        stream
            .write_all(request.as_bytes())
            .expect("the Runtime API listens");

        let status = self.line();
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok());
        let mut headers = BTreeMap::new();
        while let Some((name, value)) = self.line().split_once(": ") {
            headers.insert(name.to_ascii_lowercase(), value.to_owned());
        }
        let length = headers
            .get("content-length")
            .and_then(|length| length.parse().ok());
        let mut body = vec![0; length.unwrap_or_default()];
        self.connection
            .read_exact(&mut body)
            .expect("the Runtime API sends what it announced");
        let body = String::from_utf8_lossy(&body).into_owned();
        (status.expect("an answer has a status"), headers, body)
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.connection
            .read_line(&mut line)
            .expect("the Runtime API answers");
        line.trim_end().to_owned()
    }
}
