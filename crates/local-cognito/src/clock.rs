use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// The stand-in's clock: the machine's, moved forward as far as tests ask, and standing still while they want that.
#[derive(Clone, Default)]
pub(crate) struct Clock {
    setting: Arc<watch::Sender<Setting>>,
}

#[derive(Clone, Copy, Default)]
struct Setting {
    /// How far it is ahead of the machine's, in seconds; behind it once it has stood still.
    ahead: i64,
    /// What it shows while it stands still.
    stopped_at: Option<i64>,
}

impl Setting {
    fn shown(self) -> i64 {
        self.stopped_at.unwrap_or_else(|| machine() + self.ahead)
    }
}

impl Clock {
    /// Seconds since the Unix epoch.
    pub(crate) fn now(&self) -> i64 {
        self.setting.borrow().shown()
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.setting.borrow().stopped_at.is_some()
    }

    /// Moves the clock forward, also while it stands still; it never goes back.
    pub(crate) fn advance(&self, seconds: u32) {
        let seconds = i64::from(seconds);
        self.setting
            .send_modify(|setting| match &mut setting.stopped_at {
                Some(shown) => *shown += seconds,
                None => setting.ahead += seconds,
            });
    }

    /// Has the clock stand still, or go on from what it shows.
    pub(crate) fn stop(&self, stopped: bool) {
        self.setting.send_modify(|setting| {
            let shown = setting.shown();
            setting.ahead = shown - machine();
            setting.stopped_at = stopped.then_some(shown);
        });
    }

    /// Waits until the clock shows this, which it may because it is moved.
    pub(crate) async fn until(&self, time: i64) {
        let mut moved = self.setting.subscribe();
        while let Ok(left @ 1..) = u64::try_from(time - self.now()) {
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(left)), if !self.is_stopped() => {}
                changed = moved.changed() => if changed.is_err() { return },
            }
        }
    }
}

fn machine() -> i64 {
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO);
    i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_clock_moves_when_it_is_told_alone_and_goes_on_from_there() {
        let clock = Clock::default();
        clock.advance(1_000);
        clock.stop(true);
        let stopped_at = clock.now();
        std::thread::sleep(Duration::from_millis(1_100));
        assert_eq!(clock.now(), stopped_at);
        clock.advance(5);
        assert_eq!(clock.now(), stopped_at + 5);
        clock.stop(false);
        assert!((stopped_at + 5..stopped_at + 60).contains(&clock.now()));
    }

    #[tokio::test]
    async fn whoever_waits_by_a_stopped_clock_goes_on_when_it_is_moved() {
        let clock = Clock::default();
        clock.stop(true);
        let time = clock.now() + 60;
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { clock.until(time).await }
        });
        clock.advance(59);
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        clock.advance(1);
        waiting.await.unwrap();
    }
}
