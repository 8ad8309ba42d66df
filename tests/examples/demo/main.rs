//! `make demo`: a user signs up, confirms, signs in, gets tokens whose claims come from a table, exchanges them for AWS credentials, and is
//! blocked; a user of another provider gets credentials by the broker, and a guest by being nobody.
//!
//! Everything is real but the cloud: the functions' binaries, the AWS SDK as the client, and the template that deploys. Every step says
//! what it expects; the exit status is 0 only if all of it held.

#![expect(clippy::print_stdout, reason = "a demonstration is for reading")]

mod credentials;
mod partner;
mod refusals;
mod sign_in;

use std::process::ExitCode;
use std::time::Instant;

use aws_sdk_cognitoidentityprovider::Error;
use aws_sdk_cognitoidentityprovider::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::AttributeValue;
use tests::stand_in::StandIn;

use partner::Partner;

const PARAMETERS: [&str; 4] = [
    "Invitations=required",
    "GrantableScopes=api/read,api/write",
    "AllowGuests=true",
    "Broker=on",
];

#[tokio::main]
async fn main() -> ExitCode {
    let started = Instant::now();
    println!(
        "Starting local-cognito with template.yaml and {}, and another one that plays a partner's OpenID provider",
        PARAMETERS.join(" ")
    );
    let partner = Partner::start();
    let issuer = partner.as_issuer();
    let parameters = PARAMETERS.into_iter().chain([&*issuer]);
    let options: Vec<&str> = parameters
        .flat_map(|parameter| ["--parameter", parameter])
        .collect();
    let mut demo = Demo {
        stand_in: StandIn::start(&options),
        steps: 0,
        calls_seen: 0,
        decisions_seen: 0,
        failures: 0,
    };
    demo.play(&partner).await;
    let seconds = started.elapsed().as_secs_f32();
    match demo.failures {
        0 => {
            println!("\nAll of it held, in {seconds:.1} s. `make run` keeps the same stack up.");
            ExitCode::SUCCESS
        }
        failures => {
            println!("\n{failures} expectation(s) did not hold.");
            ExitCode::FAILURE
        }
    }
}

struct Demo {
    stand_in: StandIn,
    steps: usize,
    calls_seen: usize,
    decisions_seen: usize,
    failures: usize,
}

impl Demo {
    async fn play(&mut self, partner: &Partner) {
        let Some(ines) = self.sign_up_and_in().await else {
            return;
        };
        self.files_and_rows(&ines.id_token).await;
        self.partners_user(partner).await;
        self.guest().await;
        self.refusals(&ines).await;
    }

    fn step(&mut self, title: &str, call: &str) {
        self.steps += 1;
        println!("\n{:>2}. {title}\n    {call}", self.steps);
    }

    async fn put(&mut self, table: &str, item: &[(&str, AttributeValue)]) {
        let put = self.stand_in.dynamodb().put_item().table_name(table);
        let put = item
            .iter()
            .fold(put, |put, (name, value)| put.item(*name, value.clone()));
        let stored = put.send().await.is_ok();
        self.expect("the item is stored", stored);
    }

    fn expect_refusal(&mut self, answer: Result<(), Error>, expected: &str) {
        self.show_triggers();
        let (code, message) = match &answer {
            Ok(()) => ("passed", ""),
            Err(refusal) => (
                refusal.code().unwrap_or_default(),
                refusal.message().unwrap_or_default(),
            ),
        };
        println!("    <- {code}: {message}");
        self.expect(expected, code == expected);
    }

    fn expect(&mut self, expectation: &str, held: bool) {
        self.show_triggers();
        self.show_decisions();
        println!("    {} {expectation}", if held { "ok  " } else { "FAIL" });
        self.failures += usize::from(!held);
    }

    /// The trigger calls since the last time.
    fn show_triggers(&mut self) {
        let calls = self.stand_in.get("calls");
        let calls = calls.as_array().map(Vec::as_slice).unwrap_or_default();
        for call in calls.iter().skip(self.calls_seen) {
            let milliseconds = call["durationMicros"].as_f64().unwrap_or_default() / 1_000.0;
            let source = call["triggerSource"].as_str().unwrap_or_default();
            println!(
                "    -> {source}  {}  {milliseconds:.1} ms",
                call["function"].as_str().unwrap_or_default()
            );
            println!("       {}", call["outcome"]);
        }
        self.calls_seen = calls.len();
    }

    /// What was decided since the last time about people's credentials and the broker's; those of the triggers are many.
    fn show_decisions(&mut self) {
        let decisions = self.stand_in.get("decisions");
        let decisions = decisions.as_array().map(Vec::as_slice).unwrap_or_default();
        for decision in decisions.iter().skip(self.decisions_seen) {
            let of = |name: &str| decision[name].as_str().unwrap_or_default();
            let principal = of("principal");
            let is_a_triggers = principal.contains("FunctionRole");
            if is_a_triggers && !principal.contains("IdentityBroker") {
                continue;
            }
            let role = principal.split('/').nth(1).unwrap_or(principal);
            let allowed = decision["allowed"] == true;
            let verdict = match (allowed, decision["by"].as_str()) {
                (true, by) => format!("allowed by {}", by.unwrap_or_default()),
                (false, Some(by)) => format!("denied by {by}"),
                (false, None) => "denied, since nothing allows it".to_owned(),
            };
            println!("    -- {verdict}: {} for {role}", of("action"));
            println!("       {}", of("resource"));
        }
        self.decisions_seen = decisions.len();
    }
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn list(item: &str) -> AttributeValue {
    AttributeValue::L(vec![text(item)])
}
