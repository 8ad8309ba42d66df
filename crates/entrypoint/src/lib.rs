//! The edge: what every function does around its decision.
//!
//! A function's `main` starts the log, reads its configuration, makes its clients and calls [`run()`]. Around each event the edge parses
//! a typed view from the raw JSON, calls the function's `handle`, lays the decided fields over the event's `response` and returns the
//! same JSON. Whatever goes wrong becomes one of two things: a refusal, whose text was written for the end user, or an internal
//! failure, whose cause is logged and whose public text is always the same.
//!
//! A function behind an HTTP API calls [`run_http`] instead: no event goes back there, and a failure is an answer like any other.
//!
//! The edge knows no trigger's types and no AWS service.

mod causes;
mod deadline;
mod decided;
mod decision_log;
mod env;
mod envelope;
mod exit;
mod failure;
mod http;
mod log;
mod run;

pub use causes::with_causes;
pub use deadline::{OutOfPatience, within_patience};
pub use decided::Decided;
pub use env::{Env, Problems};
pub use exit::exit_code;
pub use failure::{Failure, UNAVAILABLE};
pub use http::{answer_http, run_http};
pub use log::start as start_log;
pub use run::{answer, run};
