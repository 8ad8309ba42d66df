//! `docs/CONFIGURATION.md`: its lists are made from where each thing is said once, the functions' `config.rs` and the template.
//!
//! `UPDATE_DOCS=1 cargo test --workspace --test tidy` writes them anew.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use serde_norway::Value;

use crate::forbid;
use crate::repository::{Package, files_under, functions, read, root, template};

const DOCUMENT: &str = "docs/CONFIGURATION.md";

#[test]
fn the_configuration_is_documented_as_it_is() {
    let document = read(DOCUMENT);
    let (before, rest) = document
        .split_once(BEGIN)
        .expect("the document has a place for the lists");
    let (_, after) = rest.split_once(END).expect("the lists have an end");
    let expected = [before, BEGIN, &lists(), END, after].concat();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(root().join(DOCUMENT), expected).unwrap();
        return;
    }
    let missing: Vec<_> = expected
        .lines()
        .filter(|line| !document.lines().any(|written| written == *line))
        .map(|line| format!("missing: {line}"))
        .collect();
    forbid(
        "the document differs; write it anew with UPDATE_DOCS=1",
        missing,
    );
    assert_eq!(document, expected, "write it anew with UPDATE_DOCS=1");
}

/// Between them stands what is made.
const BEGIN: &str = "<!-- The lists: made from the functions' config.rs and template.yaml by UPDATE_DOCS=1 cargo test --workspace --test tidy -->\n";
const END: &str = "<!-- End of the lists -->\n";

#[test]
fn each_variable_that_is_set_is_documented() {
    let template = template();
    let mut offenders = Vec::new();
    for (package, binaries, place) in functions().flat_map(configurations) {
        let documented: BTreeSet<_> = documented(&place)
            .into_iter()
            .map(|row| row.variable)
            .collect();
        let set: BTreeSet<_> = binaries
            .into_iter()
            .flat_map(|binary| variables(&template, binary))
            .map(|(name, _)| name)
            .collect();
        let differing = documented.symmetric_difference(&set);
        offenders.extend(differing.map(|name| format!("{}: {name}", package.name)));
    }
    forbid(
        "config.rs documents other variables than are set",
        offenders,
    );
}

fn lists() -> String {
    let template = template();
    let mut packages: Vec<_> = functions().collect();
    packages.sort_by_key(|package| &package.name);
    let mut text = String::new();
    for (package, binaries, place) in packages.into_iter().flat_map(configurations) {
        let binaries: Vec<_> = binaries.iter().map(|name| format!("`{name}`")).collect();
        let heading = binaries.join(", ");
        writeln!(text, "\n### {heading}\n").unwrap();
        let rows = documented(&place);
        if rows.is_empty() {
            text.push_str("Nothing to configure.\n");
            continue;
        }
        text.push_str("| Parameter | Variable | Meaning | Default |\n| --- | --- | --- | --- |\n");
        for row in rows {
            let parameter = source(&template, package, row.variable);
            let Row {
                variable,
                meaning,
                default,
            } = row;
            writeln!(
                text,
                "| {parameter} | `{variable}` | {meaning} | {default} |"
            )
            .unwrap();
        }
    }
    text + &tables(&template) + "\n"
}

/// The configurations of a crate: one for all its functions, or one for each.
fn configurations(package: &Package) -> Vec<(&Package, Vec<&str>, String)> {
    let is_own = |binary: &&str| files_under(&package.own_configuration(binary), ".rs").count() > 0;
    if package.binaries().all(|binary| is_own(&binary)) {
        let own = |binary| (package, vec![binary], package.own_configuration(binary));
        return package.binaries().map(own).collect();
    }
    let place = format!("{}/src/config", package.folder());
    vec![(package, package.binaries().collect(), place)]
}

/// A row of the table in the documentation of a function's configuration.
struct Row {
    variable: &'static str,
    meaning: &'static str,
    default: &'static str,
}

fn documented(place: &str) -> Vec<Row> {
    files_under(place, ".rs")
        .flat_map(|file| file.code().lines())
        .filter_map(|line| {
            let cells = line.trim().strip_prefix("/// | `")?.strip_suffix('|')?;
            let (variable, cells) = cells.split_once("` | ")?;
            let (meaning, default) = cells.rsplit_once(" |")?;
            Some(Row {
                variable,
                meaning: meaning.trim(),
                default: default.trim(),
            })
        })
        .collect()
}

