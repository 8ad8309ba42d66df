//! The Lambda function of the inbound federation trigger.

use std::error::Error;
use std::future::ready;
use std::process::ExitCode;

use entrypoint::Env;
use inbound_federation::{Config, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    entrypoint::start_log();
    entrypoint::exit_code(run().await)
}

async fn run() -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::from_env(Env::of_process())?;
    entrypoint::run(|event| ready(handle(&event, &config))).await
}
