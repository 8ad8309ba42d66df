//! The Lambda function of the custom SMS sender trigger.

use std::error::Error;
use std::process::ExitCode;

use cognito_events::custom_sms_sender::Event;
use custom_sender::{Config, Sender, handle};
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
    let config = Config::for_text_messages(Env::of_process(), &templates)?;
    let sender = Sender::load(config, templates)?;
    entrypoint::run(|event: Event| handle(event, &sender, OffsetDateTime::now_utc())).await
}
