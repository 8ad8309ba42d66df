//! The functions: their real binaries, run through a real Lambda Runtime API.
//!
//! A call waits in its function's queue (`calls`) until an execution environment, which is one process (`environment`), takes it. The
//! process fetches it from the Runtime API and posts its answer there (`runtime_api`). Clients call functions by Lambda's `Invoke`
//! (`invoke_api`), user pools in Cognito's manner (`fire`), if the function's resource policy lets them (`policy`). An event that nobody
//! waits for is tried again when it fails (`asynchronous`), and is put aside in the end (`dead_letters`).
//!
//! Source: AWS Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes" and "Understanding the Lambda execution
//! environment lifecycle".

mod asynchronous;
mod calls;
mod dead_letters;
mod environment;
mod failure;
pub(crate) mod fire;
mod invoke_api;
mod log;
mod policy;
mod process;
mod refusal;
mod runtime_api;
mod variables;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use bytes::Bytes;
use tokio::sync::{mpsc, oneshot, watch};

use crate::clock::Clock;
use crate::credentials::Credentials;
use crate::ids;
use crate::template::Function;
use calls::{Call, Calls};
use dead_letters::DeadLetters;
use environment::Said;
use log::FunctionLog;
use policy::Policy;

/// What all functions have in common.
#[derive(Clone)]
pub(crate) struct Settings {
    /// The directory of the binaries.
    pub(crate) binaries: PathBuf,
    /// Where the functions reach the stand-in, such as `http://127.0.0.1:9229`.
    pub(crate) endpoint: String,
    pub(crate) region: String,
    pub(crate) account_id: String,
    /// How many environments of one function run at most; further calls wait.
    pub(crate) max_environments: usize,
    /// How long an environment may take from its start to asking for its first event. Lambda's limit is 10 s.
    pub(crate) init_limit: Duration,
    /// How long Cognito waits for one attempt: 5 s, which cannot be changed there.
    pub(crate) attempt_limit: Duration,
    pub(crate) clock: Clock,
    pub(crate) log: LogSink,
}

/// Takes what the functions print and what becomes of their processes, line by line, each led by the function's logical id.
pub(crate) type LogSink = Arc<dyn Fn(&str) + Send + Sync>;

impl Settings {
    pub(crate) fn new(
        binaries: PathBuf,
        endpoint: String,
        region: String,
        account_id: String,
        clock: Clock,
        log: LogSink,
    ) -> Self {
        Self {
            // The processes run in that directory, so a relative path would mean another one there.
            binaries: std::path::absolute(&binaries).unwrap_or(binaries),
            endpoint,
            region,
            account_id,
            max_environments: 8,
            init_limit: Duration::from_secs(10),
            attempt_limit: Duration::from_secs(5),
            clock,
            log,
        }
    }
}

/// The stack's functions, ready to be called. Clones share everything.
#[derive(Clone)]
pub(crate) struct Functions(Arc<Shared>);

struct Shared {
    settings: Settings,
    functions: Vec<Arc<Serving>>,
    dead_letters: DeadLetters,
    /// The environments by their id, which is part of the Runtime API's path for each. Held for a look-up only, hence std's mutex.
    environments: Mutex<HashMap<String, mpsc::Sender<Said>>>,
    /// Turns true when the environments are to end. Each holds a receiver for as long as its process lives.
    stop: watch::Sender<bool>,
}

/// A function, the calls to it, and its log.
struct Serving {
    function: Function,
    /// Those of its role.
    credentials: Credentials,
    calls: Calls,
    log: FunctionLog,
    policy: Policy,
}

/// One invocation, as Lambda reports it. An answer holds user data, so only tests may print it.
#[cfg_attr(test, derive(Debug, PartialEq, Eq))]
pub(crate) enum Invocation {
    /// What the function answered, whatever it is.
    Answered(Bytes),
    /// The function failed, by itself or with its process (`FunctionError` is `Unhandled`); the payload is JSON with `errorType` and
    /// `errorMessage`.
    FunctionError(Bytes),
}

