//! A stand-in as a process of its own, on a free port.

mod signals;

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aws_sdk_cognitoidentityprovider as cognito;
use aws_sdk_dynamodb as dynamodb;
use aws_sdk_lambda as lambda;
use aws_types::SdkConfig;
use aws_types::region::Region;
use cognito::config::retry::RetryConfig;
use cognito::config::{BehaviorVersion, Credentials, SharedCredentialsProvider};
use serde_json::Value;

/// The stand-in's own region.
pub const REGION: &str = "us-east-1";

/// A stand-in that runs until it is dropped.
pub struct StandIn {
    /// Such as `http://127.0.0.1:40123`.
    pub endpoint: String,
    /// The id of the template's user pool.
    pub pool: String,
    /// The id of the template's public client.
    pub web_client: String,
    stack: Value,
    process: Child,
    errors: Arc<Mutex<String>>,
}

impl StandIn {
    /// Starts one, with the repository's own template and on a free port unless the options say otherwise.
    ///
    /// # Panics
    ///
    /// When it does not start; a test should stop there.
    pub fn start(options: &[&str]) -> Self {
        Self::try_start(options)
            .unwrap_or_else(|problem| panic!("local-cognito did not start: {problem}"))
    }

    /// Starts one that may refuse to start.
    ///
    /// # Errors
    ///
    /// What it printed.
    pub fn try_start(options: &[&str]) -> Result<Self, String> {
        let mut command = Command::new(binary("local-cognito"));
        if !options.contains(&"--template") {
            command
                .arg("--template")
                .arg(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../template.yaml"));
        }
        if !options.contains(&"--port") {
            command.args(["--port", "0"]);
        }
        let mut process = command
            .args(options)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{error}; `make test` builds it first"))?;
        let errors = Arc::new(Mutex::new(String::new()));
        let collecting = collect(process.stderr.take(), Arc::clone(&errors));
        let mut output = BufReader::new(process.stdout.take().expect("it was piped")).lines();
        let endpoint = output
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| Some(line.strip_prefix("listening on ")?.to_owned()));
        let Some(endpoint) = endpoint else {
            drop(process.wait());
            drop(collecting.join());
            return Err(errors.lock().expect("no thread panics with it").clone());
        };
        let mut stand_in = Self {
            endpoint,
            pool: String::new(),
            web_client: String::new(),
            stack: Value::Null,
            process,
            errors,
        };
        stand_in.stack = stand_in.get("stack");
        stand_in.pool = text(&stand_in.stack["userPools"][0]["id"]);
        stand_in.web_client = stand_in.client_id("WebClient");
        Ok(stand_in)
    }

