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

/// The whole call: 1.5 s + 0.1 s + 1.5 s, and some to spare. It ends before the edge gives up, so that the log has the call's own error.
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

/// When `entrypoint` gives an event up; that crate and this one do not know each other.
#[cfg(test)]
pub(crate) const DEADLINE_OF_THE_EDGE: Duration = Duration::from_secs(4);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_attempts_fit_into_the_operation_and_the_operation_below_the_deadline() {
        assert!(CONNECT < ATTEMPT);
        assert!(ATTEMPT * MAX_ATTEMPTS + MAX_BACKOFF * (MAX_ATTEMPTS - 1) <= OPERATION);
        assert!(OPERATION + Duration::from_millis(500) <= DEADLINE_OF_THE_EDGE);
    }
}
