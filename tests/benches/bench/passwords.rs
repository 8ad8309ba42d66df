//! What old password hashes cost: the costly ones that are usual, checked by the function that brings users along, and absurd ones refused.

use std::collections::BTreeMap;
use std::time::Instant;

use legacy_password::{LegacyHash, Limits, Unsupported};
use serde_json::{Value, json};
use tests::signed::Signing;
use tests::stand_in::{StandIn, binary};

use crate::measured::{event, of_unknown_source};
use crate::processors::OneProcessor;
use crate::report::{Bound, Report, percentile};
use crate::runtime_api::Function;

/// From `crates/legacy-password/vectors`, as RFC 9106 and most systems have them.
const USUAL: [(&str, &str); 2] = [
    (
        "Argon2id, 64 MiB, 3 passes",
        "$argon2id$v=19$m=65536,t=3,p=4$7QKUJRU0juvAygYvsLIeOQ$XjZcEfuJxfH74P5sd87hUfujNk2OI+1epVvE2fTLCOk",
    ),
    (
        "bcrypt, cost 12",
        "$2b$12$cHu0mIMPdttjiB5vSYIFg.NwqMl8DxizQlqNnDXmCA2lx8bsxQUQK",
    ),
];

/// Of both.
const PASSWORD: &str = "sesame street 42";

/// What no system has, and what would keep a function busy for hours.
const ABSURD: [(&str, &str); 3] = [
    (
        "Argon2id, 2 TiB",
        "$argon2id$v=19$m=2147483648,t=3,p=4$7QKUJRU0juvAygYvsLIeOQ$XjZcEfuJxfH74P5sd87hUfujNk2OI+1epVvE2fTLCOk",
    ),
    (
        "bcrypt, cost 31",
        "$2b$31$cHu0mIMPdttjiB5vSYIFg.NwqMl8DxizQlqNnDXmCA2lx8bsxQUQK",
    ),
    (
        "PBKDF2, 2^31 - 1 iterations",
        "pbkdf2_sha256$2147483647$nacl$YPnv5WK+bVVRYykiEuYfucS/0jdCPID5M7ANp3RFxLk=",
    ),
];

/// Of each: users who are there, and as many who are not.
const USERS: usize = 5;

/// When the edge gives up, in seconds; Cognito does a second later.
const GIVES_UP: f64 = 4.0;

const REFUSALS: usize = 1_000;

pub(crate) fn measure(report: &mut Report) {
    for (name, hash) in USUAL {
        let name = format!("user-migration, {name}: slowest of {}", 2 * USERS);
        report.add(&name, slowest(hash), "s", Bound::AtMost(GIVES_UP));
    }
    for (name, hash) in ABSURD {
        let mut times: Vec<f64> = (0..REFUSALS).map(|_| refusal(hash)).collect();
        let name = format!("legacy-password, {name}: refusal, p99");
        let slow = percentile(&mut times, 0.99);
        report.add(&name, slow, "ms", Bound::AtMost(1.0));
    }
}

/// The longest that the function takes over somebody with such a hash, or over somebody who is not there, in seconds.
fn slowest(hash: &str) -> f64 {
    let sample = format!("MigrationSampleHash={hash}");
    let sources = "MigrationSources=imported-table";
    let stand_in = StandIn::start(&["--parameter", sources, "--parameter", &sample]);
    // What the template gives it is as much memory as comes with one processor.
    let _processor = OneProcessor::keep();
    let variables = BTreeMap::from([
        ("AWS_ENDPOINT_URL", stand_in.endpoint.clone()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769".to_owned()),
        ("SOURCES", "imported-table".to_owned()),
        ("LEGACY_USERS_TABLE", stand_in.table("LegacyUsersTable")),
        ("TRIES_TABLE", stand_in.table("MigrationTriesTable")),
        ("SAMPLE_HASH", hash.to_owned()),
    ]);
    let first = of_unknown_source(&sign_in("nobody@example.org"));
    let (mut function, _) = Function::start(&binary("user-migration"), &variables, &first);
    let mut slowest = 0.0_f64;
    for number in 0..USERS {
        let there = format!("user{number}@example.org");
        put_user(&stand_in, &there, hash);
        for (name, moves) in [(&*there, true), ("nobody@example.org", false)] {
            let answered = function.warm(&sign_in(name));
            let answer: Value = serde_json::from_slice(&answered.answer).expect("it is JSON");
            let has_moved = answer["response"]["finalUserStatus"] == "CONFIRMED";
            assert_eq!(has_moved, moves, "who has the right password moves");
            slowest = slowest.max(answered.took.as_secs_f64());
        }
    }
    slowest
}

fn sign_in(name: &str) -> String {
    let event = event("user-migration/UserMigration_Authentication.json");
    let mut event: Value = serde_json::from_str(&event).expect("event files are JSON");
    event["userName"] = json!(name);
    event["request"]["password"] = json!(PASSWORD);
    event.to_string()
}

/// As the importer writes one.
fn put_user(stand_in: &StandIn, name: &str, hash: &str) {
    let item = json!({
        "user": {"S": name},
        "hash": {"S": hash},
        "attributes": {"M": {"email": {"S": name}}},
        "verified": {"SS": ["email"]},
    });
    let body = json!({ "TableName": stand_in.table("LegacyUsersTable"), "Item": item }).to_string();
    let target = "DynamoDB_20120810.PutItem";
    let (status, _, _) = Signing::for_service("dynamodb").send(stand_in, target, &body);
    assert_eq!(status, 200, "the stand-in stores the user");
}

/// How long the library takes to refuse that, in milliseconds.
fn refusal(hash: &str) -> f64 {
    let started = Instant::now();
    let refused = LegacyHash::parse(hash, &Limits::default());
    let took = started.elapsed();
    let is_too_costly = matches!(refused, Err(Unsupported::TooCostly { .. }));
    assert!(is_too_costly, "it is refused for what it costs");
    took.as_secs_f64() * 1_000.0
}
