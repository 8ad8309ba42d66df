//! The functions that are measured: their settings, and the events that they get.

mod challenges;
mod http;
mod triggers;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tests::stand_in::{StandIn, binary};

use crate::runtime_api::Function;

/// A function as it is measured.
pub(crate) struct Measured {
    pub(crate) name: &'static str,
    binary: PathBuf,
    variables: BTreeMap<&'static str, String>,
    pub(crate) event: String,
    /// The most times noop-function's start that this one's may take.
    pub(crate) start: Option<f64>,
    /// The most times noop-function's warm event that this one's may take.
    pub(crate) warm: Option<f64>,
    /// The most megabytes that it may hold.
    pub(crate) resident: f64,
}

/// Starts are measured with an event that needs no look-up, the clients made for everything that can be configured.
pub(crate) fn functions(stand_in: &StandIn) -> Vec<Measured> {
    let mut functions = triggers::functions(stand_in);
    functions.extend(challenges::functions(stand_in));
    functions.extend(http::functions(stand_in));
    functions
}

/// Of a password that nobody has.
const SAMPLE_HASH: &str = "$2b$04$uUt0ifDom5GT6NSiKBEP0.ZoJtX0L2SfNXtahHfk787prcdA27Ub2";

/// No key of the stand-in's: what is measured asks for none.
const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555";

/// What most functions may hold, in megabytes.
const RESIDENT: f64 = 12.0;

impl Measured {
    fn of(
        name: &'static str,
        variables: impl IntoIterator<Item = (&'static str, String)>,
        event: &str,
    ) -> Self {
        Self {
            name,
            binary: binary(name),
            variables: variables.into_iter().collect(),
            event: event.to_owned(),
            start: None,
            warm: None,
            resident: RESIDENT,
        }
    }

    fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    fn starts_within(self, times: f64) -> Self {
        let start = Some(times);
        Self { start, ..self }
    }

    fn answers_within(self, times: f64) -> Self {
        let warm = Some(times);
        Self { warm, ..self }
    }

    fn holds(self, resident: f64) -> Self {
        Self { resident, ..self }
    }

    pub(crate) fn start(&self) -> (Function, std::time::Duration) {
        Function::start(&self.binary, &self.variables, &self.event)
    }
}

pub(crate) fn event(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../events")
        .join(file);
    std::fs::read_to_string(path).expect("the event files are there")
}

/// An event that is answered without a look-up, as none is known to help.
pub(crate) fn of_unknown_source(event: &str) -> String {
    let mut event: Value = serde_json::from_str(event).expect("event files are JSON");
    event["triggerSource"] = json!("Trigger_Unknown");
    event.to_string()
}
