//! The Lambda function of the define auth challenge trigger.

use std::error::Error;
use std::process::ExitCode;

use aws_connection::OnFirstUse;
use custom_challenge::define::{Config, Outside, handle};
use entrypoint::Env;
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
    let dynamodb = aws_sdk_dynamodb::Client::new(&connection);
    let user_pools =
        OnFirstUse::new(move || aws_sdk_cognitoidentityprovider::Client::new(&connection));
    let outside = Outside::new(dynamodb, user_pools, &config);
    entrypoint::run(|event| handle(event, &outside, OffsetDateTime::now_utc())).await
}
