//! The Lambda function behind the HTTP API of the identity broker.

use std::error::Error;
use std::process::ExitCode;

use entrypoint::Env;
use identity_broker::{Clients, Config, Outside, handle, unavailable};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    entrypoint::start_log();
    // Boxed, because the compiler gives up on the size of futures that are nested as deeply as the SDK's.
    entrypoint::exit_code(Box::pin(run()).await)
}

async fn run() -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::from_env(Env::of_process())?;
    let outside = Outside::new(Clients::load()?, &config);
    entrypoint::run_http(|request| handle(request, &config, &outside), unavailable).await
}
