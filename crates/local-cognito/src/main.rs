//! `local-cognito`: the stand-in as a program. See the library for what it is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use local_cognito::{IssuerStyle, Options, Running, directory_of_this_program, explain, start};
use tokio::signal::unix::{SignalKind, signal};

/// Stands in for Amazon Cognito on this machine: reads template.yaml and fires the functions' real binaries.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The port on the loopback interface; 0 takes a free one
    #[arg(long, default_value_t = 9229, global = true)]
    port: u16,
    /// The template that is deployed
    #[arg(long, default_value = "template.yaml", global = true)]
    template: PathBuf,
    /// A value for a parameter of the template; may be repeated
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = pair, global = true)]
    parameters: Vec<(String, String)>,
    /// Fixes the id of a user pool, an app client or an identity pool; may be repeated
    #[arg(long = "id", value_name = "LOGICAL_ID=ID", value_parser = pair, global = true)]
    ids: Vec<(String, String)>,
    /// Refuse what AWS is not known to accept; with --strict=false only what it is known to refuse
    #[arg(
        long,
        default_value_t = true,
        default_missing_value = "true",
        num_args = 0..=1,
        require_equals = true,
        action = clap::ArgAction::Set,
        global = true
    )]
    strict: bool,
    /// Where the state is kept across restarts; in memory alone if absent, as is what clients make at run time
    #[arg(long, global = true)]
    data_dir: Option<PathBuf>,
    /// The account that ARNs bear
    #[arg(long, default_value = "123456789012", value_parser = account_id, global = true)]
    account_id: String,
    /// The region that ids and ARNs bear
    #[arg(long, default_value = "us-east-1", global = true)]
    region: String,
    /// Which issuer the tokens bear
    #[arg(long, value_enum, default_value_t, global = true)]
    issuer: IssuerStyle,
    /// The directory of the functions' binaries; the one of this program if absent
    #[arg(long, global = true)]
    functions: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Sends one event through one function, and prints what comes back
    Invoke {
        /// The function: its binary's name, such as pre-sign-up
        function: String,
        /// The file with the event
        event: PathBuf,
    },
    /// Sends one event through one function, and says what it decided, by which rule, and what it asked
    Explain {
        /// The function: its binary's name, such as pre-sign-up
        function: String,
        /// The file with the event
        event: PathBuf,
    },
}

/// The stack of a thread that answers requests. The tables read expressions by recursion, and DynamoDB allows 4,096 bytes of parentheses.
const STACK_BYTES: usize = 32 * 1024 * 1024;

fn main() -> ExitCode {
    let threads = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build();
    let outcome = match threads {
        Ok(threads) => threads.block_on(run(Arguments::parse())),
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say_wrong(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let invoked = arguments.command.is_some();
    let options = Options {
        // One event needs no port of its own choosing.
        port: if invoked { 0 } else { arguments.port },
        template: arguments.template,
        parameters: arguments.parameters.into_iter().collect::<BTreeMap<_, _>>(),
        ids: arguments.ids.into_iter().collect::<BTreeMap<_, _>>(),
        account_id: arguments.account_id,
        region: arguments.region,
        issuer: arguments.issuer,
        strict: arguments.strict,
        data_dir: arguments.data_dir,
        functions: arguments
            .functions
            .unwrap_or_else(directory_of_this_program),
        log: Arc::new(say_wrong),
    };
    match arguments.command {
        None => serve(start(options).await?).await,
        Some(Command::Invoke { function, event }) => {
            invoke(start(options).await?, &function, &read(&event)?).await
        }
        Some(Command::Explain { function, event }) => {
            say(explain(options, &function, &read(&event)?)
                .await?
                .trim_end());
            Ok(())
        }
    }
}

async fn serve(running: Running) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let stop = stop_signal()?;
    say(&running.description());
    say(&format!("listening on {}", running.endpoint()));
    running.serve(stop).await
}

async fn invoke(
    running: Running,
    function: &str,
    event: &[u8],
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let answer = running.invoke(function, event.to_vec()).await?;
    let answer: serde_json::Value =
        serde_json::from_slice(&answer).map_err(|_| "the function's answer is not JSON")?;
    say(&serde_json::to_string_pretty(
        answer.get("response").unwrap_or(&answer),
    )?);
    Ok(())
}

fn read(event: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(event).map_err(|error| format!("failed to read {}: {error}", event.display()))
}

/// Ctrl-C, or the signal that a process manager sends. They are caught from this call on: one that came before the first wait would end
/// the process with its pools unsaved.
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn account_id(text: &str) -> Result<String, String> {
    let twelve_digits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if twelve_digits {
        Ok(text.to_owned())
    } else {
        Err("expected twelve digits".to_owned())
    }
}

#[expect(
    clippy::print_stdout,
    reason = "a program's answer goes to standard output"
)]
fn say(text: &str) {
    println!("{text}");
}

#[expect(
    clippy::print_stderr,
    reason = "a program's problems, and its functions' logs, go to standard error"
)]
fn say_wrong(text: &str) {
    eprintln!("{text}");
}
