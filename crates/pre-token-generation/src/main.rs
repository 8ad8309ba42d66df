//! The Lambda function of the pre token generation trigger.

use std::error::Error;
use std::process::ExitCode;

use admission::Blocks;
use aws_sdk_dynamodb::Client;
use entrypoint::Env;
use pre_token_generation::{Config, Memberships, handle};
use time::OffsetDateTime;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    entrypoint::start_log();
    // Boxed, because the compiler gives up on the size of futures that are nested as deeply as the SDK's.
    entrypoint::exit_code(Box::pin(run()).await)
}

async fn run() -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::from_env(Env::of_process())?;
    // The client is only made here: it connects at the first event.
    let client = Client::new(&aws_connection::load()?);
    let memberships = Memberships::new(client.clone(), &config);
    let blocks = config.blocks_table.as_ref();
    let blocks = blocks.map(|table| Blocks::new(client, table));
    let blocks = blocks.as_ref();
    entrypoint::run(|event| {
        let now = OffsetDateTime::now_utc();
        handle(event, &config, &memberships, blocks, now)
    })
    .await
}
