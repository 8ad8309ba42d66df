//! What the stand-in's pool, and functions through its providers, have sent.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::stand_in::StandIn;

/// How long a message may take: functions send after Cognito has answered.
const PATIENCE: Duration = Duration::from_secs(10);

impl StandIn {
    /// The messages that are meant, first sent first, once there are so many.
    ///
    /// # Panics
    ///
    /// When there are more, or fewer after 10 seconds; it says what was sent instead.
    pub fn sent(&self, count: usize, is_meant: impl Fn(&Value) -> bool) -> Vec<Value> {
        let give_up = Instant::now() + PATIENCE;
        loop {
            let outbox = self.get("outbox");
            let messages = outbox.as_array().into_iter().flatten();
            let sent: Vec<_> = messages.filter(|message| is_meant(message)).collect();
            if sent.len() == count {
                return sent.into_iter().cloned().collect();
            }
            assert!(
                sent.len() < count && Instant::now() < give_up,
                "{} messages where {count} were to be sent: {outbox}",
                sent.len()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The last code that was sent to an address.
    ///
    /// # Panics
    ///
    /// When none was sent.
    pub fn code_for(&self, address: &str) -> String {
        let outbox = self.get("outbox");
        let mut messages = outbox.as_array().into_iter().flatten();
        let last = messages.rfind(|message| message["to"] == address);
        let code = last.and_then(|message| message["code"].as_str());
        code.expect("a code was sent").to_owned()
    }
}
