use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The stand-in's clock: the machine's, moved forward as far as tests ask.
#[derive(Clone, Default)]
pub(crate) struct Clock {
    ahead_seconds: Arc<AtomicI64>,
}

impl Clock {
    /// Seconds since the Unix epoch.
    pub(crate) fn now(&self) -> i64 {
        let machine = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        i64::try_from(machine.as_secs()).unwrap_or(i64::MAX)
            + self.ahead_seconds.load(Ordering::Relaxed)
    }

    /// Moves the clock forward; it never goes back.
    pub(crate) fn advance(&self, seconds: u32) {
        self.ahead_seconds
            .fetch_add(seconds.into(), Ordering::Relaxed);
    }
}
