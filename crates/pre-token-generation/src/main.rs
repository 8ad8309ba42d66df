//! The Lambda function of the pre token generation trigger.

use std::error::Error;
use std::process::ExitCode;

use aws_sdk_dynamodb::Client;
use entrypoint::Env;
use pre_token_generation::{Config, Memberships, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    entrypoint::start_log();
    entrypoint::exit_code(run().await)
}

async fn run() -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::from_env(Env::of_process())?;
    // The client is only made here: it connects at the first event.
    let client = Client::new(&aws_connection::load()?);
    let memberships = Memberships::new(client, &config);
    entrypoint::run(|event| handle(event, &config, &memberships)).await
}
