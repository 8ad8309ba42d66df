//! Start, warm events and memory of the functions.

use tests::stand_in::StandIn;

use crate::measured::{Measured, functions};
use crate::processors::{OneProcessor, pin};
use crate::report::{Bound, Report, percentile};
use crate::runtime_api::Function;

/// Starts of each function, one after each of noop-function's.
const STARTS: usize = 100;
const WARM_EVENTS: usize = 5_000;
/// Events in a row to one function: enough that its code is in the processor's caches, as it is in a function of its own.
const TURN: usize = 100;
const MEGABYTE: f64 = 1_048_576.0;

/// Their figures, noop-function's first and the others' beside it.
pub(crate) fn measure(report: &mut Report) {
    let stand_in = StandIn::start(&[]);
    let functions = functions(&stand_in);

    let pairs: Vec<Pair> = functions
        .iter()
        .map(|function| starts_by_turns(&functions[0], function))
        .collect();
    let mut running: Vec<Function> = functions
        .iter()
        .map(|function| function.start().0)
        .collect();
    let mut warm = warm_events(&functions, &mut running);

    let medians: Vec<f64> = warm
        .iter_mut()
        .map(|times| percentile(times, 0.5))
        .collect();
    for (index, function) in functions.iter().enumerate() {
        let mut add = |what: &str, value: f64, unit: &str, bound: Bound| {
            report.add(&format!("{}: {what}", function.name), value, unit, bound);
        };
        add(
            "start to first answer, median",
            pairs[index].own,
            "ms",
            Bound::None,
        );
        let bounded = |most: f64| Bound::AtMost(most);
        if let Some(most) = function.start {
            let times = pairs[index].own / pairs[index].noop;
            add(
                "start, against noop-function",
                times,
                "times",
                bounded(most),
            );
        }
        add("warm event, p50", medians[index], "µs", Bound::None);
        let slow = percentile(&mut warm[index], 0.99);
        add("warm event, p99", slow, "µs", Bound::None);
        if let Some(most) = function.warm {
            let times = medians[index] / medians[0];
            add(
                "warm event, against noop-function",
                times,
                "times",
                bounded(most),
            );
        }
        let resident = running[index].resident_bytes() / MEGABYTE;
        add(
            "resident after 5,000 events",
            resident,
            "MB",
            bounded(function.resident),
        );
    }
}

/// The medians of a function's starts and of noop-function's between them, in milliseconds.
struct Pair {
    noop: f64,
    own: f64,
}

/// By turns, so that a machine that slows down slows both down, and with no third program between them: each has a machine of its own
/// where it is deployed, and is not pushed out of the processor's caches by twenty others.
fn starts_by_turns(noop: &Measured, function: &Measured) -> Pair {
    let milliseconds = |function: &Measured| function.start().1.as_secs_f64() * 1_000.0;
    let (mut noops, mut own): (Vec<f64>, Vec<f64>) = (0..STARTS)
        .map(|_| (milliseconds(noop), milliseconds(function)))
        .unzip();
    Pair {
        noop: percentile(&mut noops, 0.5),
        own: percentile(&mut own, 0.5),
    }
}

/// How long each event took, in microseconds, by function.
fn warm_events(functions: &[Measured], running: &mut [Function]) -> Vec<Vec<f64>> {
    // On one processor: which two the scheduler takes would make more difference than the functions do.
    let together = running.iter().map(Function::process_id);
    together.for_each(|process| pin(process, "0"));
    let _processor = OneProcessor::keep();
    let mut warm = vec![Vec::new(); functions.len()];
    for _ in 0..WARM_EVENTS / TURN {
        for (index, function) in running.iter_mut().enumerate() {
            for _ in 0..TURN {
                let took = function.warm(&functions[index].event).took;
                warm[index].push(took.as_secs_f64() * 1_000_000.0);
            }
        }
    }
    warm
}
