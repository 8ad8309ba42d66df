use std::error::Error;
use std::process::ExitCode;

use crate::causes::with_causes;

/// What `main` returns: 0, or 1 after one log line that names the error with all its causes.
///
/// A `main` that returned the error itself would print it as plain text, which no log query finds.
pub fn exit_code(result: Result<(), Box<dyn Error + Send + Sync>>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(cause = with_causes(&*error), "stopped");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::Env;
    use crate::log::captured;

    #[test]
    fn bad_configuration_is_one_line_with_every_problem_and_exit_status_1() {
        let mut env = Env::of_pairs([("MAX_CLAIMS_BYTES", "many")]);
        env.required("MEMBERSHIPS_TABLE", "the name of a DynamoDB table");
        env.or::<u16>("MAX_CLAIMS_BYTES", 2048);
        let problems = env.check(()).unwrap_err();

        let mut code = ExitCode::SUCCESS;
        let (text, lines) = captured(|| code = exit_code(Err(problems.into())));

        assert_eq!(code, ExitCode::FAILURE);
        assert_eq!(text.lines().count(), 1);
        assert_eq!(lines[0]["level"], "ERROR");
        assert_eq!(
            lines[0]["cause"],
            "the configuration has 2 problem(s)\
             \n  MEMBERSHIPS_TABLE: not set; expected the name of a DynamoDB table\
             \n  MAX_CLAIMS_BYTES: invalid digit found in string"
        );
    }

    #[test]
    fn an_end_without_error_says_nothing() {
        let (text, _) = captured(|| assert_eq!(exit_code(Ok(())), ExitCode::SUCCESS));
        assert_eq!(text, "");
    }
}
