//! Whoever has no hash is told so in the time that a wrong password takes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use legacy_password::{LegacyHash, Limits};
use serde_json::Value;

/// Of each, unless a format is too slow for that.
const TRIES: u32 = 1000;

/// Of one format.
const LONGEST: Duration = Duration::from_millis(400);

/// The cheapest vector of each format that its beginning tells, by the format's name.
fn cheapest() -> BTreeMap<&'static str, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let mut found: BTreeMap<&str, (Duration, String)> = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "json") {
            continue;
        }
        let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        for vector in file["vectors"].as_array().unwrap() {
            let text = vector["hash"].as_str().unwrap();
            if let Ok(hash) = LegacyHash::parse(text, &Limits::default()) {
                let candidate = (hash.cost().time, text.to_owned());
                let best = found
                    .entry(hash.format().name())
                    .or_insert(candidate.clone());
                *best = candidate.min(best.clone());
            }
        }
    }
    found
        .into_iter()
        .map(|(name, (_, text))| (name, text))
        .collect()
}

#[test]
fn an_unknown_user_takes_as_long_as_a_wrong_password() {
    let parse = |text: &str| LegacyHash::parse(text, &Limits::default()).unwrap();
    let mut told_apart = Vec::new();
    for (name, text) in cheapest() {
        let (hash, dummy) = (parse(&text), parse(&text).into_dummy());
        // Another process may have the processor for a while: whoever is to be told apart has to be so more than once.
        let differs = || {
            let (wrong, unknown) = medians(&hash, &dummy);
            wrong.abs_diff(unknown) > wrong / 10 + Duration::from_nanos(200)
        };
        if (0..5).all(|_| differs()) {
            told_apart.push(name);
        }
    }
    assert_eq!(told_apart, [""; 0]);
}

/// By turns, so that whatever else happens happens to both.
fn medians(hash: &LegacyHash, dummy: &LegacyHash) -> (Duration, Duration) {
    let time_of = |hash: &LegacyHash| {
        let start = Instant::now();
        assert!(!hash.verify(std::hint::black_box(b"not the password")));
        start.elapsed()
    };
    let longest = LONGEST.as_nanos() / time_of(hash).as_nanos().max(1) / 2;
    let tries = longest.clamp(5, TRIES.into());
    let (mut wrong, mut unknown): (Vec<_>, Vec<_>) =
        (0..tries).map(|_| (time_of(hash), time_of(dummy))).unzip();
    wrong.sort();
    unknown.sort();
    (wrong[wrong.len() / 2], unknown[unknown.len() / 2])
}
