//! Passwords of legacy users: nobody learns from an answer, a call or a limit who there is.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::Client;
use function_tests::service;
use serde_json::Value;

use crate::stage::{PASSWORD, Stage, password, tables};

const NOBODY: [&str; 4] = [
    "unknown@example.org",
    // Moved to the user pool.
    "moved@example.org",
    // A tombstone, under a row that was imported again.
    "back@example.org",
    "tombstone#back@example.org",
];

#[tokio::test]
async fn only_who_waits_and_knows_the_password_is_somebody() {
    let stage = Stage::new().await;
    let right = stage
        .credentials(password(" INES@example.org", PASSWORD))
        .await;
    assert_eq!(right.status, 200);
    let wrong = stage
        .credentials(password("ines@example.org", "wrong"))
        .await;
    wrong.is_problem(401, "not-proven");
    for name in NOBODY.into_iter().chain([""]) {
        let answer = stage.credentials(password(name, PASSWORD)).await;
        assert_eq!(answer, wrong, "{name}");
    }
}

/// The calls of one request to the tables, without what differs by the name.
async fn calls(name: &str) -> Vec<(String, usize)> {
    let tables = tables();
    let calls = Arc::new(Mutex::new(Vec::new()));
    let (made, answering) = (Arc::clone(&calls), tables.clone());
    let client = Client::new(&service(move |operation, input: Value| {
        let members = input.as_object().unwrap().len();
        made.lock().unwrap().push((operation.to_owned(), members));
        let answer = answering.answer(operation, input.to_string().as_bytes());
        assert_eq!(answer.status, 200, "{operation}");
        Ok(serde_json::from_slice(&answer.body).unwrap())
    }));
    let stage = Stage::over(client, tables, []).await;
    stage
        .credentials(password(name, "wrong"))
        .await
        .is_problem(401, "not-proven");
    let calls = calls.lock().unwrap();
    calls.clone()
}

#[tokio::test]
async fn nobody_costs_what_a_wrong_password_does() {
    let expected = calls("ines@example.org").await;
    assert_eq!(expected.len(), 3, "{expected:?}");
    for name in &NOBODY[..3] {
        assert_eq!(calls(name).await, expected, "{name}");
    }
}

#[tokio::test]
async fn tries_are_limited_alike_for_everybody() {
    let stage = Stage::with([("TRIES_PER_USER", "3")]).await;
    for name in ["ines@example.org", "unknown@example.org"] {
        for _ in 0..3 {
            stage
                .credentials(password(name, "wrong"))
                .await
                .is_problem(401, "not-proven");
        }
        // The right one too, and in another spelling.
        for spelled in [name.to_owned(), name.to_uppercase()] {
            let answer = stage.credentials(password(&spelled, PASSWORD)).await;
            answer.is_problem(429, "too-many-requests");
        }
    }
}
