//! The Lambda function behind the sample HTTP API.

use std::process::ExitCode;

use who_am_i::{handle, unavailable};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    entrypoint::start_log();
    entrypoint::exit_code(entrypoint::run_http(handle, unavailable).await)
}