/// The parameters, or else the resources, that a variable's value is made of.
fn source(template: &Value, package: &Package, variable: &str) -> String {
    let mut names = Vec::new();
    for binary in package.binaries() {
        let set = variables(template, binary);
        for (_, value) in set.filter(|(name, _)| *name == variable) {
            let value = with_conditions(template, value);
            for kind in ["Parameters", "Resources"] {
                if names.is_empty() {
                    names = names_in(&value, &template[kind]);
                }
            }
        }
    }
    if names.is_empty() {
        return "the same in every deployment".to_owned();
    }
    names.join(", ")
}

/// The variables of a function, or of all functions, with their values.
fn variables<'a>(
    template: &'a Value,
    binary: &str,
) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
    let resource = crate::events::pascal_case(binary) + "Function";
    let own = &template["Resources"][&*resource]["Properties"];
    [own, &template["Globals"]["Function"]]
        .into_iter()
        .filter_map(|properties| properties["Environment"]["Variables"].as_mapping())
        .flatten()
        .map(|(name, value)| (name.as_str().unwrap(), value))
}

/// The value's YAML, with that of the conditions which it names.
fn with_conditions(template: &Value, value: &Value) -> String {
    let yaml = serde_norway::to_string(value).unwrap();
    let conditions = template["Conditions"].as_mapping().into_iter().flatten();
    let named = conditions
        .filter(|(name, _)| words(&yaml).any(|word| Some(word) == name.as_str()))
        .map(|(_, condition)| serde_norway::to_string(condition).unwrap());
    let named: String = named.collect();
    yaml + &named
}

/// The names of that section which the YAML speaks of, each once, as code.
fn names_in(yaml: &str, section: &Value) -> Vec<String> {
    let mut names = Vec::new();
    for word in words(yaml) {
        let name = format!("`{word}`");
        if section.get(word).is_some() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn words(yaml: &str) -> impl Iterator<Item = &str> {
    yaml.split(|char: char| !char.is_ascii_alphanumeric())
}

/// The tables of the template, and what it says of where their items are described.
fn tables(template: &Value) -> String {
    let yaml = read("template.yaml");
    let mut text = "\n### Tables\n\n| Table | Key | Expires by | Functions | What an item holds |\n| --- | --- | --- | --- | --- |\n".to_owned();
    for (name, table) in template["Resources"].as_mapping().unwrap() {
        if table["Type"] != "AWS::DynamoDB::Table" {
            continue;
        }
        let name = name.as_str().unwrap();
        let properties = &table["Properties"];
        let keys: Vec<_> = properties["KeySchema"]
            .as_sequence()
            .unwrap()
            .iter()
            .collect();
        let keys = codes(keys.iter().map(|key| &key["AttributeName"]));
        let expiry = codes([&properties["TimeToLiveSpecification"]["AttributeName"]].into_iter());
        let functions = functions_with(template, name).join(", ");
        let place = described_at(&yaml, name);
        let described = match place {
            Some(place) => format!("[`{place}`](../{place})"),
            None => format!("say it in the template: `{DESCRIBED}<path>`"),
        };
        writeln!(
            text,
            "| `{name}` | {keys} | {expiry} | {functions} | {described} |"
        )
        .unwrap();
    }
    text
}

fn codes<'a>(names: impl Iterator<Item = &'a Value>) -> String {
    let codes: Vec<_> = names
        .filter_map(Value::as_str)
        .map(|name| format!("`{name}`"))
        .collect();
    codes.join(", ")
}

fn functions_with(template: &Value, table: &str) -> Vec<String> {
    let mut binaries: Vec<_> = functions().flat_map(Package::binaries).collect();
    binaries.sort_unstable();
    binaries
        .into_iter()
        .filter(|binary| {
            let mut set = variables(template, binary);
            set.any(|(_, value)| {
                words(&serde_norway::to_string(value).unwrap()).any(|word| word == table)
            })
        })
        .map(|binary| format!("`{binary}`"))
        .collect()
}

/// How a table's comment in the template begins.
const DESCRIBED: &str = "# What an item holds: ";

fn described_at<'a>(yaml: &'a str, table: &str) -> Option<&'a str> {
    let (_, resource) = yaml.split_once(&format!("\n  {table}:\n"))?;
    let comment = resource
        .lines()
        .take_while(|line| line.is_empty() || line.starts_with("   "))
        .find_map(|line| line.trim().strip_prefix(DESCRIBED))?;
    let path = comment.split(' ').next()?;
    Some(path.trim_end_matches(['.', ',', ';']))
}
