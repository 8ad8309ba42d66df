//! The Lambda function of the create auth challenge trigger.

use std::error::Error;
use std::process::ExitCode;

use aws_connection::OnFirstUse;
use custom_challenge::create::{Config, Outside, handle};
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
    let outside = Outside::new(
        aws_sdk_dynamodb::Client::new(&connection),
        aws_sdk_kms::Client::new(&connection),
        // For the kinds that send a message.
        OnFirstUse::new({
            let connection = connection.clone();
            move || aws_sdk_lambda::Client::new(&connection)
        }),
        // For rules that name groups.
        OnFirstUse::new(move || aws_sdk_cognitoidentityprovider::Client::new(&connection)),
        &config,
    );
    entrypoint::run(|event| handle(event, &config, &outside, OffsetDateTime::now_utc())).await
}
