//! One execution environment: a process that answers one event at a time.

use std::process::ExitStatus;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use tokio::process::Child;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};

use super::calls::Call;
use super::{Functions, Invocation, InvokeError, Serving, failure, process};
use crate::ids;

/// What a process says to the Runtime API.
pub(super) enum Said {
    /// It asks for its next event.
    Next(oneshot::Sender<Delivery>),
    /// It answers an event; the receiver learns whether that event is its to answer.
    Answer {
        request_id: String,
        invocation: Invocation,
        accepted: oneshot::Sender<bool>,
    },
    /// It cannot start.
    InitError(Bytes),
}

/// An event as the Runtime API hands it out.
pub(super) struct Delivery {
    pub(super) request_id: String,
    pub(super) payload: Bytes,
    pub(super) deadline_ms: u128,
    pub(super) function_arn: String,
}

/// Why an environment ended.
enum End {
    Exited(ExitStatus),
    TimedOut,
    Stopped,
}

/// Starts an environment, and another in its place for as long as calls wait when it ends.
pub(super) fn start(functions: Functions, serving: Arc<Serving>) {
    tokio::spawn(async move {
        loop {
            let stop = functions.0.stop.subscribe();
            if *stop.borrow() {
                return;
            }
            let ended_while_busy = live(&functions, &serving, stop).await;
            if !serving.calls.ended(ended_while_busy) {
                return;
            }
        }
    });
}

/// Runs one process from start to end; returns whether it was busy then.
async fn live(functions: &Functions, serving: &Arc<Serving>, stop: watch::Receiver<bool>) -> bool {
    let id = ids::uuid().replace('-', "");
    // The process has one connection, so more than a few messages at a time cannot come. It must find its Runtime API at once.
    let (say, said) = mpsc::channel(4);
    functions.environments().insert(id.clone(), say);
    let mut child = match process::spawn(functions, serving, &id) {
        Ok(child) => child,
        Err(problem) => {
            functions.environments().remove(&id);
            serving.log.tell(&problem);
            if let Some(call) = serving.calls.next_to_fail() {
                _ = call.answer.send(Err(InvokeError::CouldNotStart(problem)));
            }
            return false;
        }
    };
    let output = process::follow_output(&mut child, serving);
    let mut environment = Environment {
        serving,
        child,
        said,
        stop,
        asking: None,
        current: None,
        started: false,
        init_error: None,
        deadline: Instant::now() + functions.0.settings.init_limit,
    };
    let end = environment.serve().await;
    functions.environments().remove(&id);
    _ = environment.child.kill().await;
    output.last_lines().await;
    environment.finish(end)
}

struct Environment<'a> {
    serving: &'a Serving,
    child: Child,
    said: mpsc::Receiver<Said>,
    stop: watch::Receiver<bool>,
    /// Set while the process waits for an event.
    asking: Option<oneshot::Sender<Delivery>>,
    /// Set while the process answers an event.
    current: Option<Call>,
    /// Whether it has asked for an event at all.
    started: bool,
    init_error: Option<Bytes>,
    /// When the process must have asked for its next event: its start, and each event with what follows it, has a limit.
    deadline: Instant,
}

impl Environment<'_> {
    async fn serve(&mut self) -> End {
        let calls = &self.serving.calls;
        loop {
            // What the process said comes before how it ended: it may answer and exit at once.
            tokio::select! {
                biased;
                Some(said) = self.said.recv() => self.hear(said),
                Ok(status) = self.child.wait() => return End::Exited(status),
                _ = self.stop.changed() => return End::Stopped,
                call = calls.next(), if self.asking.is_some() => self.deliver(call),
                () = sleep_until(self.deadline), if self.asking.is_none() => return End::TimedOut,
            }
        }
    }

    fn hear(&mut self, said: Said) {
        match said {
            // An event before the last one is answered is refused, by dropping the sender.
            Said::Next(ask) if self.current.is_none() => {
                self.started = true;
                self.asking = Some(ask);
            }
            Said::Next(_) => {}
            Said::Answer {
                request_id,
                invocation,
                accepted,
            } => {
                let call = self.current.take_if(|call| call.request_id == request_id);
                _ = accepted.send(call.is_some());
                if let Some(call) = call {
                    self.serving.calls.finished();
                    // The caller may have given up; then the answer is dropped.
                    _ = call.answer.send(Ok(invocation));
                }
            }
            Said::InitError(payload) => self.init_error = Some(payload),
        }
    }

    fn deliver(&mut self, call: Call) {
        let function = &self.serving.function;
        let deadline = SystemTime::now() + function.timeout;
        let delivery = Delivery {
            request_id: call.request_id.clone(),
            payload: call.payload.clone(),
            deadline_ms: deadline
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default()
                .as_millis(),
            function_arn: function.arn.clone(),
        };
        self.deadline = Instant::now() + function.timeout;
        self.current = Some(call);
        // A process that asked and went away is about to be found dead, or runs into its deadline.
        if let Some(ask) = self.asking.take() {
            _ = ask.send(delivery);
        }
    }

    /// Fails the call that the process leaves unanswered and says what became of it; returns whether it was busy.
    fn finish(self, end: End) -> bool {
        let Self {
            serving,
            current,
            started,
            init_error,
            ..
        } = self;
        let busy = current.is_some();
        // A process that never asked for an event was started for one all the same.
        let call = current.or_else(|| {
            if started {
                None
            } else {
                serving.calls.next_to_fail()
            }
        });
        let when = match (started, busy) {
            (false, _) => "before its first event",
            (true, false) => "between events",
            (true, true) => "while it answered an event",
        };
        let limit = serving.function.timeout;
        let payload_for: Box<dyn Fn(&str) -> Bytes> = match end {
            End::Stopped => return busy,
            End::TimedOut => {
                serving
                    .log
                    .tell(&format!("took too long {when} and was ended"));
                Box::new(move |request_id| failure::timed_out(request_id, limit))
            }
            End::Exited(status) => {
                serving
                    .log
                    .tell(&format!("{} {when}", failure::reason(status)));
                Box::new(move |request_id| failure::exited(request_id, status))
            }
        };
        if let Some(call) = call {
            let payload = init_error.unwrap_or_else(|| payload_for(&call.request_id));
            _ = call.answer.send(Ok(Invocation::FunctionError(payload)));
        }
        busy
    }
}
