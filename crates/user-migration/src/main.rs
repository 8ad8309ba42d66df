//! The Lambda function of the user migration trigger.

use std::error::Error;
use std::process::ExitCode;

use entrypoint::Env;
use time::OffsetDateTime;
use user_migration::{Clients, Config, Outside, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    entrypoint::start_log();
    // Boxed, because the compiler gives up on the size of futures that are nested as deeply as the SDK's.
    entrypoint::exit_code(Box::pin(run()).await)
}

async fn run() -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::from_env(Env::of_process())?;
    let clients = Clients::load(&config)?;
    let outside = Outside::new(clients, &config);
    entrypoint::run(|event| handle(event, &config, &outside, OffsetDateTime::now_utc())).await
}
