//! The messages that would have left by e-mail and SMS, codes included.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

/// How many messages are kept; older ones are dropped.
const KEPT: usize = 1_000;

/// Takes what Cognito would send.
#[derive(Clone, Default)]
pub(crate) struct Outbox {
    messages: Arc<Mutex<VecDeque<Message>>>,
}

/// A message that would have been sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Message {
    /// When, in seconds since the Unix epoch.
    pub(crate) time: i64,
    /// `EMAIL` or `SMS`.
    pub(crate) medium: &'static str,
    /// The address or number.
    pub(crate) to: String,
    /// What made Cognito send it, as the custom message trigger names it.
    pub(crate) reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<String>,
    pub(crate) body: String,
    /// The code or temporary password in the body, so that a test need not read prose.
    pub(crate) code: String,
}

impl Outbox {
    pub(crate) fn send(&self, message: Message) {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        if messages.len() == KEPT {
            messages.pop_front();
        }
        messages.push_back(message);
    }

    /// All messages kept, oldest first.
    pub(crate) fn messages(&self) -> Vec<Message> {
        self.messages
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }
}
