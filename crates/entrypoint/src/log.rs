//! JSON lines on standard output, which is where Lambda collects logs. What may stand in them: `docs/LOGGING.md`.

use std::panic::PanicHookInfo;

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts the log, and makes a panic's text stay out of it.
///
/// The levels are fixed: below `INFO` the Lambda runtime and the SDK print whole events and requests.
pub fn start() {
    lines_to(std::io::stdout).init();
    std::panic::set_hook(Box::new(log_panic));
}

pub(crate) fn lines_to<Writer>(writer: Writer) -> impl Subscriber + Send + Sync
where
    Writer: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .with_writer(writer);
    let ours_and_warnings = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("entrypoint", LevelFilter::INFO)
        // Its errors are logged here already, as decisions or by `exit_code`, and it prints panics with their text.
        .with_target("lambda_runtime", LevelFilter::OFF);
    tracing_subscriber::registry()
        .with(lines)
        .with(ours_and_warnings)
}

/// A panic's text can quote what was being read; where it happened is enough to find it.
pub(crate) fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic
        .location()
        .map(ToString::to_string)
        .unwrap_or_default();
    tracing::error!(place, "panicked");
}

/// What is logged meanwhile on this thread, for tests: the lines as they are written, and as JSON.
#[cfg(test)]
pub(crate) fn captured(run: impl FnOnce()) -> (String, Vec<serde_json::Value>) {
    use function_tests::{Log, ThisThread};

    let log = Log::start_with(|| lines_to(|| ThisThread));
    run();
    (log.text(), log.lines())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runtime_and_everything_below_a_warning_is_kept_out() {
        let (text, _) = captured(|| {
            // How `lambda_runtime` prints an event, its failure to read one, and a panic.
            tracing::trace!(target: "lambda_runtime::layers::api_response", body = "secret");
            tracing::error!(target: "lambda_runtime::layers::api_response", error = "secret");
            tracing::error!(target: "lambda_runtime::layers::panic", error = "secret");
            tracing::error!(target: "lambda_runtime_api_client", error = "secret");
            tracing::debug!(target: "aws_smithy_runtime::client::orchestrator", body = "secret");
            tracing::info!(target: "hyper", body = "secret");
            tracing::debug!(target: "entrypoint", body = "secret");
        });
        assert_eq!(text, "");
    }

    #[test]
    fn a_warning_of_a_library_is_a_json_line() {
        let (_, lines) = captured(|| tracing::warn!(target: "hyper", "connection lost"));
        assert_eq!(lines[0]["level"], "WARN");
        assert_eq!(lines[0]["message"], "connection lost");
    }

    #[test]
    fn a_panic_is_logged_by_its_place_alone() {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(log_panic));
        let (text, lines) = captured(|| {
            let _ = std::panic::catch_unwind(|| panic!("secret of {}", "ana@example.org"));
        });
        std::panic::set_hook(before);

        assert_eq!(lines[0]["message"], "panicked");
        assert!(lines[0]["place"].as_str().unwrap().starts_with(file!()));
        assert!(!text.contains("secret") && !text.contains("ana"), "{text}");
    }
}
