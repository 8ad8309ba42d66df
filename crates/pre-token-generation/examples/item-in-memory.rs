//! The function with its table's answer in memory, for the benchmarks: what is left is the decision. It is never deployed.

use std::error::Error;
use std::process::ExitCode;

use aws_sdk_dynamodb::types::AttributeValue;
use cognito_events::pre_token_generation::Event;
use entrypoint::Env;
use pre_token_generation::{Config, Item, handle_item};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    entrypoint::start_log();
    entrypoint::exit_code(run().await)
}

async fn run() -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = &Config::from_env(Env::of_process())?;
    let texts = |texts: &[&str]| {
        AttributeValue::L(
            texts
                .iter()
                .map(|&text| AttributeValue::S(text.to_owned()))
                .collect(),
        )
    };
    let item = &Item::from([
        (
            "tenant".to_owned(),
            AttributeValue::S("nordwind".to_owned()),
        ),
        ("roles".to_owned(), texts(&["editor", "billing"])),
        (
            "permissions".to_owned(),
            texts(&["invoices:read", "invoices:write", "reports:read"]),
        ),
        ("scopes".to_owned(), texts(&["api/read"])),
        ("groups".to_owned(), texts(&["admins"])),
    ]);
    entrypoint::run(|event: Event| async move { handle_item(&event, item.clone(), config) }).await
}
