//! JSON lines on standard output, which is where Lambda collects logs. What may stand in them: `docs/LOGGING.md`.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts the log, and makes a panic's text stay out of it.
///
/// The level is fixed: below `INFO` the Lambda runtime and the SDK print whole events and requests.
pub fn start() {
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false);
    let ours_and_warnings = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("entrypoint", LevelFilter::INFO)
        .with_target("lambda_runtime", LevelFilter::OFF);
    tracing_subscriber::registry()
        .with(lines)
        .with(ours_and_warnings)
        .init();

    // A panic's text can quote what was being read; where it happened is enough to find it.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::error!(place, "panicked");
    }));
}
