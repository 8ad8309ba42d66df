//! `lifeguard-import`: the importer as a program. See the library for what it does.
//!
//! It ends with status 0 if everybody was taken, 2 if some were rejected, and 1 if it failed or was stopped.

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;
use lifeguard_import::{Arguments, Ending, run};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            drop(error.print());
            // Clap's own status for what it does not understand would be that of rejects.
            return if error.use_stderr() {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    match run(arguments, stop_signal()).await {
        Ok(outcome) => {
            say(&outcome.text);
            match outcome.ending {
                Ending::All => ExitCode::SUCCESS,
                Ending::SomeRejected => ExitCode::from(2),
                Ending::Stopped => {
                    say_wrong(
                        "stopped before the end; with --resume, the same command goes on from there",
                    );
                    ExitCode::FAILURE
                }
            }
        }
        Err(error) => {
            say_wrong(&with_causes(&*error));
            ExitCode::FAILURE
        }
    }
}

/// Ctrl-C, or the signal that a process manager sends.
async fn stop_signal() {
    let interrupted = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        }
        Err(_) => drop(interrupted.await),
    }
}

fn with_causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
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
    reason = "a program's problems go to standard error"
)]
fn say_wrong(text: &str) {
    eprintln!("{text}");
}
