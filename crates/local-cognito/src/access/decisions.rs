//! What was decided about permissions, for the console and the tests.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use iam_policy::Decision;
use serde::Serialize;

/// How many are kept; older ones are dropped.
const KEPT: usize = 1_000;

/// The decisions, oldest first. Held for a look-up or change only, hence std's mutex.
#[derive(Default)]
pub(crate) struct Decisions(Mutex<VecDeque<Decided>>);

/// One decision. It holds no values of requests, which may be anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Decided {
    /// When, in seconds since the Unix epoch.
    time: i64,
    /// The ARN of the session that asked, or an identity's id.
    principal: String,
    action: String,
    resource: String,
    allowed: bool,
    /// The statement that decided; `null` where none is about it.
    by: Option<String>,
}

impl Decisions {
    pub(crate) fn record(
        &self,
        time: i64,
        principal: &str,
        action: &str,
        resource: &str,
        decision: &Decision,
    ) {
        let (allowed, by) = match decision {
            Decision::Allowed { by } => (true, Some(by.clone())),
            Decision::Denied { by, .. } => (false, Some(by.clone())),
            Decision::NotAllowed { .. } => (false, None),
        };
        let mut decided = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if decided.len() == KEPT {
            decided.pop_front();
        }
        decided.push_back(Decided {
            time,
            principal: principal.to_owned(),
            action: action.to_owned(),
            resource: resource.to_owned(),
            allowed,
            by,
        });
    }

    /// All that are kept, oldest first.
    pub(crate) fn all(&self) -> Vec<Decided> {
        let decided = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        decided.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_are_dropped() {
        let decisions = Decisions::default();
        let by = "app: Read".to_owned();
        for time in 0..=i64::try_from(KEPT).unwrap() {
            let decision = Decision::Allowed { by: by.clone() };
            decisions.record(time, "somebody", "s3:GetObject", "*", &decision);
        }
        let all = decisions.all();
        assert_eq!((all.len(), all[0].time), (KEPT, 1));
        assert_eq!(all[0].by, Some(by));
    }
}
