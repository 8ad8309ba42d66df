//! Who may depend on whom. A crate's dependencies are what it can reach.

use std::collections::{BTreeMap, BTreeSet};

use crate::forbid;
use crate::repository::{Package, crates, files_under, functions, metadata};

/// What a crate may depend on.
struct Permit {
    /// Our own crates.
    ours: &'static [&'static str],
    /// Our own crates, in its tests.
    ours_in_tests: &'static [&'static str],
    /// The beginnings of the names of others' crates that it must not be linked with.
    never: &'static [&'static str],
}

/// The table of `docs/ARCHITECTURE.md`.
fn permit(package: &Package) -> Permit {
    match &*package.name {
        "cognito-events" => Permit {
            ours: &[],
            ours_in_tests: &[],
            never: &["aws", "lambda_runtime", "tokio"],
        },
        "entrypoint" => Permit {
            ours: &[],
            ours_in_tests: &["function-tests"],
            never: &["aws"],
        },
        "aws-connection" => Permit {
            ours: &[],
            ours_in_tests: &[],
            never: &["aws-sdk-", "lambda_runtime"],
        },
        // What several functions share: a pure topic, or one table.
        "broker-identities" => Permit {
            ours: &["aws-connection", "table-transactions"],
            ours_in_tests: &["embedded-dynamodb", "function-tests"],
            never: &["lambda_runtime"],
        },
        "email-address" => Permit {
            ours: &[],
            ours_in_tests: &[],
            never: &["aws", "lambda_runtime", "tokio"],
        },
        "admission" => Permit {
            ours: &["cognito-events", "email-address"],
            ours_in_tests: &["embedded-dynamodb", "function-tests"],
            never: &["lambda_runtime"],
        },
        "authenticators" => Permit {
            ours: &["aws-connection"],
            ours_in_tests: &["embedded-dynamodb", "function-tests"],
            never: &["lambda_runtime"],
        },
        "iam-policy" => Permit {
            ours: &[],
            ours_in_tests: &[],
            never: &["aws", "lambda_runtime", "tokio"],
        },
        "https-endpoint" => Permit {
            ours: &[],
            ours_in_tests: &[],
            never: &["aws-sdk-", "lambda_runtime"],
        },
        "http-answers" => Permit {
            ours: &["entrypoint"],
            ours_in_tests: &[],
            never: &["aws-", "lambda_runtime", "tokio"],
        },
        "parameter-secrets" => Permit {
            ours: &["aws-connection"],
            ours_in_tests: &[],
            never: &["lambda_runtime"],
        },
        "table-transactions" => Permit {
            ours: &[],
            ours_in_tests: &[],
            never: &["lambda_runtime"],
        },
        "tries" => Permit {
            ours: &[],
            ours_in_tests: &["embedded-dynamodb", "function-tests"],
            never: &["lambda_runtime"],
        },
        "invitations" => Permit {
            ours: &["email-address"],
            ours_in_tests: &["embedded-dynamodb", "function-tests"],
            never: &["lambda_runtime"],
        },
        "profiles" => Permit {
            ours: &["aws-connection", "cognito-events", "table-transactions"],
            ours_in_tests: &["embedded-dynamodb", "function-tests"],
            never: &["lambda_runtime"],
        },
        "sign-in-methods" => Permit {
            ours: &["aws-connection", "cognito-events"],
            ours_in_tests: &["embedded-dynamodb", "function-tests"],
            never: &["lambda_runtime"],
        },
        "user-groups" => Permit {
            ours: &["aws-connection"],
            ours_in_tests: &["function-tests"],
            never: &["lambda_runtime"],
        },
        "delivery" => Permit {
            ours: &["aws-connection", "email-address", "entrypoint"],
            ours_in_tests: &["embedded-dynamodb", "function-tests"],
            never: &["lambda_runtime"],
        },
        "legacy-password" => Permit {
            ours: &[],
            ours_in_tests: &[],
            never: &["aws", "lambda_runtime", "tokio"],
        },
        "legacy-hashes" => Permit {
            ours: &["entrypoint", "legacy-password", "legacy-users"],
            ours_in_tests: &[],
            never: &["aws", "lambda_runtime"],
        },
        "legacy-users" => Permit {
            ours: &["legacy-password", "table-transactions"],
            ours_in_tests: &["embedded-dynamodb", "function-tests"],
            never: &["lambda_runtime"],
        },
        "lifeguard-import" => Permit {
            ours: &["aws-connection", "legacy-password", "legacy-users"],
            ours_in_tests: &["embedded-dynamodb", "function-tests"],
            never: &["lambda_runtime"],
        },
        "message-templates" => Permit {
            ours: &["entrypoint"],
            ours_in_tests: &[],
            never: &["aws", "lambda_runtime", "tokio"],
        },
        "embedded-dynamodb" => Permit {
            ours: &[],
            ours_in_tests: &[],
            never: &["lambda_runtime"],
        },
        "function-tests" => Permit {
            ours: &["embedded-dynamodb"],
            ours_in_tests: &[],
            never: &["aws-sdk-", "lambda_runtime"],
        },
        "test-servers" => Permit {
            ours: &[],
            ours_in_tests: &[],
            never: &["aws", "lambda_runtime", "tokio"],
        },
        // A decision on nothing but the event.
        "inbound-federation" => Permit {
            ours: &["cognito-events", "email-address", "entrypoint"],
            ours_in_tests: &["function-tests"],
            never: &["aws"],
        },
        // What it answers stands in the request.
        "who-am-i" => Permit {
            ours: &["entrypoint", "http-answers"],
            ours_in_tests: &["function-tests"],
            never: &["aws-"],
        },
        "noop-function" => Permit {
            ours: &["entrypoint"],
            ours_in_tests: &[],
            never: &["aws"],
        },
        "local-cognito" => Permit {
            ours: &["cognito-events", "embedded-dynamodb", "iam-policy"],
            ours_in_tests: &[],
            never: &["lambda_runtime"],
        },
        "tests" => Permit {
            ours: &[],
            // The benchmark measures how quickly it refuses.
            ours_in_tests: &["legacy-password", "test-servers"],
            never: &["lambda_runtime"],
        },
        _ if package.is_function() => Permit {
            ours: &[
                "admission",
                "authenticators",
                "aws-connection",
                "broker-identities",
                "cognito-events",
                "delivery",
                "email-address",
                "entrypoint",
                "http-answers",
                "https-endpoint",
                "invitations",
                "legacy-hashes",
                "legacy-password",
                "legacy-users",
                "message-templates",
                "parameter-secrets",
                "profiles",
                "sign-in-methods",
                "tries",
                "user-groups",
            ],
            ours_in_tests: &["embedded-dynamodb", "function-tests", "test-servers"],
            never: &["axum", "dynoxide-rs"],
        },
        name => panic!("{name}: say in tests/tidy/dependencies.rs what it may depend on"),
    }
}

