//! What the identity broker adds to the calls that it makes.
//!
//! It runs as it is deployed, with the variables and the permissions that the template gives it, and its calls go to the stand-in through a
//! proxy. What is left of an event without the time that it waits for them is its own: reading, verifying, signing each call, and answering. Some
//! of that any program needs that makes the same calls by the SDK, which is measured beside it; the rest is what the broker adds.

mod calls;
mod proofs;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use tests::signed::Signing;
use tests::stand_in::{StandIn, binary};

use crate::processors::OneProcessor;
use crate::proxy::Proxy;
use crate::report::{Bound, Report, percentile};
use crate::runtime_api::Function;
use proofs::{Backend, Customer, Proof, SECRETS};

const WARM_UP: usize = 100;
const EVENTS: usize = 1_000;

/// The most milliseconds at p50 besides the calls.
const MOST: f64 = 1.0;

const NAME: &str = "identity-broker";

/// Its own time with each kind of request and proof.
pub(crate) fn measure(report: &mut Report) {
    let backend = Backend::new();
    let stand_in = stand_in(&backend);
    let Some(mut variables) = variables(&stand_in) else {
        report.add(
            &format!("{NAME}: added to its calls"),
            f64::NAN,
            "ms",
            Bound::AtMost(MOST),
        );
        return;
    };
    // With the proxy and the broker, as the other functions are measured; the stand-in has all processors.
    let _processor = OneProcessor::keep();
    let proxy = Proxy::start(&stand_in.endpoint);
    variables.insert("AWS_ENDPOINT_URL".to_owned(), proxy.endpoint.clone());
    let variables = variables
        .iter()
        .map(|(name, value)| (&**name, value.clone()));
    let variables: BTreeMap<&str, String> = variables.collect();
    let mut customer = Customer::of(&backend);
    let first = customer.request("/v1/token", Proof::BackendJwt);
    let (mut broker, _) = Function::start(&binary(NAME), &variables, &first);
    for path in ["/v1/credentials", "/v1/token"] {
        let of_the_sdk = calls::remainder(&stand_in, &variables, &proxy, path);
        for proof in Proof::ALL {
            let mut requests = || customer.request(path, proof);
            let times = times(&mut broker, &proxy, &mut requests);
            let request = format!("POST {path}, {}", proof.name());
            add(report, &request, times, of_the_sdk);
        }
    }
}

/// In milliseconds, by event.
#[derive(Default)]
struct Times {
    whole: Vec<f64>,
    own: Vec<f64>,
    /// On a processor, on average.
    busy: f64,
    /// How many calls were made for each.
    calls: usize,
}

fn times(broker: &mut Function, proxy: &Proxy, requests: &mut dyn FnMut() -> String) -> Times {
    let mut times = Times::default();
    let mut busy = 0.0;
    for number in 0..WARM_UP + EVENTS {
        if number == WARM_UP {
            busy = broker.processor_seconds();
        }
        let request = requests();
        proxy.calls();
        let answered = broker.warm(&request);
        let calls = proxy.calls();
        let answer: Value = serde_json::from_slice(&answered.answer).expect("the answer is JSON");
        assert_eq!(answer["statusCode"], 200, "the broker takes the proof");
        if number >= WARM_UP {
            let own = answered.took.saturating_sub(calls.took);
            times.whole.push(answered.took.as_secs_f64() * 1_000.0);
            times.own.push(own.as_secs_f64() * 1_000.0);
            times.calls = calls.number;
        }
    }
    times.busy = (broker.processor_seconds() - busy) * 1_000.0 / EVENTS as f64;
    times
}

fn add(report: &mut Report, request: &str, mut times: Times, of_the_sdk: f64) {
    let mut figure = |what: &str, value: f64, unit: &str, bound| {
        report.add(&format!("{NAME}, {request}: {what}"), value, unit, bound);
    };
    let calls = times.calls as f64;
    figure("calls", calls, "", Bound::None);
    let whole = percentile(&mut times.whole, 0.5);
    figure("event, p50", whole, "ms", Bound::None);
    let own = percentile(&mut times.own, 0.5);
    figure("own, p50", own, "ms", Bound::None);
    let slow = percentile(&mut times.own, 0.99);
    figure("own, p99", slow, "ms", Bound::None);
    figure("on a processor, mean", times.busy, "ms", Bound::None);
    figure(
        "its calls by the SDK alone, own, p50",
        of_the_sdk,
        "ms",
        Bound::None,
    );
    let added = own - of_the_sdk;
    figure("added to its calls, p50", added, "ms", Bound::AtMost(MOST));
}

/// One whose broker takes these proofs, as often as it is asked.
fn stand_in(backend: &Backend) -> StandIn {
    let parameters = [
        "Broker=on".to_owned(),
        "BrokerTokens=on".to_owned(),
        "BrokerTags=tenant=tenant".to_owned(),
        "BrokerGrantsPerSubject=1000000".to_owned(),
        "BrokerGrantsPerMinute=1000000".to_owned(),
        format!("BrokerSecrets={SECRETS}"),
        format!("BrokerBackends={}", backend.configuration()),
    ];
    let options = parameters.iter().map(String::as_str);
    let options: Vec<&str> = options
        .flat_map(|parameter| ["--parameter", parameter])
        .collect();
    let stand_in = StandIn::start(&options);
    let secrets =
        json!({"Name": SECRETS, "Type": "SecureString", "Value": proofs::secrets().to_string()});
    let target = "AmazonSSM.PutParameter";
    let (status, _, _) = Signing::for_service("ssm").send(&stand_in, target, &secrets.to_string());
    assert_eq!(status, 200, "the stand-in keeps the secrets");
    stand_in
}

/// Those of the broker that the stand-in starts, the credentials of its role among them; none where Linux is not there to tell.
fn variables(stand_in: &StandIn) -> Option<BTreeMap<String, String>> {
    // So that it starts.
    let challenge = format!("{}/_api/BrokerApi/v1/challenge", stand_in.endpoint);
    let answer = ureq::post(challenge).send_empty();
    answer.expect("the broker makes a challenge");
    let processes = std::fs::read_dir("/proc").ok()?;
    let folders = processes.flatten().map(|process| process.path());
    let of_stand_in = format!("PPid:\t{}", stand_in.process_id());
    let is_broker = |folder: &Path| {
        let status = std::fs::read_to_string(folder.join("status")).unwrap_or_default();
        let program = std::fs::read_link(folder.join("exe"));
        status.lines().any(|line| line == of_stand_in)
            && program.is_ok_and(|program| program.ends_with(NAME))
    };
    let mut folders = folders.filter(|folder| is_broker(folder));
    let variables = std::fs::read_to_string(folders.next()?.join("environ")).ok()?;
    let variables = variables.split('\0').filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    });
    Some(variables.collect())
}
