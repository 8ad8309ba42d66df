//! The Lambda function behind the HTTP API for authenticators.

use std::error::Error;
use std::process::ExitCode;

use authenticator_enrolment::{Config, Outside, handle, unavailable};
use aws_connection::OnFirstUse;
use entrypoint::Env;

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
    let user_pools =
        OnFirstUse::new(move || aws_sdk_cognitoidentityprovider::Client::new(&of_pools));
    let kms = OnFirstUse::new(move || aws_sdk_kms::Client::new(&connection));
    let outside = Outside::new(dynamodb, kms, user_pools, &config);
    entrypoint::run_http(|request| handle(request, &config, &outside), unavailable).await
}
