//! The repository's rules, as tests: what a reviewer would otherwise have to remember. Each names everything that breaks it.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where something is not as expected"
)]

#[path = "tidy/configuration.rs"]
mod configuration;
#[path = "tidy/dependencies.rs"]
mod dependencies;
#[path = "tidy/documents.rs"]
mod documents;
#[path = "tidy/events.rs"]
mod events;
#[path = "tidy/identity_pool.rs"]
mod identity_pool;
#[path = "tidy/manifests.rs"]
mod manifests;
#[path = "tidy/names.rs"]
mod names;
#[path = "tidy/repository.rs"]
mod repository;
#[path = "tidy/security.rs"]
mod security;
#[path = "tidy/sources.rs"]
mod sources;

/// Fails with every offender, a line each, under the rule that they break.
#[track_caller]
fn forbid(rule: &str, offenders: impl IntoIterator<Item = String>) {
    let offenders: Vec<_> = offenders.into_iter().collect();
    assert!(
        offenders.is_empty(),
        "{rule}:\n  {}",
        offenders.join("\n  ")
    );
}
