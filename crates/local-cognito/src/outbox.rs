//! The messages that would have left by e-mail and SMS, codes included: those of Cognito, and those that functions send by themselves.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

/// How many messages are kept; older ones are dropped.
const KEPT: usize = 1_000;

/// Takes what would be sent.
#[derive(Clone, Default)]
pub(crate) struct Outbox {
    messages: Arc<Mutex<VecDeque<Kept>>>,
}

/// A message, whoever sends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Kept {
    ByCognito(Message),
    ByFunction(Sent),
}

/// A message that Cognito would have sent.
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

/// A message that a function sent by a provider.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sent {
    /// When, in seconds since the Unix epoch.
    pub(crate) time: i64,
    /// `EMAIL` or `SMS`.
    pub(crate) medium: &'static str,
    /// `ses`, `sns` or `sms-voice`.
    pub(crate) provider: &'static str,
    pub(crate) region: String,
    pub(crate) message_id: String,
    pub(crate) from: Option<String>,
    /// The addresses, separated by commas, or the number.
    pub(crate) to: String,
    pub(crate) subject: Option<String>,
    /// The plain text if there is one.
    pub(crate) body: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) html: Option<String>,
}

impl Outbox {
    pub(crate) fn send(&self, message: Message) {
        self.keep(Kept::ByCognito(message));
    }

    pub(crate) fn take(&self, sent: Sent) {
        self.keep(Kept::ByFunction(sent));
    }

    fn keep(&self, message: Kept) {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        if messages.len() == KEPT {
            messages.pop_front();
        }
        messages.push_back(message);
    }

    /// All messages kept, oldest first.
    pub(crate) fn messages(&self) -> Vec<Kept> {
        self.messages
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }
}