#[test]
fn crates_depend_only_on_what_they_may() {
    let mut offenders = Vec::new();
    for package in crates() {
        let permit = permit(package);
        for dependency in &package.dependencies {
            let in_tests = dependency.kind.as_deref() == Some("dev");
            let name = &*dependency.name;
            let allowed = if dependency.source.is_some() {
                in_tests || !permit.never.iter().any(|never| name.starts_with(never))
            } else {
                permit.ours.contains(&name) || in_tests && permit.ours_in_tests.contains(&name)
            };
            if !allowed {
                offenders.push(format!("{} -> {name}", package.name));
            }
        }
    }
    forbid("a crate depends on what it must not reach", offenders);
}

#[test]
fn no_function_depends_on_another() {
    let functions: BTreeSet<_> = functions().map(|package| &*package.name).collect();
    assert!(!functions.is_empty(), "there are functions");
    let on_functions = crates().flat_map(|package| {
        package
            .dependencies
            .iter()
            .filter(|dependency| functions.contains(&*dependency.name))
            .map(|dependency| format!("{} -> {}", package.name, dependency.name))
    });
    forbid("a crate depends on a function", on_functions);
}

#[test]
fn every_dependency_is_used() {
    let libraries: BTreeMap<_, _> = metadata()
        .packages
        .iter()
        .filter_map(|package| {
            let is_library = |kind: &String| kind.contains("lib") || kind == "proc-macro";
            let mut targets = package.targets.iter();
            let library = targets.find(|target| target.kind.iter().any(is_library))?;
            Some((&*package.name, &*library.name))
        })
        .collect();
    let mut unused = Vec::new();
    for package in crates() {
        for dependency in &package.dependencies {
            let Some(library) = libraries.get(&*dependency.name) else {
                continue; // It belongs to another platform.
            };
            let folder = package.folder();
            let place = match dependency.kind.as_deref() {
                None => format!("{folder}/src/"),
                Some(_) => format!("{folder}/"),
            };
            let is_compiled = |path: &str| match dependency.kind.as_deref() {
                Some("build") => built_from(&folder).any(|file| file == path),
                _ => true,
            };
            let mut files = files_under(&place, ".rs").filter(|file| is_compiled(&file.path));
            if !files.any(|file| names(&file.text, library)) {
                unused.push(format!("{}: {}", package.name, dependency.name));
            }
        }
    }
    forbid("a dependency is named and never used", unused);
}

/// The build script of a crate, and the sources of the crate that it has as modules.
fn built_from(folder: &str) -> impl Iterator<Item = String> {
    let script = format!("{folder}/build.rs");
    let text = files_under(&script, ".rs")
        .next()
        .map_or("", |file| &file.text);
    let modules = text.lines().filter_map(move |line| {
        let path = line.strip_prefix("#[path = \"")?.strip_suffix("\"]")?;
        Some(format!("{folder}/{path}"))
    });
    std::iter::once(script).chain(modules)
}

/// Whether the text speaks of that library, outside of line comments: `library::` or `use library;`.
fn names(text: &str, library: &str) -> bool {
    let is_part = |char: char| char.is_alphanumeric() || char == '_';
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .any(|line| {
            line.match_indices(library).any(|(at, _)| {
                let (before, after) = (&line[..at], &line[at + library.len()..]);
                let is_whole = !before.ends_with(is_part) && !before.ends_with("::");
                let imported = before.trim_end().ends_with("use") && !after.starts_with(is_part);
                is_whole && (after.starts_with("::") || imported)
            })
        })
}
