//! The Lambda function that sends the codes and links of custom challenges.

use std::error::Error;
use std::process::ExitCode;

use challenge_sender::{Config, handle};
use delivery::Delivery;
use entrypoint::Env;
use message_templates::Templates;
use time::OffsetDateTime;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    entrypoint::start_log();
    // Boxed, because the compiler gives up on the size of futures that are nested as deeply as the SDK's.
    entrypoint::exit_code(Box::pin(run()).await)
}

async fn run() -> Result<(), Box<dyn Error + Send + Sync>> {
    let templates = Templates::embedded();
    let config = Config::from_env(Env::of_process(), &templates)?;
    let connection = aws_connection::load()?;
    let dynamodb = aws_sdk_dynamodb::Client::new(&connection);
    let delivery = Delivery::new(
        &connection,
        dynamodb,
        &config.deliveries_table,
        &config.settings,
    );
    entrypoint::run(|message| {
        handle(
            message,
            &config,
            &templates,
            &delivery,
            OffsetDateTime::now_utc(),
        )
    })
    .await
}
