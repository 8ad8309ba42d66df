//! Start, warm events and memory of the functions.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tests::stand_in::{StandIn, binary};

use crate::report::{Bound, Report, percentile};
use crate::runtime_api::Function;

const STARTS: usize = 60;
const WARM_EVENTS: usize = 5_000;
/// Events in a row to one function: enough that its code is in the processor's caches, as it is in a function of its own.
const TURN: usize = 100;
const MEGABYTE: f64 = 1_048_576.0;

/// A function as it is measured.
struct Measured {
    name: &'static str,
    binary: PathBuf,
    variables: BTreeMap<&'static str, String>,
    event: String,
}

/// Their figures, noop-function's first and the others' beside it.
pub(crate) fn measure(report: &mut Report) {
    let stand_in = StandIn::start(&[]);
    let functions = functions(&stand_in);

    // In turn, so that a machine that slows down slows all of them down.
    let mut starts = vec![Vec::new(); functions.len()];
    for _ in 0..STARTS {
        for (function, starts) in functions.iter().zip(&mut starts) {
            starts.push(function.start().1.as_secs_f64() * 1_000.0);
        }
    }
    let starts: Vec<f64> = starts
        .iter_mut()
        .map(|starts| percentile(starts, 0.5))
        .collect();

    let mut running: Vec<Function> = functions
        .iter()
        .map(|function| function.start().0)
        .collect();
    // On one processor: which two the scheduler takes would make more difference than the functions do.
    let together = running.iter().map(Function::process_id);
    together.for_each(|process| pin(process, "0"));
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    pin(std::process::id(), "0");
    let mut warm = vec![Vec::new(); functions.len()];
    for _ in 0..WARM_EVENTS / TURN {
        for (index, function) in running.iter_mut().enumerate() {
            for _ in 0..TURN {
                let took = function.warm(&functions[index].event);
                warm[index].push(took.as_secs_f64() * 1_000_000.0);
            }
        }
    }

    pin(std::process::id(), &format!("0-{}", processors - 1));

    for (index, function) in functions.iter().enumerate() {
        let name = function.name;
        let median = percentile(&mut warm[index], 0.5);
        report.add(
            &format!("{name}: start to first answer, median"),
            starts[index],
            "ms",
            Bound::None,
        );
        report.add(
            &format!("{name}: warm event, p50"),
            median,
            "µs",
            Bound::None,
        );
        report.add(
            &format!("{name}: warm event, p99"),
            percentile(&mut warm[index], 0.99),
            "µs",
            Bound::None,
        );
        let memory = if name == "pre-token-generation" {
            Bound::AtMost(12.0)
        } else {
            Bound::None
        };
        report.add(
            &format!("{name}: resident after 5,000 events"),
            running[index].resident_bytes() / MEGABYTE,
            "MB",
            memory,
        );
    }
    let ratio = |values: &[f64], name: &str| values[position(&functions, name)] / values[0];
    let medians: Vec<f64> = warm
        .iter_mut()
        .map(|times| percentile(times, 0.5))
        .collect();
    report.add(
        "start of pre-token-generation, against noop-function",
        ratio(&starts, "pre-token-generation, no look-up"),
        "times",
        Bound::AtMost(1.25),
    );
    report.add(
        "warm decision of pre-token-generation, against noop-function",
        ratio(&medians, "pre-token-generation, item in memory"),
        "times",
        Bound::AtMost(1.5),
    );
}

/// Keeps a process to these processors, where Linux's `taskset` is there; elsewhere the figures are noisier.
fn pin(process_id: u32, processors: &str) {
    let mut taskset = Command::new("taskset");
    taskset.args(["-pc", processors, &process_id.to_string()]);
    drop(taskset.stdout(Stdio::null()).stderr(Stdio::null()).status());
}

fn functions(stand_in: &StandIn) -> Vec<Measured> {
    let event = event("pre-token-generation-v3/TokenGeneration_Authentication.json");
    let anonymous = without_sub(&event);
    let member = member_of(&event);
    put_membership(stand_in, &member);
    let variables = BTreeMap::from([
        ("AWS_ENDPOINT_URL", stand_in.endpoint.clone()),
        ("MEMBERSHIPS_TABLE", stand_in.table("MembershipsTable")),
        ("GRANTABLE_SCOPES", "api/read".to_owned()),
        ("GRANTABLE_GROUPS", "admins".to_owned()),
    ]);
    let mut lenient = variables.clone();
    lenient.insert("ON_TABLE_ERROR", "issue-without".to_owned());
    let sign_up = self::event("pre-sign-up/PreSignUp_SignUp.json");
    let in_memory = binary("pre-token-generation")
        .with_file_name("examples")
        .join("item-in-memory");
    let measured = |name, binary, variables: &BTreeMap<_, _>, event: &str| Measured {
        name,
        binary,
        variables: variables.clone(),
        event: event.to_owned(),
    };
    vec![
        measured(
            "noop-function",
            binary("noop-function"),
            &BTreeMap::new(),
            &event,
        ),
        // An event that names nobody needs no look-up, and this setting lets it pass: the start alone, with the client made.
        measured(
            "pre-token-generation, no look-up",
            binary("pre-token-generation"),
            &lenient,
            &anonymous,
        ),
        measured(
            "pre-token-generation, item in memory",
            in_memory,
            &variables,
            &event,
        ),
        measured(
            "pre-token-generation",
            binary("pre-token-generation"),
            &variables,
            &event,
        ),
        measured(
            "pre-sign-up",
            binary("pre-sign-up"),
            &BTreeMap::new(),
            &sign_up,
        ),
    ]
}

impl Measured {
    fn start(&self) -> (Function, std::time::Duration) {
        Function::start(&self.binary, &self.variables, &self.event)
    }
}

fn position(functions: &[Measured], name: &str) -> usize {
    functions
        .iter()
        .position(|function| function.name == name)
        .expect("the function is measured")
}

fn event(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../events")
        .join(file);
    std::fs::read_to_string(path).expect("the event files are there")
}

fn without_sub(event: &str) -> String {
    let mut event: Value = serde_json::from_str(event).expect("event files are JSON");
    event["request"]["userAttributes"]
        .as_object_mut()
        .expect("the event has attributes")
        .remove("sub");
    event.to_string()
}

fn member_of(event: &str) -> String {
    let event: Value = serde_json::from_str(event).expect("event files are JSON");
    event["request"]["userAttributes"]["sub"]
        .as_str()
        .expect("the event names a user")
        .to_owned()
}

fn put_membership(stand_in: &StandIn, sub: &str) {
    let list = |items: &[&str]| json!({ "L": items.iter().map(|item| json!({ "S": item })).collect::<Vec<_>>() });
    let item = json!({
        "subject": { "S": format!("user#{sub}") },
        "tenant": { "S": "nordwind" },
        "roles": list(&["editor", "billing"]),
        "permissions": list(&["invoices:read", "invoices:write", "reports:read"]),
        "scopes": list(&["api/read"]),
        "groups": list(&["admins"]),
    });
    let body = json!({ "TableName": stand_in.table("MembershipsTable"), "Item": item }).to_string();
    let put = ureq::post(&stand_in.endpoint)
        .header("x-amz-target", "DynamoDB_20120810.PutItem")
        .send(body);
    put.expect("the stand-in stores the membership");
}
