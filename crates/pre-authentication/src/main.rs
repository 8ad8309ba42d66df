//! The Lambda function of the pre authentication trigger.

use std::error::Error;
use std::process::ExitCode;

use admission::Blocks;
use entrypoint::Env;
use pre_authentication::{Config, UserPool, handle};
use time::OffsetDateTime;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    entrypoint::start_log();
    // Boxed, because the compiler gives up on the size of futures that are nested as deeply as the SDK's.
    entrypoint::exit_code(Box::pin(run()).await)
}

async fn run() -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::from_env(Env::of_process())?;
    let connection = aws_connection::load()?;
    let blocks = Blocks::new(
        aws_sdk_dynamodb::Client::new(&connection),
        &config.blocks_table,
    );
    let user_pool = UserPool::new(aws_sdk_cognitoidentityprovider::Client::new(&connection));
    entrypoint::run(|event| {
        handle(
            event,
            &config,
            &blocks,
            &user_pool,
            OffsetDateTime::now_utc(),
        )
    })
    .await
}
