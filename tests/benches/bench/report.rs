//! What was measured, and whether that is within its bounds.

use std::fmt;
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

    /// How many bounds held, and which did not.
    pub(crate) fn verdict(&self) -> Verdict {
        let with = |holds: bool| {
            let figures = self.figures.iter();
            figures.filter(move |figure| figure["holds"] == holds)
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let broken = with(false).map(|figure| {
            let [name, unit, bound] = ["name", "unit", "bound"].map(|member| text(&figure[member]));
            format!("{name} ({} {unit}, {bound})", figure["value"])
        });
        Verdict {
            held: with(true).count(),
            broken: broken.collect(),
        }
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

/// What became of the bounds.
pub(crate) struct Verdict {
    held: usize,
    /// What did not hold, with its figure and its bound.
    broken: Vec<String>,
}

impl Verdict {
    pub(crate) fn all_hold(&self) -> bool {
        self.broken.is_empty()
    }
}

/// In one line.
impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (held, broken) = (self.held, self.broken.len());
        write!(formatter, "{held} of {} bounds hold", held + broken)?;
        if broken > 0 {
            let names = self.broken.join("; ");
            write!(formatter, ", {broken} do not: {names}")?;
        }
        Ok(())
    }
}

/// The value below which this share of the values lies.
pub(crate) fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * share).round() as usize]
}
