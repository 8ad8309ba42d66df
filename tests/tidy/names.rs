//! One name everywhere: the crate's binary, its folder of events, its resource in the template, and the variables that wire it.

use std::collections::BTreeSet;

use serde_norway::Value;

use crate::forbid;
use crate::repository::{Package, files_under, functions, root, template};

#[test]
fn each_function_has_its_resource_and_its_events() {
    let template = template();
    let mut offenders = Vec::new();
    for binary in binaries() {
        let resource = resource_name(binary);
        if deployed_binary(&template["Resources"][&*resource]) != Some(binary) {
            offenders.push(format!(
                "template.yaml: no {resource} whose Binary is {binary}"
            ));
        }
        let folder = root().join("events").join(binary);
        let folder_of_a_version = root().join("events").join(format!("{binary}-v1"));
        if !folder.is_dir() && !folder_of_a_version.is_dir() {
            offenders.push(format!("events/{binary}: no such folder"));
        }
    }
    forbid("a function is not wired or has no events", offenders);
}

#[test]
fn each_function_of_the_template_is_a_binary_of_that_name() {
    let template = template();
    let binaries: BTreeSet<_> = binaries().collect();
    let offenders = functions_of(&template).filter_map(|(name, resource)| {
        let binary = deployed_binary(resource).unwrap_or("no Binary");
        let agrees = binaries.contains(binary) && resource_name(binary) == name;
        (!agrees).then(|| format!("{name}: {binary}"))
    });
    forbid("the template and the crates disagree", offenders);
}

#[test]
fn crates_and_folders_have_the_same_name() {
    let offenders = functions()
        .filter(|package| package.folder() != format!("crates/{}", package.name))
        .map(|package| format!("{}: {}", package.name, package.folder()));
    forbid("a crate is not in the folder of its name", offenders);
}

#[test]
fn the_template_sets_the_variables_that_each_function_reads() {
    let template = template();
    let for_all = variables(&template["Globals"]["Function"]);
    let mut offenders = Vec::new();
    for package in functions() {
        for binary in package.binaries() {
            let read = variables_read(package, binary);
            let resource = &template["Resources"][&*resource_name(binary)];
            let set: BTreeSet<_> = variables(&resource["Properties"])
                .union(&for_all)
                .cloned()
                .collect();
            let only_read = read.difference(&set);
            offenders.extend(only_read.map(|name| format!("{binary}: {name} is never set")));
            let only_set = set.difference(&read);
            offenders.extend(only_set.map(|name| format!("{binary}: {name} is never read")));
        }
    }
    forbid("template.yaml and config.rs disagree", offenders);
}

fn binaries() -> impl Iterator<Item = &'static str> {
    functions().flat_map(Package::binaries)
}

/// `pre-sign-up` is `PreSignUpFunction`.
fn resource_name(binary: &str) -> String {
    crate::events::pascal_case(binary) + "Function"
}

fn functions_of(template: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let resources = template["Resources"].as_mapping().unwrap();
    resources
        .iter()
        .filter(|(_, resource)| resource["Type"] == "AWS::Serverless::Function")
        .map(|(name, resource)| (name.as_str().unwrap(), resource))
}

fn deployed_binary(resource: &Value) -> Option<&str> {
    resource["Metadata"]["BuildProperties"]["Binary"].as_str()
}

fn variables(properties: &Value) -> BTreeSet<String> {
    let variables = properties["Environment"]["Variables"].as_mapping();
    let names = variables.into_iter().flat_map(|variables| variables.keys());
    names
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

/// Calls by which configurations of several crates read the same variables, and the files that name these.
const SHARED: [(&str, &str); 4] = [
    (
        "Letterhead::from_env(",
        "crates/message-templates/src/letterhead.rs",
    ),
    (".with_pages(", "crates/message-templates/src/pages.rs"),
    ("Settings::from_env(", "crates/delivery/src/settings.rs"),
    ("HashRules::from_env(", "crates/legacy-hashes/src/lib.rs"),
];

/// The variables that a function's configuration names, itself or by a call: its literals in upper case, in `config.rs` and what that has
/// below it. Functions that share a crate share its `config.rs`, and can have a file of their own each.
fn variables_read(package: &Package, binary: &str) -> BTreeSet<String> {
    let is_variable = |literal: &&str| {
        let is_part =
            |char: char| char.is_ascii_uppercase() || char.is_ascii_digit() || char == '_';
        literal.len() > 2 && literal.chars().all(is_part) && !literal.starts_with(char::is_numeric)
    };
    let shared = format!("{}/src/config.rs", package.folder());
    let parts = format!("{}/src/config/", package.folder());
    let is_alone = package.binaries().count() == 1;
    let parts =
        files_under(&parts, ".rs").filter(|file| is_alone && !file.path.ends_with("/tests.rs"));
    let own = package.own_configuration(binary);
    let files: Vec<_> = files_under(&shared, ".rs")
        .chain(parts)
        .chain(files_under(&own, ".rs"))
        .collect();
    let is_called = |call: &str| files.iter().any(|file| file.text.contains(call));
    let called = SHARED.into_iter().filter(|(call, _)| is_called(call));
    let called = called.flat_map(|(_, path)| files_under(path, ".rs"));
    files
        .iter()
        .copied()
        .chain(called)
        .flat_map(|file| file.statements())
        .flat_map(|line| line.split('"').skip(1).step_by(2))
        .filter(is_variable)
        .map(str::to_owned)
        .collect()
}
