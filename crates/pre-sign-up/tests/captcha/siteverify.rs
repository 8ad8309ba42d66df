//! A CAPTCHA provider on the loopback, which takes each proof once, and the parameter that holds its secret.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use aws_sdk_ssm::Client;
use function_tests::{UNREACHABLE, service};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the provider takes; the parameter holds it at first.
pub(crate) const SECRET: &str = "0x4AAA&secret=of the test";

/// How the provider behaves.
#[derive(Clone)]
pub(crate) enum Behaviour {
    /// As it should; a puzzle is solved on the page of this host.
    Checks { host: &'static str },
    /// With this answer, whatever it is asked.
    Says(String),
    /// It takes the connection, and nothing more.
    IsSilent,
}

/// The provider, until it is dropped by all.
#[derive(Clone)]
pub(crate) struct Provider {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

struct State {
    behaviour: Behaviour,
    /// Head and form of each request.
    requests: Vec<(String, HashMap<String, String>)>,
    /// Under each proof, the idempotency key with which it was checked.
    used: HashMap<String, Option<String>>,
    /// What the parameter holds; `None` where it cannot be read.
    parameter: Option<String>,
    reads: usize,
}

impl Provider {
    pub(crate) async fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let provider = Self {
            address: listener.local_addr().unwrap(),
            state: Arc::new(Mutex::new(State {
                behaviour,
                requests: Vec::new(),
                used: HashMap::new(),
                parameter: Some(SECRET.to_owned()),
                reads: 0,
            })),
        };
        let serving = provider.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serving.clone().serve(connection));
            }
        });
        provider
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}/siteverify", self.address)
    }

    /// The heads and forms of the requests so far.
    pub(crate) fn requests(&self) -> Vec<(String, HashMap<String, String>)> {
        self.state.lock().unwrap().requests.clone()
    }

    /// How often the parameter was read.
    pub(crate) fn reads(&self) -> usize {
        self.state.lock().unwrap().reads
    }

    pub(crate) fn set_parameter(&self, value: Option<&str>) {
        self.state.lock().unwrap().parameter = value.map(str::to_owned);
    }

    /// A client for the parameter.
    pub(crate) fn ssm(&self) -> Client {
        let provider = self.clone();
        let connection = service(move |operation, input| {
            assert_eq!(operation, "GetParameter");
            let expected = json!({"Name": "/lifeguard/captcha", "WithDecryption": true});
            assert_eq!(input, expected);
            let mut state = provider.state.lock().unwrap();
            state.reads += 1;
            let value = state.parameter.as_ref().ok_or(UNREACHABLE)?;
            Ok(json!({"Parameter": {"Value": value}}))
        });
        Client::new(&connection)
    }

    async fn serve(self, mut connection: TcpStream) {
        let Some((head, form)) = read_request(&mut connection).await else {
            return; // The client gave up.
        };
        let answer = self.state.lock().unwrap().answer(head, form);
        match answer {
            Some(answer) => {
                // A client that has read enough is gone already.
                let _ = connection.write_all(answer.as_bytes()).await;
            }
            None => std::future::pending().await,
        }
    }
}

impl State {
    fn answer(&mut self, head: String, form: HashMap<String, String>) -> Option<String> {
        self.requests.push((head, form.clone()));
        match &self.behaviour {
            Behaviour::Checks { host } => Some(ok(&self.check(host, &form))),
            Behaviour::Says(answer) => Some(answer.clone()),
            Behaviour::IsSilent => None,
        }
    }

    fn check(&mut self, host: &str, form: &HashMap<String, String>) -> Value {
        let failed = |code: &str| json!({"success": false, "error-codes": [code]});
        if form["secret"] != SECRET {
            return failed("invalid-input-secret");
        }
        let token = &form["response"];
        if !token.starts_with("good") {
            return failed("invalid-input-response");
        }
        let key = form.get("idempotency_key").cloned();
        match self.used.insert(token.clone(), key.clone()) {
            Some(used) if used.is_none() || used != key => failed("timeout-or-duplicate"),
            _ => json!({"success": true, "hostname": host}),
        }
    }
}

/// A whole answer with this body.
pub(crate) fn ok(body: &Value) -> String {
    let body = body.to_string();
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}")
}

async fn read_request(connection: &mut TcpStream) -> Option<(String, HashMap<String, String>)> {
    let mut request = Vec::new();
    loop {
        let mut part = [0; 4_096];
        let length = connection.read(&mut part).await.ok()?;
        request.extend_from_slice(&part[..length]);
        let text = String::from_utf8(request.clone()).ok()?;
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let lines = head.lines().filter_map(|line| line.split_once(": "));
            let mut lengths = lines.filter(|(name, _)| *name == "content-length");
            let expected: usize = lengths.next()?.1.parse().ok()?;
            if body.len() == expected {
                let fields = body.split('&').filter_map(|field| field.split_once('='));
                let form = fields.map(|(name, value)| (name.to_owned(), unescaped(value)));
                return Some((head.to_owned(), form.collect()));
            }
        }
        if length == 0 {
            return None;
        }
    }
}

fn unescaped(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex = [rest.next().unwrap(), rest.next().unwrap()];
            let hex = std::str::from_utf8(&hex).unwrap();
            bytes.push(u8::from_str_radix(hex, 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}
