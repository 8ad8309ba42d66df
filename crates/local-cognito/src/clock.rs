use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// The stand-in's clock: the machine's, moved forward as far as tests ask.
#[derive(Clone, Default)]
pub(crate) struct Clock {
    ahead_seconds: Arc<watch::Sender<i64>>,
}

impl Clock {
    /// Seconds since the Unix epoch.
    pub(crate) fn now(&self) -> i64 {
        let machine = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        i64::try_from(machine.as_secs()).unwrap_or(i64::MAX) + *self.ahead_seconds.borrow()
    }

    /// Moves the clock forward; it never goes back.
    pub(crate) fn advance(&self, seconds: u32) {
        self.ahead_seconds
            .send_modify(|ahead| *ahead += i64::from(seconds));
    }

    /// Waits until the clock shows this, which it may because it is moved.
    pub(crate) async fn until(&self, time: i64) {
        let mut moved = self.ahead_seconds.subscribe();
        while let Ok(left @ 1..) = u64::try_from(time - self.now()) {
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(left)) => {}
                _ = moved.changed() => {}
            }
        }
    }
}
