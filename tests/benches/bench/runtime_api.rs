//! A Lambda Runtime API for one function, as small as it can be, so that what is measured is the function.

use std::collections::BTreeMap;
use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use crate::wire::Message;

/// JSON that is no event, and that every function refuses.
pub(crate) const NO_EVENT: &str = "[]";

/// A function's process, and this side of its connection.
pub(crate) struct Function {
    process: Child,
    connection: BufReader<TcpStream>,
}

/// What became of an event.
pub(crate) struct Answered {
    /// From the first byte of the event to the last of the answer.
    pub(crate) took: Duration,
    /// In JSON.
    pub(crate) answer: Vec<u8>,
}

impl Function {
    /// Starts the process, hands it one event and waits for the answer; returns how long that took.
    pub(crate) fn start(
        binary: &Path,
        variables: &BTreeMap<&str, String>,
        event: &str,
    ) -> (Self, Duration) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback interface is there");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let mut command = Command::new(binary);
        command
            .env_clear()
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        for (name, value) in [
            ("AWS_LAMBDA_FUNCTION_NAME", "bench"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "local"),
            ("AWS_SECRET_ACCESS_KEY", "local"),
        ] {
            command.env(name, value);
        }
        command
            .envs(variables)
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string());
        let started = Instant::now();
        let process = command.spawn().expect("the binary starts");
        let (connection, _) = listener.accept().expect("the function connects");
        connection
            .set_nodelay(true)
            .expect("a connection can be set up");
        let mut function = Self {
            process,
            connection: BufReader::new(connection),
        };
        function.request();
        function.answer_to(event);
        let took = started.elapsed();
        function.request();
        (function, took)
    }

    /// Hands it a further event.
    pub(crate) fn warm(&mut self, event: &str) -> Answered {
        let started = Instant::now();
        let answer = self.answer_to(event);
        let took = started.elapsed();
        self.request();
        Answered { took, answer }
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Resident memory, in bytes.
    pub(crate) fn resident_bytes(&self) -> f64 {
        resident_bytes(self.process.id())
    }

    /// How long its first thread has been on a processor, in seconds.
    pub(crate) fn processor_seconds(&self) -> f64 {
        let path = format!("/proc/{}/schedstat", self.process.id());
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let nanoseconds = text.split(' ').next().and_then(|text| text.parse().ok());
        nanoseconds.map_or(f64::NAN, |nanoseconds: f64| nanoseconds / 1e9)
    }

    fn answer_to(&mut self, event: &str) -> Vec<u8> {
        let deadline = SystemTime::now() + Duration::from_secs(6);
        let deadline = deadline
            .duration_since(SystemTime::UNIX_EPOCH)
            .expect("it is after 1970")
            .as_millis();
        self.send(&format!(
            "HTTP/1.1 200 OK\r\nlambda-runtime-aws-request-id: 1\r\nlambda-runtime-deadline-ms: {deadline}\r\n\
             lambda-runtime-invoked-function-arn: arn:aws:lambda:us-east-1:123456789012:function:bench\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{event}",
            event.len()
        ));
        let answer = self.request();
        let expected = if event == NO_EVENT {
            "/error"
        } else {
            "/response"
        };
        let path = answer.path();
        assert!(path.ends_with(expected), "the function answers: {path}");
        self.send("HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n");
        answer.body
    }

    fn send(&mut self, text: &str) {
        self.connection
            .get_mut()
            .write_all(text.as_bytes())
            .expect("the function listens");
    }

    fn request(&mut self) -> Message {
        let request = Message::read(&mut self.connection).expect("the function speaks HTTP");
        request.expect("the function goes on")
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Resident memory of a process, in bytes.
pub(crate) fn resident_bytes(process_id: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process_id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.map_or(f64::NAN, |kilobytes| kilobytes * 1_024.0)
}
