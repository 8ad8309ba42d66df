//! How long a call may take, and how often it is tried.

use std::time::Duration;

use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

/// In the same region a connection takes a few milliseconds, with TLS some tens.
const CONNECT: Duration = Duration::from_millis(500);

/// One attempt, from its start to its answer. DynamoDB answers within 10 ms; beyond this a new attempt has the better chance.
const ATTEMPT: Duration = Duration::from_millis(1_500);

/// A second attempt is all that the time allows.
const MAX_ATTEMPTS: u32 = 2;

/// The longest pause between them; the SDK's own of up to 20 s would eat the second attempt.
const MAX_BACKOFF: Duration = Duration::from_millis(100);

/// The whole call: 1.5 s + 0.1 s + 1.5 s, and some to spare. `entrypoint` gives up at 4 s, so the call's own error is the one that is
/// logged.
const OPERATION: Duration = Duration::from_millis(3_400);

pub(crate) fn time_outs() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .read_timeout(ATTEMPT)
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(OPERATION)
        .build()
}

pub(crate) fn retries() -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(MAX_ATTEMPTS)
        .with_initial_backoff(MAX_BACKOFF)
        .with_max_backoff(MAX_BACKOFF)
}
