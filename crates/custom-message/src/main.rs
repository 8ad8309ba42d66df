//! The Lambda function of the custom message trigger.

use std::error::Error;
use std::future::ready;
use std::process::ExitCode;

use custom_message::{Config, handle};
use entrypoint::Env;
use message_templates::Templates;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    entrypoint::start_log();
    entrypoint::exit_code(run().await)
}

async fn run() -> Result<(), Box<dyn Error + Send + Sync>> {
    let templates = Templates::embedded();
    let config = Config::from_env(Env::of_process(), &templates)?;
    entrypoint::run(|event| ready(handle(&event, &config, &templates))).await
}
