//! Any text whatever is read or refused, at once and without a panic; no changed hash and no other password passes.
//!
//! This is the fuzzing of the crate: seeded, so that it runs with every other test on any toolchain, and from every vector, so that it gets
//! past the beginnings. `SEED=… ROUNDS=…` in the environment make it another run and a longer one.

use std::time::{Duration, Instant};

use legacy_password::{Format, LegacyHash, Limits};

use crate::vector::{self, Vector};

/// Reading takes microseconds; this is what a text may cost that somebody wrote on purpose.
const LONGEST: Duration = Duration::from_millis(1);

/// Checks that take longer are left to the vectors.
const CHEAP: Duration = Duration::from_millis(2);

/// What hashes are made of, and what they are not.
const PIECES: [&str; 24] = [
    "$",
    ",",
    "=",
    "{",
    "}",
    ":",
    "\"",
    "\\",
    "0",
    "9",
    "a",
    "Z",
    ".",
    "/",
    "+",
    "-",
    " ",
    "\n",
    "\0",
    "é",
    "🔑",
    "4294967296",
    "$$",
    "18446744073709551615",
];

struct Chance(u64);

impl Chance {
    /// xorshift64*, by Sebastiano Vigna.
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % bound.max(1)
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

/// Those that fit as they are typed.
fn vectors() -> Vec<Vector> {
    let mut vectors = vector::all();
    vectors.retain(|vector| vector.correct && !vector.refused && !vector.is_prepared());
    vectors
}

fn is_cheap(vector: &Vector) -> bool {
    vector.parse().unwrap().cost().time < CHEAP
}

/// One to four changes: a piece put in, taken out or repeated, one character for another, an end cut off.
fn changed(text: &str, chance: &mut Chance) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..=chance.below(4) {
        let at = chance.below(characters.len() + 1);
        let piece = PIECES[chance.below(PIECES.len())];
        match chance.below(6) {
            0 => characters.truncate(at),
            1 => drop(characters.splice(at..at, piece.chars())),
            2 if at < characters.len() => drop(characters.remove(at)),
            3 => {
                let end = (at + chance.below(20)).min(characters.len());
                let repeated = characters[at..end].to_vec();
                characters.splice(at..at, repeated);
            }
            _ if at < characters.len() => characters[at] = piece.chars().next().unwrap(),
            _ => {}
        }
    }
    characters.into_iter().collect()
}

/// Reads it, again if something else had the processor.
#[track_caller]
fn parse_at_once<T>(parse: impl Fn() -> T, text: &str) -> T {
    let mut fastest = Duration::MAX;
    for _ in 0..10 {
        let start = Instant::now();
        let parsed = parse();
        fastest = fastest.min(start.elapsed());
        if fastest < LONGEST {
            return parsed;
        }
    }
    panic!("{text:?} took {fastest:?}");
}

#[test]
fn any_text_is_read_or_refused_at_once() {
    let mut chance = Chance(number("SEED", 0x5eed));
    let vectors = vectors();
    for round in 0..number("ROUNDS", 20_000) {
        let vector = &vectors[chance.below(vectors.len())];
        let text = changed(&vector.hash, &mut chance);
        let settings = match round % 3 {
            0 => serde_json::from_str(&changed(&vector.settings().to_string(), &mut chance))
                .unwrap_or_default(),
            _ => vector.settings(),
        };
        let limits = Limits::default();
        parse_at_once(|| drop(vector.parse_other(&text, &settings)), &text);
        parse_at_once(|| drop(LegacyHash::parse(&text, &limits)), &text);
        for format in Format::all().skip(chance.below(30)).step_by(20) {
            parse_at_once(
                || drop(LegacyHash::parse_as(format, &text, &settings, &limits)),
                &text,
            );
        }
    }
}

/// What was read can be checked: no parameters that pass the limits make an algorithm panic, whatever is typed.
#[test]
fn whatever_was_read_can_be_checked() {
    let mut chance = Chance(number("SEED", 0xc0de));
    let vectors = vectors();
    let mut checked = 0;
    for _ in 0..number("ROUNDS", 20_000) {
        let vector = &vectors[chance.below(vectors.len())];
        let text = changed(&vector.hash, &mut chance);
        let Ok(hash) = vector.parse_other(&text, &vector.settings()) else {
            continue;
        };
        if hash.cost().time < CHEAP {
            let password = changed(&text_of(&vector.password()), &mut chance);
            hash.verify(password.as_bytes());
            hash.verify(b"");
            checked += 1;
        }
    }
    assert!(checked > 500, "only {checked} changed texts could be read");
}

#[test]
fn a_changed_hash_fits_no_more() {
    let mut chance = Chance(number("SEED", 0xbeef));
    let mut checked = 0;
    for vector in vectors() {
        // In JSON not every field counts.
        if vector.hash.starts_with("{\"") || !is_cheap(&vector) {
            continue;
        }
        let mut characters: Vec<char> = vector.hash.chars().collect();
        // In each of these formats a part of the hash, its salt or its key stands here. The last three may be padding, or hold bits that are not used.
        let at = characters.len() - 4 - chance.below(8);
        let before = characters[at];
        characters[at] = if before.eq_ignore_ascii_case(&'a') {
            'b'
        } else {
            'a'
        };
        let text: String = characters.into_iter().collect();
        if let Ok(hash) = vector.parse_other(&text, &vector.settings()) {
            assert!(!hash.verify(&vector.password()), "{text}");
            checked += 1;
        }
    }
    assert!(checked > 100, "only {checked} changed hashes could be read");
}

#[test]
fn another_password_does_not_fit() {
    let mut checked = 0;
    for vector in vectors() {
        // bcrypt sees 72 bytes of a password.
        let password = text_of(&vector.password());
        if password.len() > 70 || !is_cheap(&vector) {
            continue;
        }
        let hash = vector.parse().unwrap();
        assert!(hash.verify(&vector.password()), "{}", vector.hash);
        let shorter: String = password.chars().skip(1).collect();
        for other in [
            format!("{password}x"),
            format!("x{password}"),
            shorter,
            password.to_uppercase() + "X",
        ] {
            if other.trim() != password.trim() {
                assert!(
                    !hash.verify(other.as_bytes()),
                    "{} by {other:?}",
                    vector.hash
                );
                checked += 1;
            }
        }
    }
    assert!(checked > 1000, "only {checked} passwords were tried");
}

fn text_of(password: &[u8]) -> String {
    String::from_utf8_lossy(password).into_owned()
}
