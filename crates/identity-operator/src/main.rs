//! The Lambda function behind the HTTP API of the identity broker's operators.

use std::error::Error;
use std::process::ExitCode;

use aws_connection::OnFirstUse;
use entrypoint::Env;
use identity_operator::{Config, Outside, handle, unavailable};

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
    let of_pools = connection.clone();
    let identity_pools = OnFirstUse::new(move || aws_sdk_cognitoidentity::Client::new(&of_pools));
    let kms = OnFirstUse::new(move || aws_sdk_kms::Client::new(&connection));
    let outside = Outside::new(identity_pools, dynamodb, kms, &config);
    entrypoint::run_http(|request| handle(request, &outside), unavailable).await
}
