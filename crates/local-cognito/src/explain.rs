//! What one function makes of one event, for people: the decision, the rule behind it, what it changes, what it asked, how long it took.
//!
//! The function's own binary decides, against tables that are empty or those of a data directory; nothing is simulated.

mod difference;
mod lookups;

use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use self::lookups::Lookups;
use crate::functions::Invocation;
use crate::start::{Options, start};

/// What a function has printed takes another way than its answer, so it is waited for: this long, this often.
const LOG_ARRIVES: (Duration, u32) = (Duration::from_millis(10), 50);

/// Sends one event to one function, and says what came of it.
///
/// The event's pool is taken to be the template's own, so that what the function asks about the pool is answered.
///
/// # Errors
///
/// Why the stand-in could not start, the event could not be read, or the function could not be called.
pub async fn explain(
    mut options: Options,
    function: &str,
    event: &[u8],
) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let said = Said::default();
    let lines = said.clone();
    let through = std::mem::replace(&mut options.log, Arc::new(move |line| lines.take(line)));
    let running = start(options).await?;
    let mut event: Value = serde_json::from_slice(event).map_err(|_| "the event is not JSON")?;
    let pool = running.only_pool();
    if let (Some(pool), Some(named)) = (pool, event.get_mut("userPoolId")) {
        *named = Value::from(pool);
    }

    let tables = running.table_names();
    let lookups = Lookups::default();
    let started = Instant::now();
    let routes = |routes| lookups.noted(routes);
    let invocation = running
        .invoke_by(routes, function, event.to_string().into())
        .await?;
    let took = started.elapsed();
    let decision = said.decision().await;
    // Warnings, and what became of the process.
    for line in said.others() {
        through(&line);
    }

    let mut text = String::new();
    let mut row = |name: &str, values: Vec<String>| {
        for (place, value) in values.iter().enumerate() {
            let name = if place == 0 { name } else { "" };
            let _ = writeln!(text, "{name:<10}{}", value.trim());
        }
    };
    let source = event.get("triggerSource").and_then(Value::as_str);
    row(
        "function",
        vec![format!(
            "{function}, for {}",
            source.unwrap_or("no trigger source")
        )],
    );
    let of_decision = |name: &str| {
        let decision = decision.as_ref();
        let field = decision
            .and_then(|line| line.get(name))
            .and_then(Value::as_str);
        field.map(str::to_owned)
    };
    row("decision", of_decision("decision").into_iter().collect());
    row("rule", of_decision("reason").into_iter().collect());
    row("cause", of_decision("cause").into_iter().collect());
    match invocation {
        Invocation::Answered(answer) => {
            let answer: Value = serde_json::from_slice(&answer).unwrap_or_default();
            let none = Value::Null;
            let response = |event: &Value| event.get("response").unwrap_or(&none).clone();
            let mut changed = difference::between(&response(&event), &response(&answer));
            if changed.is_empty() {
                changed.push("unchanged".to_owned());
            }
            row("response", changed);
        }
        Invocation::FunctionError(error) => {
            let error: Value = serde_json::from_slice(&error).unwrap_or_default();
            let shown = error.get("errorMessage").and_then(Value::as_str);
            row("shown", vec![shown.unwrap_or_default().to_owned()]);
        }
    }
    let mut asked = lookups.lines(|name| tables.get(name).cloned().unwrap_or(name.to_owned()));
    if asked.is_empty() {
        asked.push("none".to_owned());
    }
    row("lookups", asked);
    let decided = decision
        .as_ref()
        .and_then(|line| line.get("duration_ms"))
        .and_then(Value::as_u64);
    row(
        "time",
        vec![format!(
            "{} ms to decide, {} ms with the start of the process",
            decided.unwrap_or_default(),
            took.as_millis()
        )],
    );
    Ok(text)
}

/// What the function has printed so far.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<String>>>);

impl Said {
    fn take(&self, line: &str) {
        self.lines().push(line.to_owned());
    }

    /// The decision's own line, once it is there.
    async fn decision(&self) -> Option<Value> {
        let (pause, times) = LOG_ARRIVES;
        for _ in 0..times {
            let found = self.lines().iter().find_map(|line| decision_in(line));
            if found.is_some() {
                return found;
            }
            tokio::time::sleep(pause).await;
        }
        None
    }

    fn others(&self) -> Vec<String> {
        let lines = self.lines();
        lines
            .iter()
            .filter(|line| decision_in(line).is_none())
            .cloned()
            .collect()
    }

    fn lines(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The line of a decision, which stands behind the function's name: `docs/LOGGING.md`.
fn decision_in(line: &str) -> Option<Value> {
    let (_, line) = line.split_once(": ")?;
    let line: Value = serde_json::from_str(line).ok()?;
    line.get("decision").is_some().then_some(line)
}
