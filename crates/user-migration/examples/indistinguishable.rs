//! Whether time tells a wrong password from an unknown user: 1,000 tries of each, by turns, for every format of `legacy-password`, or for the
//! one that is named.
//!
//! Each format's cheapest vector is the row's hash and the sample at once, as in a table of one format, and the tables are in this process,
//! so that what differs is not lost in a network. Printed are the medians, and how often a try of a wrong password takes longer than one of
//! an unknown user: 0.5 says nothing, 0 or 1 everything.
//!
//! All formats take some five minutes where nothing else runs, and more than half of that is `spring-pbkdf2`, whose 310,000 iterations no vector
//! can have fewer of; the others take two or three seconds each.
//!
//! `cargo run --release --workspace --example indistinguishable [-- TRIES [FORMAT]]`
#![expect(clippy::print_stdout, reason = "a measurement is for reading")]
#![expect(clippy::unwrap_used, reason = "it may stop at what is wrong")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use aws_sdk_cognitoidentityprovider::Client as UserPools;
use aws_sdk_ssm::Client as Ssm;
use embedded_dynamodb::Tables;
use entrypoint::Env;
use function_tests::{create, put, service};
use legacy_password::{LegacyHash, Limits};
use serde_json::{Value, json};
use time::OffsetDateTime;
use user_migration::{Clients, Config, Outside, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let tries = arguments
        .next()
        .map_or(1_000, |tries| tries.parse().unwrap());
    let wanted = arguments.next();
    println!(
        "{:<24} {:>10} {:>10} {:>7} {:>10}",
        "format", "wrong", "unknown", "longer", "took"
    );
    for (format, vector) in cheapest_vectors() {
        if wanted.as_ref().is_some_and(|wanted| *wanted != format) {
            continue;
        }
        let started = Instant::now();
        let [mut wrong, mut unknown] = measure(&format, &vector, tries).await;
        let took = started.elapsed();
        let longer = longer(&wrong, &unknown);
        wrong.sort_unstable();
        unknown.sort_unstable();
        let middle = tries / 2;
        println!(
            "{format:<24} {:>10.1?} {:>10.1?} {longer:>7.3} {took:>10.1?}",
            wrong[middle], unknown[middle]
        );
    }
}

/// The times of each kind of try.
async fn measure(format: &str, vector: &Value, tries: usize) -> [Vec<Duration>; 2] {
    let tables = Tables::in_memory().unwrap();
    create(&tables, "legacy-users", &["user"]);
    create(&tables, "tries", &["window"]);
    let row = json!({
        "user": {"S": "ines@example.org"},
        "hash": vector["hash"].as_str().map(|hash| json!({"S": hash})),
        "format": {"S": format},
        "settings": {"S": vector["with"].to_string()},
        "attributes": {"M": {"email": {"S": "ines@example.org"}}},
        "verified": {"SS": ["email"]},
    });
    put(&tables, "legacy-users", &row);
    let sample = json!({"hash": vector["hash"], "format": format, "settings": vector["with"]});
    let config = Config::from_env(Env::of_pairs([
        ("SOURCES", "imported-table"),
        ("LEGACY_USERS_TABLE", "legacy-users"),
        ("TRIES_TABLE", "tries"),
        ("TRIES_PER_USER", "1000000"),
        ("TRIES_PER_MINUTE", "1000000"),
        ("SAMPLE_HASH", &sample.to_string()),
    ]));
    let config = config.unwrap();
    let nothing = || service(|operation, _| panic!("{operation} is not needed"));
    let clients = Clients {
        dynamodb: tables.client(),
        user_pools: UserPools::new(&nothing()).into(),
        ssm: Ssm::new(&nothing()).into(),
    };
    let outside = Outside::new(clients, &config);
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..tries {
        for (name, times) in ["ines@example.org", "kaya@example.org"]
            .iter()
            .zip(&mut times)
        {
            let event = json!({
                "triggerSource": "UserMigration_Authentication",
                "userPoolId": "eu-central-1_Kx7QmT2Zd",
                "userName": name,
                "request": {"password": "not this one"},
            });
            let event = serde_json::from_value(event).unwrap();
            let started = Instant::now();
            let decided = handle(event, &config, &outside, OffsetDateTime::now_utc()).await;
            times.push(started.elapsed());
            assert_eq!(decided.unwrap().reason, "NotThere", "{format}");
        }
    }
    times
}

/// The share of pairs in which the first takes longer, ties counting half.
fn longer(first: &[Duration], second: &[Duration]) -> f64 {
    let pairs = first
        .iter()
        .flat_map(|a| second.iter().map(move |b| a.cmp(b)));
    let sum: f64 = pairs
        .map(|order| (f64::from(order as i8) + 1.0) / 2.0)
        .sum();
    sum / (first.len() * second.len()) as f64
}

/// Of each format the vector that is checked with the least work.
fn cheapest_vectors() -> BTreeMap<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../legacy-password/vectors");
    let mut cheapest: BTreeMap<String, (Duration, Value)> = BTreeMap::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        for vector in file["vectors"].as_array().unwrap() {
            let (Some(format), Some(hash)) = (vector["format"].as_str(), vector["hash"].as_str())
            else {
                continue;
            };
            let Ok(known) = format.parse() else { continue };
            let mut vector = vector.clone();
            if let Some(with) = vector["with"].as_object_mut() {
                with.retain(|name, _| name != "pepper" && name != "fallbacks");
            }
            let limits = Limits::default();
            let Ok(parsed) = LegacyHash::parse_as(known, hash, &vector["with"], &limits) else {
                continue;
            };
            let cost = parsed.cost().time;
            let least = cheapest.get(format).is_none_or(|(other, _)| cost < *other);
            if least {
                cheapest.insert(format.to_owned(), (cost, vector));
            }
        }
    }
    let cheapest = cheapest.into_iter();
    cheapest
        .map(|(format, (_, vector))| (format, vector))
        .collect()
}
