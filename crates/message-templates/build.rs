//! Holds every template to what Cognito takes, and embeds them all. A wrong template fails the build, named with the reason.

#[path = "src/check.rs"]
mod check;
#[path = "src/contents.rs"]
#[expect(
    unreachable_pub,
    reason = "the library shows it, and the build does not"
)]
mod contents;
#[path = "src/escape.rs"]
mod escape;
#[path = "src/facts.rs"]
mod facts;
#[path = "src/message.rs"]
#[expect(
    unreachable_pub,
    reason = "the library shows it, and the build does not"
)]
mod message;
#[path = "src/skeleton.rs"]
mod skeleton;
#[path = "src/templates.rs"]
#[expect(
    unreachable_pub,
    reason = "the library shows it, and the build does not"
)]
mod templates;
#[path = "src/text.rs"]
#[expect(
    unreachable_pub,
    reason = "the library shows it, and the build does not"
)]
mod text;

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("messages");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    collect(&folder, &folder, &mut files)?;
    files.sort_unstable();

    // The environment of templates wants them for as long as the program runs.
    for problem in check::problems(files.clone().leak()) {
        println!("cargo::error=messages/{problem}");
    }

    let mut list = String::from("&[\n");
    for (path, text) in files {
        writeln!(list, "({path:?}, {text:?}),")?;
    }
    list.push(']');
    let place = Path::new(&std::env::var("OUT_DIR")?).join("files.rs");
    fs::write(place, list)?;
    Ok(())
}

/// The templates of a folder, with their paths from the folder of all messages.
fn collect(
    messages: &Path,
    folder: &Path,
    files: &mut Vec<(&'static str, &'static str)>,
) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(messages, &path, files)?;
        } else if path != messages.join("README.md") {
            let parts = path.strip_prefix(messages)?.iter();
            let parts: Vec<_> = parts.map(|part| part.to_string_lossy()).collect();
            let text = fs::read_to_string(&path)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            let text = if path.extension().is_some_and(|ending| ending == "html") {
                without_indentation(&text)
            } else {
                text
            };
            files.push((parts.join("/").leak(), text.leak()));
        }
    }
    Ok(())
}

/// A template as its readers need it who are no people: every event writes it, and Cognito counts its characters.
fn without_indentation(html: &str) -> String {
    let lines = html.lines().map(str::trim_start);
    lines.collect::<Vec<_>>().join("\n")
}
