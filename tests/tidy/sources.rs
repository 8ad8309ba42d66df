//! The sources: what no rule may read, how long a file may be, how a crate introduces itself.

use crate::forbid;
use crate::repository::{File, crates, files, files_under};

/// Everything else is given what it needs as arguments.
const MAY_READ_THE_ENVIRONMENT: [&str; 4] = [
    "crates/aws-connection/src/",
    "crates/entrypoint/src/",
    "crates/local-cognito/src/main.rs",
    "crates/noop-function/src/",
];

#[test]
fn only_the_edges_read_the_environment() {
    let readers = sources()
        .filter(|file| {
            let may = |place: &str| file.path.starts_with(place);
            !MAY_READ_THE_ENVIRONMENT.iter().any(|place| may(place))
        })
        .filter(|file| file.statements().any(|line| line.contains("env::var")))
        .map(|file| file.path.clone());
    forbid("a source outside the edges reads the environment", readers);
}

#[test]
fn the_functions_rules_read_neither_clock_nor_chance() {
    let is_rule = |file: &&File| {
        let (_, place) = file.path.split_once("/src/").unwrap_or_default();
        place == "rules.rs" || place.starts_with("rules/")
    };
    let readers = sources()
        .filter(is_rule)
        .filter(|file| {
            let mut lines = file.statements();
            lines.any(|line| {
                let outside = ["::now", "now_utc", "getrandom", "async ", "tokio"];
                outside.iter().any(|word| line.contains(word))
            })
        })
        .map(|file| file.path.clone());
    forbid("a rule reads what it should be given", readers);
}

/// Lines above the unit tests. Past that, split by topic.
const LONGEST: usize = 350;

#[test]
fn files_are_short() {
    let long = sources()
        .map(|file| (&file.path, file.code().lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(path, lines)| format!("{path}: {lines} lines"));
    forbid("a source is too long to be read at once", long);
}

#[test]
fn crates_introduce_themselves() {
    let mut offenders = Vec::new();
    for package in crates() {
        let folder = package.folder();
        if package
            .description
            .as_deref()
            .unwrap_or_default()
            .is_empty()
        {
            offenders.push(format!("{folder}/Cargo.toml: no description"));
        }
        let first_file = ["lib.rs", "main.rs"]
            .iter()
            .filter_map(|name| files_under(&format!("{folder}/src/{name}"), name).next())
            .next();
        let documented = |file: &File| file.text.lines().next().is_some_and(is_sentence);
        if !first_file.is_some_and(documented) {
            offenders.push(format!("{folder}/src: does not open with what it is for"));
        }
    }
    forbid("a crate does not say what it is for", offenders);
}

#[test]
fn nothing_is_left_to_be_done() {
    // In two parts, so that this file does not break its own rule.
    let notes = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("To be ", "written"),
    ];
    let mut offenders = Vec::new();
    for file in files() {
        for (number, line) in (1..).zip(file.text.lines()) {
            if notes.iter().any(|note| line.contains(note)) {
                offenders.push(format!("{}:{number}", file.path));
            }
        }
    }
    forbid("a note to oneself was committed", offenders);
}

/// Whether the line is the beginning of a crate's documentation, and says something.
fn is_sentence(line: &str) -> bool {
    line.starts_with("//! ") && line.split(' ').count() > 3
}

/// What is compiled into programs.
fn sources() -> impl Iterator<Item = &'static File> {
    files_under("crates/", ".rs")
        .filter(|file| file.path.contains("/src/"))
        .filter(|file| !file.path.ends_with("/tests.rs") && !file.path.contains("/tests/"))
}
