//! What a process manager or a bad day does to a stand-in.

use std::process::Command;

use super::StandIn;

impl StandIn {
    /// Stops it as a process manager would, so that it saves what it has.
    ///
    /// # Panics
    ///
    /// When it cannot be signalled.
    pub fn stop(mut self) {
        self.signal("TERM");
        drop(self.process.wait());
    }

    /// Has it fall silent: connections are made, and nothing is answered, until [`StandIn::go_on`].
    ///
    /// # Panics
    ///
    /// When it cannot be signalled.
    pub fn fall_silent(&self) {
        self.signal("STOP");
    }

    /// Has it answer again, where it was and with all that it knew.
    ///
    /// # Panics
    ///
    /// When it cannot be signalled.
    pub fn go_on(&self) {
        self.signal("CONT");
    }

    fn signal(&self, signal: &str) {
        let signalled = Command::new("kill")
            .args(["-s", signal, &self.process.id().to_string()])
            .status()
            .expect("`kill` runs");
        assert!(signalled.success(), "the process is there");
    }
}
