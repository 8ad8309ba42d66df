//! Whoever has no hash is told so in the time that a wrong password takes.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use legacy_password::LegacyHash;

use crate::vector::{self, Vector};

/// Of each format, unless it is too slow for that.
const TRIES: u128 = 1000;

/// For all tries of a format together.
const LONGEST: Duration = Duration::from_millis(400);

/// The cheapest vector of each format that fits its password.
fn cheapest() -> BTreeMap<String, Vector> {
    let mut found: BTreeMap<String, (Duration, Vector)> = BTreeMap::new();
    for vector in vector::all() {
        if vector.correct && !vector.refused {
            let time = vector.parse().unwrap().cost().time;
            let is_best = found
                .get(&vector.format)
                .is_none_or(|(best, _)| time < *best);
            if is_best {
                found.insert(vector.format.clone(), (time, vector));
            }
        }
    }
    let without_time = |(format, (_, vector))| (format, vector);
    found.into_iter().map(without_time).collect()
}

#[test]
fn a_dummy_fits_no_password() {
    for vector in cheapest().values() {
        let (password, preparation) = (vector.password(), vector.preparation());
        let hash = vector.parse().unwrap();
        assert!(
            hash.verify_prepared(&password, &preparation),
            "{}",
            vector.name()
        );
        let dummy = hash.into_dummy();
        assert!(
            !dummy.verify_prepared(&password, &preparation),
            "{}",
            vector.name()
        );
    }
}

#[test]
fn an_unknown_user_takes_as_long_as_a_wrong_password() {
    let mut told_apart = Vec::new();
    for (format, vector) in cheapest() {
        let (hash, dummy) = (
            vector.parse().unwrap(),
            vector.parse().unwrap().into_dummy(),
        );
        // Another process may have the processor for a while: whoever is to be told apart has to be so more than once.
        let differs = || {
            let (wrong, unknown) = medians(&hash, &dummy);
            wrong.abs_diff(unknown) > wrong / 10 + Duration::from_nanos(200)
        };
        if (0..5).all(|_| differs()) {
            told_apart.push(format);
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
    let tries = longest.clamp(5, TRIES);
    let (mut wrong, mut unknown): (Vec<_>, Vec<_>) =
        (0..tries).map(|_| (time_of(hash), time_of(dummy))).unzip();
    wrong.sort();
    unknown.sort();
    (wrong[wrong.len() / 2], unknown[unknown.len() / 2])
}
