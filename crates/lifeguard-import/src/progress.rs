use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::tally::grouped;

/// Often enough to move, seldom enough to read.
const SHOWN_EVERY: Duration = Duration::from_millis(200);

const BAR_WIDTH: usize = 30;

/// A line on standard error that shows how far a run has come, if that is a terminal.
pub(crate) struct Progress {
    /// The length of all files, in bytes.
    total: u64,
    /// How many records were done before.
    before: u64,
    begun: Instant,
    shown: Option<Instant>,
    is_terminal: bool,
}

impl Progress {
    pub(crate) fn new(total: u64, before: u64) -> Self {
        Self {
            total,
            before,
            begun: Instant::now(),
            shown: None,
            is_terminal: io::stderr().is_terminal(),
        }
    }

    /// Shows how many bytes were read and how many records are done, unless it did so just now.
    pub(crate) fn show(&mut self, read: u64, done: u64) {
        let is_fresh = |shown: Instant| shown.elapsed() < SHOWN_EVERY;
        if !self.is_terminal || self.shown.is_some_and(is_fresh) {
            return;
        }
        self.shown = Some(Instant::now());
        let in_this_run = done.saturating_sub(self.before);
        let rate = per_second(in_this_run, self.begun.elapsed());
        write_over(&bar(read, self.total, done, rate));
    }

    /// Takes the line away.
    pub(crate) fn end(&self) {
        if self.shown.is_some() {
            write_over("");
        }
    }
}

/// A line that cannot be shown is no reason to stop.
fn write_over(line: &str) {
    let mut stderr = io::stderr().lock();
    drop(write!(stderr, "\r\x1b[2K{line}"));
    drop(stderr.flush());
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate is shown to a whole number"
)]
fn per_second(count: u64, elapsed: Duration) -> u64 {
    (count as f64 / elapsed.as_secs_f64().max(0.001)) as u64
}

fn bar(read: u64, total: u64, done: u64, rate: u64) -> String {
    let read = read.min(total);
    let share = |whole: u64| (u128::from(read) * u128::from(whole)).checked_div(total.into());
    let percent = share(100).unwrap_or(100);
    let filled = usize::try_from(share(BAR_WIDTH as u64).unwrap_or(0)).unwrap_or(BAR_WIDTH);
    let (filled, empty) = ("#".repeat(filled), ".".repeat(BAR_WIDTH - filled));
    let (done, rate) = (grouped(done), grouped(rate));
    format!("[{filled}{empty}] {percent:>3} %  {done} users  {rate}/s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_shows_the_share_that_was_read() {
        for (read, expected) in [
            (
                0,
                "[..............................]   0 %  1,234 users  56/s",
            ),
            (
                500,
                "[###############...............]  50 %  1,234 users  56/s",
            ),
            (
                2_000,
                "[##############################] 100 %  1,234 users  56/s",
            ),
        ] {
            assert_eq!(bar(read, 1_000, 1_234, 56), expected);
        }
        assert_eq!(
            bar(0, 0, 0, 0),
            "[..............................] 100 %  0 users  0/s"
        );
    }
}
