//! A function's process: how it starts, and where what it prints goes.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::{Functions, Serving, variables};

/// How long an ended process's last lines are waited for; a child of it may hold the pipe open for ever.
const LAST_LINES: Duration = Duration::from_secs(1);

/// Starts a function's binary, for the environment with this id.
///
/// # Errors
///
/// What is missing, for the operator.
pub(super) fn spawn(functions: &Functions, serving: &Serving, id: &str) -> Result<Child, String> {
    let settings = &functions.0.settings;
    let binary = &serving.function.binary;
    let path = settings.binaries.join(binary);
    Command::new(&path)
        .env_clear()
        .envs(variables::of_process(
            &serving.function,
            &serving.credentials,
            settings,
            id,
        ))
        .current_dir(&settings.binaries)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| {
            format!(
                "failed to start {}: {error}; `cargo build --bin {binary}` builds it",
                path.display()
            )
        })
}

/// The lines of one process, on their way to its function's log.
pub(super) struct Output(JoinHandle<()>);

pub(super) fn follow_output(child: &mut Child, serving: &Arc<Serving>) -> Output {
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let serving = serving.clone();
    Output(tokio::spawn(async move {
        if let (Some(stdout), Some(stderr)) = (stdout, stderr) {
            tokio::join!(serving.log.follow(stdout), serving.log.follow(stderr));
        }
    }))
}

impl Output {
    /// Waits until all that an ended process printed is in the log.
    pub(super) async fn last_lines(self) {
        _ = timeout(LAST_LINES, self.0).await;
    }
}
