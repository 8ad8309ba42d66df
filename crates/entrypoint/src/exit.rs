use std::error::Error;
use std::process::ExitCode;

use crate::failure::Chain;

/// What `main` returns: 0, or 1 after one log line that names the error with all its causes.
///
/// A `main` that returned the error itself would print it as plain text, which no log query finds.
pub fn exit_code(result: Result<(), Box<dyn Error + Send + Sync>>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(cause = Chain(&*error).to_string(), "stopped");
            ExitCode::FAILURE
        }
    }
}
