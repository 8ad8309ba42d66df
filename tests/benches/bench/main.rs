//! `make bench`: what the functions cost beside a function that does nothing, and what the stand-in can do, in one run on one machine.
//!
//! Prints a table and writes `target/bench.json`, a list of `{name, value, unit, bound, holds}`. A bound is a requirement; a figure
//! without one is for information. The last line says which bounds do not hold, and the exit status is 1 if there is one. Compare figures of
//! one run only: machines differ, and so does their load.
//!
//! `make bench PARTS="broker import"` measures these alone; the parts are listed below. `BENCH_IMPORTED_USERS=20000` imports as many users
//! into the stand-in instead of 1,000,000, which takes two to four minutes.

#![expect(clippy::print_stdout, reason = "a benchmark is for reading")]

mod broker;
mod functions;
mod import;
mod measured;
mod passwords;
mod processors;
mod proxy;
mod report;
mod runtime_api;
mod sizes;
mod stand_in;
mod wire;

use std::process::ExitCode;

use report::Report;

/// What is measured, by the name that chooses it.
const PARTS: [(&str, &str, Measure); 6] = [
    (
        "functions",
        "Functions, each beside noop-function, which only speaks Lambda's Runtime API",
        functions::measure,
    ),
    ("sizes", "What is deployed", sizes::measure),
    (
        "broker",
        "The identity broker, without the calls that it makes",
        broker::measure,
    ),
    ("passwords", "Old password hashes", passwords::measure),
    (
        "stand-in",
        "The stand-in, with its clients on the same machine",
        stand_in::measure,
    ),
    (
        "import",
        "The importer of other systems' users",
        import::measure,
    ),
];

type Measure = fn(&mut Report);

fn main() -> ExitCode {
    // Cargo hands on `--bench`.
    let chosen: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let is_chosen = |name: &str| chosen.is_empty() || chosen.iter().any(|part| part == name);
    let mut report = Report::default();
    for (name, title, measure) in PARTS {
        if is_chosen(name) {
            println!("\n{title}");
            measure(&mut report);
        }
    }
    let path = report.write();
    println!("\nwritten to {}", path.display());
    let verdict = report.verdict();
    println!("{verdict}");
    match verdict.all_hold() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
