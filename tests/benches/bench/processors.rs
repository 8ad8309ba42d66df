//! Which processors a process runs on.

use std::process::{Command, Stdio};

/// Keeps this thread, and whatever it starts meanwhile, to the first processor, until this is dropped.
pub(crate) struct OneProcessor {
    /// How many there were before.
    all: usize,
}

impl OneProcessor {
    pub(crate) fn keep() -> Self {
        let all = std::thread::available_parallelism().map_or(1, usize::from);
        pin(std::process::id(), "0");
        Self { all }
    }
}

impl Drop for OneProcessor {
    fn drop(&mut self) {
        pin(std::process::id(), &format!("0-{}", self.all - 1));
    }
}

/// Keeps a process to these processors, where Linux's `taskset` is there; elsewhere the figures are noisier.
pub(crate) fn pin(process_id: u32, processors: &str) {
    let mut taskset = Command::new("taskset");
    taskset.args(["-pc", processors, &process_id.to_string()]);
    drop(taskset.stdout(Stdio::null()).stderr(Stdio::null()).status());
}
