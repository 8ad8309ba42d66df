//! What the functions print. It goes to the operator as it is: what may stand in it is the functions' own matter (`docs/LOGGING.md`).

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};

use super::LogSink;

/// How much of a function's log is kept: enough for the last 4 KB of each of many calls.
const KEPT_BYTES: usize = 256 * 1024;

/// Where a line is cut that does not end by itself.
const MAX_LINE_BYTES: u64 = 64 * 1024;

pub(super) struct FunctionLog {
    logical_id: String,
    sink: LogSink,
    recent: Mutex<Recent>,
}

#[derive(Default)]
struct Recent {
    lines: VecDeque<String>,
    bytes: usize,
    /// How many lines were dropped since the start.
    dropped: usize,
}

impl FunctionLog {
    pub(super) fn new(logical_id: String, sink: LogSink) -> Self {
        Self {
            logical_id,
            sink,
            recent: Mutex::default(),
        }
    }

    /// Takes every line of a process's output until it ends.
    pub(super) async fn follow(&self, output: impl AsyncRead + Unpin) {
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        loop {
            line.clear();
            match (&mut output)
                .take(MAX_LINE_BYTES)
                .read_until(b'\n', &mut line)
                .await
            {
                Ok(0) | Err(_) => return,
                Ok(_) => self.keep(String::from_utf8_lossy(&line).trim_end().to_owned()),
            }
        }
    }

    /// Tells the operator what became of a process; not part of the function's own log.
    pub(super) fn tell(&self, news: &str) {
        (self.sink)(&format!("{}: {news}", self.logical_id));
    }

    /// The number of lines so far, for [`FunctionLog::since`].
    pub(super) fn mark(&self) -> usize {
        let recent = self.recent();
        recent.dropped + recent.lines.len()
    }

    /// The lines after a mark that are still there, each with its line break.
    pub(super) fn since(&self, mark: usize) -> String {
        let recent = self.recent();
        let lines = recent
            .lines
            .iter()
            .skip(mark.saturating_sub(recent.dropped));
        lines.map(|line| format!("{line}\n")).collect()
    }

    fn keep(&self, line: String) {
        self.tell(&line);
        let mut recent = self.recent();
        recent.bytes += line.len();
        recent.lines.push_back(line);
        while recent.bytes > KEPT_BYTES {
            let Some(oldest) = recent.lines.pop_front() else {
                return;
            };
            recent.bytes -= oldest.len();
            recent.dropped += 1;
        }
    }

    fn recent(&self) -> MutexGuard<'_, Recent> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn only_the_last_lines_are_kept_and_a_mark_stays_true() {
        let log = FunctionLog::new("Function".to_owned(), Arc::new(|_| {}));
        let line = format!("{}\n", "x".repeat(KEPT_BYTES / 4));
        for _ in 0..10 {
            log.follow(line.as_bytes()).await;
        }
        let mark = log.mark();
        log.follow(&b"last\nwithout an end"[..]).await;
        assert_eq!(log.since(mark), "last\nwithout an end\n");
        assert!(log.since(0).len() <= KEPT_BYTES + log.recent().lines.len());
    }

    #[tokio::test]
    async fn a_line_without_an_end_is_cut() {
        let log = FunctionLog::new("Function".to_owned(), Arc::new(|_| {}));
        let endless = vec![b'x'; 100_000];
        log.follow(&endless[..]).await;
        assert_eq!(log.mark(), 2);
    }
}
