//! Prose and lock files: what they point to exists, and they name no machine.

use crate::forbid;
use crate::repository::{File, crates, files, files_under, root};

#[test]
fn links_lead_somewhere() {
    let mut offenders = Vec::new();
    for file in files_under("", ".md") {
        let (folder, _) = file.path.rsplit_once('/').unwrap_or(("", ""));
        let folder = root().join(folder);
        for target in file.text.split("](").skip(1) {
            let target = target.split([')', '#']).next().unwrap_or_default();
            let elsewhere = target.is_empty() || target.contains(':');
            if !elsewhere && !folder.join(target).exists() {
                offenders.push(format!("{}: {target}", file.path));
            }
        }
    }
    forbid("a link leads nowhere", offenders);
}

#[test]
fn paths_in_prose_exist() {
    let mut offenders = Vec::new();
    for file in files().iter().filter(|file| is_prose(file)) {
        for path in code_spans(&file.text).filter(|span| is_path(span)) {
            // A path such as `tests/events.rs` may be one that every function's crate has.
            let mut places = crates().map(|package| root().join(package.folder()).join(path));
            if !root().join(path).exists() && !places.any(|place| place.exists()) {
                offenders.push(format!("{}: {path}", file.path));
            }
        }
    }
    forbid("a file is spoken of that does not exist", offenders);
}

#[test]
fn tests_that_the_documents_name_exist() {
    let is_test = |span: &&str| {
        let first = span.split("::").next().unwrap_or_default();
        let of_ours =
            first == "tidy" || crates().any(|package| package.name.replace('-', "_") == first);
        of_ours && span.contains("::")
    };
    let mut offenders = Vec::new();
    for file in files_under("docs/", ".md") {
        for name in code_spans(&file.text).filter(is_test) {
            let function = format!("fn {}(", name.rsplit("::").next().unwrap_or_default());
            if !files_under("", ".rs").any(|source| source.text.contains(&function)) {
                offenders.push(format!("{}: {name}", file.path));
            }
        }
    }
    forbid("a document names a test that does not exist", offenders);
}

#[test]
fn no_file_names_a_machine() {
    // In two parts, so that this file does not break its own rule.
    let places = [
        concat!("/ho", "me/"),
        concat!("/ro", "ot/"),
        concat!("/Us", "ers/"),
        concat!("/wo", "rk/"),
    ];
    let mut offenders = Vec::new();
    for file in files() {
        for (number, line) in (1..).zip(file.text.lines()) {
            let is_absolute = |place: &&str| {
                line.match_indices(*place).any(|(at, _)| {
                    let before = line[..at].chars().next_back().unwrap_or(' ');
                    !before.is_alphanumeric() && !".-_~}".contains(before)
                })
            };
            if places.iter().any(is_absolute) {
                offenders.push(format!("{}:{number}", file.path));
            }
        }
    }
    forbid("a path of one machine was committed", offenders);
}

#[test]
fn lock_files_name_the_public_registries() {
    let mut offenders = Vec::new();
    for file in files() {
        let (mark, registry) = match &*file.path {
            "Cargo.lock" => (
                "source = ",
                "registry+https://github.com/rust-lang/crates.io-index",
            ),
            "package-lock.json" => ("\"resolved\"", "https://registry.npmjs.org/"),
            "requirements-dev.txt" => ("://", "https://pypi.org/"),
            _ => continue,
        };
        let others = file
            .text
            .lines()
            .filter(|line| line.contains(mark) && !line.contains(registry));
        offenders.extend(others.map(|line| format!("{}: {}", file.path, line.trim())));
    }
    forbid(
        "a package comes from a registry that not everyone has",
        offenders,
    );
}

/// Where files are spoken of. The changelog also speaks of files that are gone.
fn is_prose(file: &File) -> bool {
    file.path != "CHANGELOG.md"
        && [".md", ".rs", "Cargo.toml"]
            .iter()
            .any(|end| file.path.ends_with(end))
}

fn is_path(span: &str) -> bool {
    let begins = ["crates/", "docs/", "events/", "tests/"];
    let is_part = |char: char| char.is_ascii_alphanumeric() || "._-/".contains(char);
    begins.iter().any(|begin| span.starts_with(begin)) && span.chars().all(is_part)
}

/// What stands between single backticks, line by line.
fn code_spans(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("```"))
        .flat_map(|line| line.split('`').skip(1).step_by(2))
}
