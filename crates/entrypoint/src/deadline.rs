use std::time::Duration;

use tokio::time::timeout;

/// Cognito gives up after 5 s and calls again, so a safe failure must have left before that: 4 s, which leaves one second for the way
/// there and back and for a cold start's own time.
pub(crate) const DEADLINE: Duration = Duration::from_secs(4);

/// The function did not decide in time; its work was dropped where it stood.
#[derive(Debug, thiserror::Error)]
#[error("no decision within {} s", DEADLINE.as_secs())]
pub(crate) struct DeadlinePassed;

/// Half a second before the deadline, so that it is the configuration that decides on an outside system that hangs.
const PATIENCE: Duration = Duration::from_millis(3_500);

/// Does the work, or gives it up in time to do without, where a function's configuration says what then.
///
/// # Errors
///
/// Those of the work, or [`OutOfPatience`] after 3.5 s. What was done by then stays.
pub async fn within_patience<T, E: From<OutOfPatience>>(
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    timeout(PATIENCE, work)
        .await
        .unwrap_or_else(|_elapsed| Err(OutOfPatience.into()))
}

/// An outside system took so long that what it was asked was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("gave up after {} ms", PATIENCE.as_millis())]
pub struct OutOfPatience;

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_hangs_is_given_up_before_the_deadline() {
        let done = within_patience(ready(Ok::<_, OutOfPatience>(7))).await;
        assert_eq!(done, Ok(7));

        let work = within_patience(pending::<Result<u8, OutOfPatience>>());
        let given_up = timeout(DEADLINE - Duration::from_millis(100), work).await;
        assert_eq!(given_up, Ok(Err(OutOfPatience)));
    }
}
