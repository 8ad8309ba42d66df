use std::time::Duration;

/// Cognito gives up after 5 s and calls again, so a safe failure must have left before that: 4 s, which leaves one second for the way
/// there and back and for a cold start's own time.
pub(crate) const DEADLINE: Duration = Duration::from_secs(4);

/// The function did not decide in time; its work was dropped where it stood.
#[derive(Debug, thiserror::Error)]
#[error("no decision within {} s", DEADLINE.as_secs())]
pub(crate) struct DeadlinePassed;
