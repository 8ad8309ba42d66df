//! What it costs to be nobody: the same for whoever is unknown, has a wrong password, or has moved.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use function_tests::service;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::stage::{PASSWORD, Stage, at, ines, row, sign_in, tables};

/// The calls of one event to the tables, without what differs by the name.
async fn calls(rows: &[Value], name: &str) -> Vec<(String, usize)> {
    let tables = tables(rows);
    let calls = Arc::new(Mutex::new(Vec::new()));
    let made = Arc::clone(&calls);
    let answering = tables.clone();
    let client = Client::new(&service(move |operation, input: Value| {
        let body = input.to_string();
        let members = input.as_object().unwrap().len();
        made.lock().unwrap().push((operation.to_owned(), members));
        let answer = answering.answer(operation, body.as_bytes());
        assert_eq!(answer.status, 200, "{operation}");
        Ok(serde_json::from_slice(&answer.body).unwrap())
    }));
    let stage = Stage::over(client, tables, []);
    stage.answer(sign_in(name, "wrong"), at(1_000)).await;
    let calls = calls.lock().unwrap();
    calls.clone()
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_user_make_the_same_calls() {
    let before = json!({"N": "1700000000"});
    let has_moved = row(
        "moved@example.org",
        json!({"state": {"S": "migrated"}, "migratedAt": before}),
    );
    let tombstone = json!({"user": {"S": "tombstone#gone@example.org"}, "migratedAt": before});
    let rows = [ines(json!({})), has_moved, tombstone];
    let expected = calls(&rows, "ines@example.org").await;
    assert_eq!(expected.len(), 4, "{expected:?}");
    for name in [
        "unknown@example.org",
        "moved@example.org",
        "gone@example.org",
    ] {
        assert_eq!(calls(&rows, name).await, expected, "{name}");
    }
}

/// Argon2id with 64 MiB in three passes and bcrypt with cost 12, from `crates/legacy-password/vectors`, as RFC 9106 and most systems have
/// them. How long that takes is measured by `make bench`.
#[tokio::test]
async fn strong_hashes_are_within_the_limits() {
    for hash in [
        "$argon2id$v=19$m=65536,t=3,p=4$7QKUJRU0juvAygYvsLIeOQ$XjZcEfuJxfH74P5sd87hUfujNk2OI+1epVvE2fTLCOk",
        "$2b$12$cHu0mIMPdttjiB5vSYIFg.NwqMl8DxizQlqNnDXmCA2lx8bsxQUQK",
    ] {
        let rows = [ines(json!({"hash": {"S": hash}}))];
        let stage = Stage::new(&rows, [("SAMPLE_HASH", hash)]);
        for (name, expected) in [("ines@example.org", "Migrated"), ("unknown", "NotThere")] {
            let reason = stage.answer(sign_in(name, "sesame street 42"), at(0)).await;
            assert_eq!(reason, expected, "{hash}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_answer_takes_the_configured_time_at_least() {
    let more = [("ANSWER_AFTER_MS", "1500"), ("TRIES_PER_USER", "1")];
    let stage = Stage::new(&[ines(json!({}))], more);
    for (name, password, expected) in [
        ("unknown", PASSWORD, "NotThere"),
        ("unknown", PASSWORD, "Throttled"),
        ("unknown", "", "Implausible"),
        ("ines@example.org", PASSWORD, "Migrated"),
    ] {
        let started = Instant::now();
        let reason = stage.answer(sign_in(name, password), at(0)).await;
        assert_eq!(reason, expected);
        let elapsed = started.elapsed();
        assert!(
            elapsed >= Duration::from_millis(1_500),
            "{reason}: {elapsed:?}"
        );
        assert!(
            elapsed < Duration::from_millis(1_600),
            "{reason}: {elapsed:?}"
        );
    }
}