    /// The id of an app client, by its logical id.
    pub fn client_id(&self, logical_id: &str) -> String {
        let clients = self.stack["userPools"][0]["clients"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let found = clients
            .iter()
            .find(|client| client["logicalId"] == logical_id);
        text(&found.unwrap_or(&Value::Null)["id"])
    }

    /// The name of a table, by its logical id.
    pub fn table(&self, logical_id: &str) -> String {
        text(&named(&self.stack["tables"], logical_id)["name"])
    }

    /// The name of a bucket, by its logical id.
    pub fn bucket(&self, logical_id: &str) -> String {
        text(&named(&self.stack["buckets"], logical_id)["name"])
    }

    /// An output of the template.
    pub fn output(&self, name: &str) -> String {
        text(&self.stack["outputs"][name])
    }

    /// A client of `cognito-idp`.
    pub fn cognito(&self) -> cognito::Client {
        cognito::Client::new(&self.sdk_config(REGION))
    }

    /// A client of DynamoDB.
    pub fn dynamodb(&self) -> dynamodb::Client {
        dynamodb::Client::new(&self.sdk_config(REGION))
    }

    /// A client of Lambda.
    pub fn lambda(&self) -> lambda::Client {
        lambda::Client::new(&self.sdk_config(REGION))
    }

    /// As an app would configure the SDK for a region, but without retries: a journey sees each answer.
    pub fn sdk_config(&self, region: &'static str) -> SdkConfig {
        self.sdk_config_of(crate::signed::administrator(), region)
    }

    /// The same for somebody else.
    pub fn sdk_config_of(&self, credentials: Credentials, region: &'static str) -> SdkConfig {
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .endpoint_url(&self.endpoint)
            // The stand-in speaks plain HTTP on the loopback interface.
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .retry_config(RetryConfig::disabled())
            .build()
    }

    /// What it serves at a path, such as `calls`.
    ///
    /// # Panics
    ///
    /// When it serves nothing there, or no JSON.
    pub fn get(&self, path: &str) -> Value {
        let mut answer = ureq::get(format!("{}/{path}", self.endpoint))
            .call()
            .expect("the stand-in answers");
        answer.body_mut().read_json().expect("the answer is JSON")
    }

    /// Moves the stand-in's clock forward.
    ///
    /// # Panics
    ///
    /// When it does not answer.
    pub fn advance_clock(&self, seconds: u32) {
        self.set_clock(&serde_json::json!({ "advanceSeconds": seconds }));
    }

    /// Has the stand-in's clock stand still until it is moved, for what must happen within a second of another thing on however slow a
    /// machine.
    ///
    /// # Panics
    ///
    /// When it does not answer.
    pub fn stop_clock(&self) {
        self.set_clock(&serde_json::json!({ "stopped": true }));
    }

    fn set_clock(&self, change: &serde_json::Value) {
        ureq::post(format!("{}/clock", self.endpoint))
            .send(change.to_string())
            .expect("the stand-in answers");
    }

    /// Has a provider of messages (`ses`, `sns`, `sms-voice`) fail in a region, or in all that have no fault of their own, until that is
    /// taken back by no fault.
    ///
    /// # Panics
    ///
    /// When it knows no such fault.
    pub fn fault(&self, service: &str, region: Option<&str>, fault: Option<&str>) {
        let switch = serde_json::json!({ "service": service, "region": region, "fault": fault });
        ureq::post(format!("{}/providers", self.endpoint))
            .send(switch.to_string())
            .expect("the stand-in knows the fault");
    }

    /// What it and its functions have printed to standard error so far.
    ///
    /// # Panics
    ///
    /// Never in practice: no thread panics while it writes there.
    pub fn log(&self) -> String {
        self.errors
            .lock()
            .expect("no thread panics with it")
            .clone()
    }

    /// Waits until it or one of its functions has printed this, and tells whether it did. Lines arrive a little after the answers.
    pub fn logs(&self, text: &str) -> bool {
        let give_up = Instant::now() + Duration::from_secs(10);
        while !self.log().contains(text) {
            if Instant::now() > give_up {
                return false;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        true
    }

    /// The number of its process.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
        if std::thread::panicking() {
            show(&format!(
                "local-cognito and its functions printed:\n{}",
                self.log()
            ));
        }
    }
}

#[expect(clippy::print_stderr, reason = "a failed test says what it can")]
fn show(text: &str) {
    eprintln!("{text}");
}

/// A binary that Cargo built beside this program.
///
/// # Panics
///
/// When it was not built.
pub fn binary(name: &str) -> PathBuf {
    let here = std::env::current_exe().expect("this program has a path");
    let beside = here
        .ancestors()
        .skip(1)
        .take(3)
        .map(|directory| directory.join(name));
    beside
        .into_iter()
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("{name} is not built; `make test` builds it first"))
}

fn collect(
    errors: Option<std::process::ChildStderr>,
    into: Arc<Mutex<String>>,
) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        for line in errors
            .into_iter()
            .flat_map(|errors| BufReader::new(errors).lines().map_while(Result::ok))
        {
            let mut text = into.lock().expect("no thread panics with it");
            text.push_str(&line);
            text.push('\n');
        }
    })
}

/// What has that logical id in a list of the stack's.
fn named<'v>(list: &'v Value, logical_id: &str) -> &'v Value {
    let mut items = list.as_array().into_iter().flatten();
    items
        .find(|item| item["logicalId"] == logical_id)
        .unwrap_or(&Value::Null)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