/// Why a function was not invoked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvokeError {
    #[error("Function not found: {arn}")]
    NotFound { arn: String },
    /// The text is for the operator.
    #[error("{0}")]
    CouldNotStart(String),
    #[error("the stand-in is shutting down")]
    ShuttingDown,
}

impl Functions {
    /// Starts nothing yet: a function's process starts with its first event.
    pub(crate) fn new(functions: Vec<(Function, Credentials)>, settings: Settings) -> Self {
        let functions = functions
            .into_iter()
            .map(|(function, credentials)| {
                Arc::new(Serving {
                    calls: Calls::new(settings.max_environments),
                    log: FunctionLog::new(function.logical_id.clone(), settings.log.clone()),
                    policy: Policy::new(function.permissions.clone()),
                    function,
                    credentials,
                })
            })
            .collect();
        Self(Arc::new(Shared {
            settings,
            functions,
            dead_letters: DeadLetters::default(),
            environments: Mutex::default(),
            stop: watch::Sender::new(false),
        }))
    }

    /// The Runtime API, which the functions speak, and what failed for good.
    pub(crate) fn routes(&self) -> Router {
        runtime_api::routes()
            .merge(dead_letters::routes())
            .with_state(self.clone())
    }

    /// Lambda's `Invoke`, which the functions' callers speak, and its permissions.
    pub(crate) fn api(&self) -> Router {
        invoke_api::routes()
            .merge(policy::routes())
            .with_state(self.clone())
    }

    /// The ARN of a function, which may have been named in another way, or not exist.
    pub(crate) fn arn(&self, name: &str) -> String {
        match self.find(name) {
            Ok(serving) => serving.function.arn.clone(),
            Err(InvokeError::NotFound { arn }) => arn,
            Err(InvokeError::CouldNotStart(_) | InvokeError::ShuttingDown) => name.to_owned(),
        }
    }

    /// Invokes a function once, known by its logical id, name or ARN, and waits for as long as Lambda lets it run.
    ///
    /// Dropping the returned future drops the answer, not the invocation.
    ///
    /// # Errors
    ///
    /// [`InvokeError`] when no process of the function saw the event.
    pub(crate) async fn invoke(
        &self,
        name: &str,
        payload: Bytes,
    ) -> Result<Invocation, InvokeError> {
        let serving = self.find(name)?;
        self.call(serving, ids::uuid(), payload).await
    }

    async fn call(
        &self,
        serving: &Arc<Serving>,
        request_id: String,
        payload: Bytes,
    ) -> Result<Invocation, InvokeError> {
        let (answer, answered) = oneshot::channel();
        if serving.calls.push(Call::new(request_id, payload, answer)) {
            environment::start(self.clone(), serving.clone());
        }
        answered.await.unwrap_or(Err(InvokeError::ShuttingDown))
    }

    /// Ends all processes and waits until they are gone. Who still waits for an answer learns that there will be none.
    pub(crate) async fn shutdown(&self) {
        for serving in &self.0.functions {
            serving.calls.close();
        }
        self.0.stop.send_replace(true);
        self.0.stop.closed().await;
    }

    fn find(&self, name: &str) -> Result<&Arc<Serving>, InvokeError> {
        // The one version there is may be named.
        let name = name.strip_suffix(":$LATEST").unwrap_or(name);
        let known = |serving: &&Arc<Serving>| {
            let function = &serving.function;
            [&function.logical_id, &function.name, &function.arn].contains(&&name.to_owned())
        };
        let Settings {
            region, account_id, ..
        } = &self.0.settings;
        self.0
            .functions
            .iter()
            .find(known)
            .ok_or_else(|| InvokeError::NotFound {
                arn: if name.starts_with("arn:") {
                    name.to_owned()
                } else {
                    format!("arn:aws:lambda:{region}:{account_id}:function:{name}")
                },
            })
    }

    fn environments(&self) -> MutexGuard<'_, HashMap<String, mpsc::Sender<Said>>> {
        self.0
            .environments
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
