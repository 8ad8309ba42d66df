//! A Lambda Runtime API for one function, as small as it can be, so that what is measured is the function.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

/// JSON that is no event, and that every function refuses.
pub(crate) const NO_EVENT: &str = "[]";

/// A function's process, and this side of its connection.
pub(crate) struct Function {
    process: Child,
    connection: BufReader<TcpStream>,
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
        command
            .envs(variables)
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string());
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

    /// Hands it a further event; returns how long the answer took.
    pub(crate) fn warm(&mut self, event: &str) -> Duration {
        let started = Instant::now();
        self.answer_to(event);
        let took = started.elapsed();
        self.request();
        took
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Resident memory, in bytes.
    pub(crate) fn resident_bytes(&self) -> f64 {
        resident_bytes(self.process.id())
    }

    fn answer_to(&mut self, event: &str) {
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
        let path = self.request();
        let expected = if event == NO_EVENT {
            "/error"
        } else {
            "/response"
        };
        assert!(path.ends_with(expected), "the function answers: {path}");
        self.send("HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n");
    }

    fn send(&mut self, text: &str) {
        self.connection
            .get_mut()
            .write_all(text.as_bytes())
            .expect("the function listens");
    }

    /// Reads a request to its end and returns its path.
    fn request(&mut self) -> String {
        let path = self.line().split(' ').nth(1).unwrap_or_default().to_owned();
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line().to_ascii_lowercase();
            match line.split_once(": ") {
                None => break,
                Some(("content-length", value)) => length = value.parse().unwrap_or(0),
                Some(("transfer-encoding", _)) => chunked = true,
                Some(_) => {}
            }
        }
        if chunked {
            loop {
                let size = usize::from_str_radix(&self.line(), 16).unwrap_or(0);
                self.skip(size + 2);
                if size == 0 {
                    break;
                }
            }
        }
        self.skip(length);
        path
    }

    fn skip(&mut self, bytes: usize) {
        let mut body = vec![0; bytes];
        self.connection
            .read_exact(&mut body)
            .expect("the function sends what it announced");
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.connection
            .read_line(&mut line)
            .expect("the function speaks HTTP");
        line.trim_end().to_owned()
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
