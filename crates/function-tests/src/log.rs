use std::cell::RefCell;
use std::io;
use std::sync::Once;

use serde_json::Value;
use tracing::Subscriber;

thread_local! {
    static WRITTEN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// What is logged by a test, which has a thread of its own.
///
/// All tests of a program share one subscriber, which is there before the first line: `tracing` remembers of each line whether anybody
/// wanted it when it was first reached, and one subscriber for each test would leave lines out by chance.
pub struct Log(());

impl Log {
    /// Keeps what this thread logs from now on, with everything that is at least `INFO`.
    pub fn start() -> Self {
        Self::start_with(|| {
            tracing_subscriber::fmt()
                .json()
                .without_time()
                .with_writer(|| ThisThread)
                .finish()
        })
    }

    /// The same with a subscriber that writes to [`ThisThread`]; the first one of a program stays.
    pub fn start_with<Lines: Subscriber + Send + Sync>(lines: impl FnOnce() -> Lines) -> Self {
        static STARTED: Once = Once::new();
        STARTED.call_once(|| tracing::subscriber::set_global_default(lines()).unwrap());
        WRITTEN.take();
        Self(())
    }

    /// The lines as they were written.
    pub fn text(&self) -> String {
        WRITTEN.with_borrow(|written| String::from_utf8(written.clone()).unwrap())
    }

    /// The lines, each an object.
    pub fn lines(&self) -> Vec<Value> {
        let text = self.text();
        let lines = text.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The lines' own fields, without level and target.
    pub fn fields(&self) -> Vec<Value> {
        let lines = self.lines().into_iter();
        lines.map(|mut line| line["fields"].take()).collect()
    }
}

/// Takes lines for the [`Log`] of the thread that writes them.
pub struct ThisThread;

impl io::Write for ThisThread {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        WRITTEN.with_borrow_mut(|written| written.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::Log;

    fn reached() {
        tracing::warn!("reached");
    }

    #[test]
    fn a_line_that_was_reached_elsewhere_first_is_kept_and_those_of_others_are_not() {
        reached();
        let log = Log::start();
        thread::spawn(reached).join().unwrap();
        assert_eq!(log.text(), "");
        reached();
        assert_eq!(log.fields()[0]["message"], "reached");
        assert_eq!(Log::start().text(), "");
    }
}
