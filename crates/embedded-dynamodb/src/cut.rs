use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use tokio::task::yield_now;

/// More polls than any work under test needs; beyond them it is taken to run forever.
const MOST_POLLS: usize = 1_000;

/// Runs the future that `run` makes again and again, dropped after its first await, then after its second, and so on, until one run
/// completes. Returns that run's output, and how many runs were cut.
///
/// The effects of cut runs stay, as they do when Lambda freezes a function or Cognito calls again: what the last run finds and leaves is
/// for the caller to check.
///
/// # Panics
///
/// When a run does not complete within a thousand polls.
pub async fn cut_at_every_await<F, Fut>(mut run: F) -> (Fut::Output, usize)
where
    F: FnMut() -> Fut,
    Fut: Future,
{
    for polls in 1..=MOST_POLLS {
        if let Some(output) = run_for(polls, run()).await {
            return (output, polls - 1);
        }
        // What the cut run left to the runtime may end before the next run starts.
        yield_now().await;
    }
    panic!("the future did not complete within {MOST_POLLS} polls");
}

/// The future's output, or `None` when it is still pending after so many polls.
async fn run_for<Fut: Future>(polls: usize, future: Fut) -> Option<Fut::Output> {
    let mut future = pin!(future);
    let mut polled = 0;
    poll_fn(|context| {
        polled += 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if polled == polls => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[tokio::test]
    async fn every_await_is_cut_once() {
        let steps = RefCell::new(Vec::new());
        let run = || async {
            steps.borrow_mut().push("before");
            yield_now().await;
            steps.borrow_mut().push("between");
            yield_now().await;
            steps.borrow_mut().push("after");
            "done"
        };

        let (output, cuts) = cut_at_every_await(run).await;

        assert_eq!((output, cuts), ("done", 2));
        assert_eq!(
            steps.into_inner(),
            ["before", "before", "between", "before", "between", "after"]
        );
    }

    #[tokio::test]
    #[should_panic(expected = "did not complete within 1000 polls")]
    async fn endless_work_is_named() {
        let endless = || async {
            loop {
                yield_now().await;
            }
        };
        let ((), _) = cut_at_every_await(endless).await;
    }
}
