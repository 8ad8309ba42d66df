//! `make bench`: what the functions cost beside a function that does nothing, and what the stand-in can do, in one run on one machine.
//!
//! Prints a table and writes `target/bench.json`, a list of `{name, value, unit, bound, holds}`. A bound is a requirement; a figure
//! without one is for information. Compare figures of one run only: machines differ, and so does their load.

#![expect(clippy::print_stdout, reason = "a benchmark is for reading")]

mod functions;
mod import;
mod measured;
mod report;
mod runtime_api;
mod sizes;
mod stand_in;

use report::Report;

fn main() {
    let mut report = Report::default();
    println!("Functions, each beside noop-function, which only speaks Lambda's Runtime API");
    functions::measure(&mut report);
    sizes::measure(&mut report);
    println!("\nThe stand-in, with its clients on the same machine");
    stand_in::measure(&mut report);
    println!("\nThe importer of other systems' users");
    import::measure(&mut report);
    let path = report.write();
    println!("\nwritten to {}", path.display());
}
