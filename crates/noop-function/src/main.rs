//! A function that decides nothing and gives every event back. It is the yardstick of the benchmarks, since all it costs is Lambda's
//! runtime and the edge, and it is never deployed.

use std::process::ExitCode;

use entrypoint::{Decided, Failure};
use serde::Serialize;
use serde::de::IgnoredAny;

#[derive(Serialize)]
struct NoResponse {}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    entrypoint::start_log();
    let run = entrypoint::run(|_: IgnoredAny| async {
        Ok::<_, Failure>(Decided::by("Nothing", NoResponse {}))
    });
    entrypoint::exit_code(run.await)
}
