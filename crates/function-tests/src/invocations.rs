use std::sync::{Arc, Mutex};

use aws_types::SdkConfig;
use serde_json::Value;

use crate::service::{connection, response};

/// Lambda in this process, as far as it takes events that nobody waits for.
#[derive(Clone, Default)]
pub struct Invocations(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    failing: Option<&'static str>,
    taken: Vec<Value>,
}

impl Invocations {
    /// Has every call fail with this exception from now on, or none.
    pub fn fail(&self, exception: Option<&'static str>) {
        self.0.lock().unwrap().failing = exception;
    }

    /// For a client of it.
    pub fn connection(&self) -> SdkConfig {
        let invocations = self.clone();
        connection(move |request| {
            let mut state = invocations.0.lock().unwrap();
            if let Some(exception) = state.failing {
                return Err(exception);
            }
            let kind = request.headers().get("x-amz-invocation-type");
            assert_eq!(kind, Some("Event"), "nobody waits");
            let event = serde_json::from_slice(request.body().bytes().unwrap());
            state.taken.push(event.unwrap());
            Ok(response(202, ""))
        })
    }

    /// The events that were taken since this was asked last.
    pub fn taken(&self) -> Vec<Value> {
        std::mem::take(&mut self.0.lock().unwrap().taken)
    }
}
