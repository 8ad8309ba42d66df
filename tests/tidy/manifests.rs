//! On what terms crates are built and others' are depended on: versions, features, lints, licences, what becomes of a panic.

use std::collections::{BTreeMap, BTreeSet};

use crate::forbid;
use crate::repository::{Package, crates, functions, metadata, metadata_with, read};

#[test]
fn versions_stand_in_the_root_alone() {
    let mut offenders = Vec::new();
    for package in crates() {
        let manifest = package.manifest();
        for (section, line) in sectioned_lines(&manifest) {
            let inherits = line.contains("workspace = true");
            if section.ends_with("dependencies") && !inherits {
                offenders.push(format!("{}: {line}", package.folder()));
            }
        }
    }
    forbid("a dependency has a version of its own", offenders);
}

#[test]
fn aws_crates_come_without_their_default_features() {
    let manifest = read("Cargo.toml");
    let with_defaults = sectioned_lines(&manifest)
        .filter(|(section, line)| *section == "workspace.dependencies" && line.starts_with("aws"))
        .filter(|(_, line)| !line.contains("path = "))
        .filter(|(_, line)| !line.contains("default-features = false"))
        .map(|(_, line)| line.to_owned());
    forbid("an AWS crate could bring a second TLS stack", with_defaults);
}

/// cargo-lambda, with which SAM builds, makes the panic strategy `abort` where the manifest is silent. A panic would then end the
/// process, and Lambda's own text would reach the user.
#[test]
fn deployed_functions_unwind() {
    let manifest = read("Cargo.toml");
    let strategy = sectioned_lines(&manifest)
        .find(|(section, line)| *section == "profile.release" && line.starts_with("panic"));
    assert_eq!(strategy, Some(("profile.release", r#"panic = "unwind""#)));
}

/// So everything else is compiled once, whether user migration is built with its features or without.
#[test]
fn features_change_no_crate_but_the_one_that_has_them() {
    let plain = metadata_with("--no-default-features").resolve.nodes;
    let plain: BTreeMap<_, _> = plain
        .iter()
        .map(|node| (&*node.id, &*node.features))
        .collect();
    let ours: BTreeSet<_> = crates().map(|package| &*package.id).collect();
    let nodes = metadata().resolve.nodes.iter();
    let offenders = nodes
        .filter(|node| !ours.contains(&*node.id))
        .filter(|node| plain.get(&*node.id) != Some(&&*node.features))
        .map(|node| node.id.clone());
    forbid(
        "a crate of others is compiled anew by a feature of ours",
        offenders,
    );
}

#[test]
fn lints_are_the_workspace_s() {
    let without = crates()
        .filter(|package| !package.manifest().contains("[lints]\nworkspace = true\n"))
        .map(Package::folder);
    forbid("a crate has lints of its own", without);
}

/// MPL-2.0 binds only changes to its own files, and we change none.
const LICENCES: [&str; 10] = [
    "Apache-2.0",
    "BSD-3-Clause",
    "BSL-1.0",
    "ISC",
    "LLVM-exception",
    "MIT",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

#[test]
fn licences_of_what_is_deployed_let_us_deploy_it() {
    let packages: BTreeMap<_, _> = metadata()
        .packages
        .iter()
        .map(|package| (&*package.id, package))
        .collect();
    let offenders = deployed().into_iter().filter_map(|id| {
        let package = packages[id];
        let licence = package.license.as_deref().unwrap_or("none");
        let unknown = licence
            .split([' ', '/', '(', ')'])
            .filter(|word| !["", "AND", "OR", "WITH"].contains(word))
            .any(|word| !LICENCES.contains(&word));
        unknown.then(|| format!("{}: {licence}", package.name))
    });
    forbid("a licence nobody has looked at", offenders);
}

/// The functions and all that they are built from, by package id.
fn deployed() -> BTreeSet<&'static str> {
    let nodes: BTreeMap<_, _> = metadata()
        .resolve
        .nodes
        .iter()
        .map(|node| (&*node.id, node))
        .collect();
    let mut found = BTreeSet::new();
    let mut next: Vec<_> = functions().map(|package| &*package.id).collect();
    while let Some(id) = next.pop() {
        if found.insert(id) {
            let edges = nodes[id].deps.iter();
            let built_from = edges.filter(|edge| {
                let mut kinds = edge.dep_kinds.iter();
                kinds.any(|kind| kind.kind.as_deref() != Some("dev"))
            });
            next.extend(built_from.map(|edge| &*edge.pkg));
        }
    }
    found
}

/// A manifest's lines, each with the name of the table that it stands in.
fn sectioned_lines(manifest: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut section = "";
    manifest.lines().filter_map(move |line| {
        let line = line.trim();
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']);
        }
        let is_entry = !line.is_empty() && !line.starts_with(['[', '#']);
        is_entry.then_some((section, line))
    })
}
