//! The calls to one function, and how many environments it takes to answer them.
//!
//! As on Lambda, an environment answers one event at a time, a further one starts when all are busy, and what has started stays warm.
//! Above the limit, where Lambda would throttle, calls wait.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::{Notify, oneshot};

use super::{Invocation, InvokeError};

/// An event on its way to a function, and where the answer goes.
pub(super) struct Call {
    pub(super) request_id: String,
    pub(super) payload: Bytes,
    pub(super) answer: oneshot::Sender<Result<Invocation, InvokeError>>,
    /// Whether all environments were taken when it came.
    over_limit: bool,
}

impl Call {
    pub(super) fn new(
        request_id: String,
        payload: Bytes,
        answer: oneshot::Sender<Result<Invocation, InvokeError>>,
    ) -> Self {
        Self {
            request_id,
            payload,
            answer,
            over_limit: false,
        }
    }
}

pub(super) struct Calls {
    max_environments: usize,
    /// Held for a few instructions and never across an await, hence std's mutex.
    state: Mutex<State>,
    arrived: Notify,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Call>,
    environments: usize,
    busy: usize,
    closed: bool,
}

impl State {
    /// Whether the calls that wait are more than the environments that are free, or will be once they have started.
    fn short_of_environments(&self) -> bool {
        self.waiting.len() > self.environments - self.busy
    }

    fn take_to_answer(&mut self) -> Option<Call> {
        let call = self.take()?;
        self.busy += 1;
        Some(call)
    }

    /// The oldest call. One that Lambda would have throttled, and whose caller has given up, never reaches the function.
    fn take(&mut self) -> Option<Call> {
        loop {
            let call = self.waiting.pop_front()?;
            if !(call.over_limit && call.answer.is_closed()) {
                return Some(call);
            }
        }
    }
}

impl Calls {
    pub(super) fn new(max_environments: usize) -> Self {
        Self {
            max_environments,
            state: Mutex::default(),
            arrived: Notify::new(),
        }
    }

    /// Lets a call wait for its environment; true when the caller must start one for it.
    #[must_use]
    pub(super) fn push(&self, call: Call) -> bool {
        let mut state = self.state();
        if state.closed {
            return false;
        }
        state.waiting.push_back(call);
        let short = state.short_of_environments();
        let start = short && state.environments < self.max_environments;
        if start {
            state.environments += 1;
        } else if let Some(call) = state.waiting.back_mut() {
            call.over_limit = short;
        }
        drop(state);
        self.arrived.notify_one();
        start
    }

    /// The next call, for an environment that is busy from then on.
    pub(super) async fn next(&self) -> Call {
        loop {
            let arrived = self.arrived.notified();
            if let Some(call) = self.state().take_to_answer() {
                return call;
            }
            arrived.await;
        }
    }

    /// An environment has answered its call.
    pub(super) fn finished(&self) {
        self.state().busy -= 1;
    }

    /// The next call, for an environment that could not start.
    pub(super) fn next_to_fail(&self) -> Option<Call> {
        self.state().take()
    }

    /// An environment has ended; true when it must be replaced, since calls wait for it.
    #[must_use]
    pub(super) fn ended(&self, while_busy: bool) -> bool {
        let mut state = self.state();
        state.busy -= usize::from(while_busy);
        state.environments -= 1;
        let replace = state.short_of_environments();
        state.environments += usize::from(replace);
        replace
    }

    /// Takes no more calls and drops those that wait.
    pub(super) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.waiting.clear();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
