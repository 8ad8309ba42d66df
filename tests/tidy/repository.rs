//! The repository as the rules see it: its files, its crates and its template.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_norway::Value;

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("this package is a folder of the repository")
}

/// A text file of the repository.
pub(crate) struct File {
    /// From the root, with `/` between its parts.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    /// What stands above the unit tests.
    pub(crate) fn code(&self) -> &str {
        self.text
            .split("#[cfg(test)]\nmod ")
            .next()
            .unwrap_or_default()
    }

    /// The lines above the unit tests that are not comments.
    pub(crate) fn statements(&self) -> impl Iterator<Item = &str> {
        self.code()
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
    }
}

/// All text files except what `.gitignore` names, in the order of their paths.
pub(crate) fn files() -> &'static [File] {
    static FILES: LazyLock<Vec<File>> = LazyLock::new(|| {
        let ignored = read(".gitignore");
        let mut skip: BTreeSet<_> = ignored
            .lines()
            .filter_map(|line| line.strip_prefix('/'))
            .map(|name| root().join(name.trim_end_matches('/')))
            .collect();
        skip.insert(root().join(".git"));
        let mut files = Vec::new();
        collect(root(), &skip, &mut files);
        files.sort_by(|one, other| one.path.cmp(&other.path));
        files
    });
    &FILES
}

fn collect(folder: &Path, skip: &BTreeSet<PathBuf>, files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if skip.contains(&path) {
            continue;
        }
        if path.is_dir() {
            collect(&path, skip, files);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let parts: Vec<_> = path.strip_prefix(root()).unwrap().iter().collect();
            let parts: Vec<_> = parts.iter().map(|part| part.to_string_lossy()).collect();
            files.push(File {
                path: parts.join("/"),
                text,
            });
        }
    }
}

/// The files of a folder whose names end so, at any depth.
pub(crate) fn files_under(folder: &str, ending: &str) -> impl Iterator<Item = &'static File> {
    files()
        .iter()
        .filter(move |file| file.path.starts_with(folder) && file.path.ends_with(ending))
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(crate) fn template() -> Value {
    serde_norway::from_str(&read("template.yaml")).unwrap()
}

/// What `cargo metadata` says of our crates and of all that they depend on.
#[derive(Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    pub(crate) resolve: Resolve,
}

#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) license: Option<String>,
    /// The registry that it comes from; none for our own crates.
    pub(crate) source: Option<String>,
    pub(crate) manifest_path: PathBuf,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) targets: Vec<Target>,
}

#[derive(Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// `dev`, `build`, or none for what is linked.
    pub(crate) kind: Option<String>,
    /// The registry that it comes from; none for our own crates.
    pub(crate) source: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) kind: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Resolve {
    pub(crate) nodes: Vec<Node>,
}

#[derive(Deserialize)]
pub(crate) struct Node {
    pub(crate) id: String,
    pub(crate) deps: Vec<Edge>,
    pub(crate) features: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Edge {
    pub(crate) pkg: String,
    pub(crate) dep_kinds: Vec<EdgeKind>,
}

#[derive(Deserialize)]
pub(crate) struct EdgeKind {
    pub(crate) kind: Option<String>,
}

impl Package {
    /// From the root: `crates/pre-sign-up`.
    pub(crate) fn folder(&self) -> String {
        let folder = self.manifest_path.parent().unwrap();
        let folder = folder.strip_prefix(root()).unwrap();
        folder.to_str().unwrap().replace('\\', "/")
    }

    pub(crate) fn manifest(&self) -> String {
        fs::read_to_string(&self.manifest_path).unwrap()
    }

    pub(crate) fn binaries(&self) -> impl Iterator<Item = &str> {
        self.targets
            .iter()
            .filter(|target| target.kind == ["bin"])
            .map(|target| &*target.name)
    }

    /// Where the configuration of one function stands that shares a crate with others, if it has its own.
    pub(crate) fn own_configuration(&self, binary: &str) -> String {
        format!(
            "{}/src/config/{}.rs",
            self.folder(),
            binary.replace('-', "_")
        )
    }

    /// Whether it is linked with that crate.
    pub(crate) fn links(&self, name: &str) -> bool {
        self.dependencies
            .iter()
            .any(|dependency| dependency.name == name && dependency.kind.is_none())
    }

    /// Whether it answers events where it is deployed. The yardstick of the benchmarks is deployed nowhere, and libraries that read their
    /// variables by `entrypoint` answer nothing.
    pub(crate) fn is_function(&self) -> bool {
        let is_program = self.source.is_none() && self.binaries().next().is_some();
        is_program && self.links("entrypoint") && self.name != "noop-function"
    }
}

/// With all features, since what could be deployed is looked at too.
pub(crate) fn metadata() -> &'static Metadata {
    static METADATA: LazyLock<Metadata> = LazyLock::new(|| metadata_with("--all-features"));
    &METADATA
}

pub(crate) fn metadata_with(features: &str) -> Metadata {
    // For Lambda's platform, whichever this one is.
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version", "1", features])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(root())
        .output()
        .unwrap();
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo metadata: {problem}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Our own crates, the package `tests` among them.
pub(crate) fn crates() -> impl Iterator<Item = &'static Package> {
    metadata()
        .packages
        .iter()
        .filter(|package| package.source.is_none())
}

pub(crate) fn functions() -> impl Iterator<Item = &'static Package> {
    crates().filter(|package| package.is_function())
}
