use std::path::PathBuf;

use serde_json::{Value, json};

/// The figures of one run.
#[derive(Default)]
pub(crate) struct Report {
    figures: Vec<Value>,
}

/// What is required of a figure.
#[derive(Clone, Copy)]
pub(crate) enum Bound {
    AtMost(f64),
    AtLeast(f64),
    None,
}

impl Report {
    /// Prints a figure and keeps it.
    pub(crate) fn add(&mut self, name: &str, value: f64, unit: &str, bound: Bound) {
        let value = (value * 1_000.0).round() / 1_000.0;
        let (text, holds) = match bound {
            Bound::AtMost(most) => (format!("at most {most}"), Some(value <= most)),
            Bound::AtLeast(least) => (format!("at least {least}"), Some(value >= least)),
            Bound::None => (String::new(), None),
        };
        let verdict = match holds {
            Some(true) => "holds",
            Some(false) => "DOES NOT HOLD",
            None => "",
        };
        println!("  {name:<68} {value:>10.3} {unit:<9} {text:<13} {verdict}");
        let bound = (!text.is_empty()).then_some(text);
        self.figures.push(
            json!({ "name": name, "value": value, "unit": unit, "bound": bound, "holds": holds }),
        );
    }

    /// Writes `target/bench.json`.
    pub(crate) fn write(&self) -> PathBuf {
        let target = std::env::current_exe().expect("this program has a path");
        let target = target
            .ancestors()
            .find(|directory| directory.ends_with("target"))
            .map(PathBuf::from)
            .unwrap_or_default();
        let path = target.join("bench.json");
        let text = serde_json::to_string_pretty(&self.figures).expect("figures are JSON");
        std::fs::write(&path, text + "\n").expect("the target directory can be written to");
        path
    }
}

/// The value below which this share of the values lies.
pub(crate) fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * share).round() as usize]
}
