//! Every hash that another implementation has made, or published, is read and checked as it says. `vectors/README.md` says who made which.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use legacy_password::{Fallback, Format, LegacyHash, Limits, Pepper, Preparation, Unsupported};
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
struct Vectors {
    generator: String,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    format: String,
    how: How,
    hash: String,
    #[serde(default)]
    with: Map<String, Value>,
    password: Option<String>,
    password_hex: Option<String>,
    correct: bool,
    #[serde(default)]
    refused: bool,
    #[serde(default)]
    note: String,
    /// Other implementations that agree.
    #[serde(default)]
    checked_by: Vec<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum How {
    Prefix,
    Configured,
}

fn vectors() -> Vec<(String, Vector)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    files.sort();
    let read = |path: &Path| -> Vectors {
        serde_json::from_str(&fs::read_to_string(path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    files
        .iter()
        .flat_map(|path| {
            let Vectors { generator, vectors } = read(path);
            vectors.into_iter().map(move |vector| {
                let name = format!(
                    "{generator}, {}, {}: {} {}",
                    vector.checked_by.join(", "),
                    vector.format,
                    vector.hash,
                    vector.note
                );
                (name, vector)
            })
        })
        .collect()
}

impl Vector {
    fn parse(&self) -> Result<LegacyHash, Unsupported> {
        let limits = Limits::default();
        match self.how {
            How::Prefix => LegacyHash::parse(&self.hash, &limits),
            How::Configured => {
                let format: Format = self.format.parse().unwrap();
                let mut settings = self.with.clone();
                settings.remove("pepper");
                settings.remove("fallbacks");
                LegacyHash::parse_as(format, &self.hash, &settings.into(), &limits)
            }
        }
    }

    fn password(&self) -> Vec<u8> {
        match (&self.password, &self.password_hex) {
            (Some(text), None) => text.as_bytes().to_vec(),
            (None, Some(hex)) => (0..hex.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
                .collect(),
            _ => panic!("one password each"),
        }
    }

    fn preparation(&self) -> Preparation {
        let pepper = self.with.get("pepper").map(|pepper| {
            let value = pepper["value"].as_str().unwrap().into();
            match pepper["how"].as_str().unwrap() {
                "append" => Pepper::Append(value),
                "prepend" => Pepper::Prepend(value),
                "hmac-sha256" => Pepper::HmacSha256(value),
                "hmac-sha256-hex" => Pepper::HmacSha256Hex(value),
                other => panic!("no pepper is {other}"),
            }
        });
        let fallbacks = self.with.get("fallbacks").and_then(Value::as_array);
        let fallbacks =
            fallbacks
                .into_iter()
                .flatten()
                .map(|fallback| match fallback.as_str().unwrap() {
                    "trimmed" => Fallback::Trimmed,
                    "nfkc" => Fallback::Nfkc,
                    "latin-1" => Fallback::Latin1,
                    "utf-16le" => Fallback::Utf16Le,
                    other => panic!("no fall-back is {other}"),
                });
        Preparation {
            pepper,
            fallbacks: fallbacks.collect(),
        }
    }
}

#[test]
fn every_vector_is_as_its_generator_says() {
    let mut wrong = Vec::new();
    for (name, vector) in vectors() {
        match vector.parse() {
            Ok(_) if vector.refused => wrong.push(format!("{name}: is not refused")),
            Ok(hash) => {
                if hash.format().name() != vector.format {
                    wrong.push(format!("{name}: is read as {}", hash.format()));
                }
                if hash.verify_prepared(&vector.password(), &vector.preparation()) != vector.correct
                {
                    wrong.push(format!("{name}: is not {}", vector.correct));
                }
            }
            Err(_) if vector.refused => {}
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// One that fits and one that does not, so that neither reading nor refusing everything would pass.
#[test]
fn every_format_has_vectors() {
    let vectors = vectors();
    let with = |correct: bool| -> BTreeSet<&str> {
        vectors
            .iter()
            .filter(|(_, vector)| !vector.refused && vector.correct == correct)
            .map(|(_, vector)| vector.format.as_str())
            .collect()
    };
    let (right, wrong) = (with(true), with(false));
    let lacking: Vec<_> = Format::all()
        .map(Format::name)
        .filter(|name| !right.contains(name) || !wrong.contains(name))
        .collect();
    assert_eq!(lacking, [""; 0]);
}

/// A dummy does the work and lets nobody in.
#[test]
fn a_dummy_of_any_hash_fits_no_password() {
    let mut seen = BTreeSet::new();
    for (name, vector) in vectors() {
        let right = vector.correct && !vector.refused;
        if right && seen.insert(vector.format.clone()) {
            let dummy = vector.parse().unwrap().into_dummy();
            assert!(
                !dummy.verify_prepared(&vector.password(), &vector.preparation()),
                "{name}"
            );
        }
    }
}

#[test]
fn nothing_of_a_hash_is_printed() {
    for (name, vector) in vectors() {
        match vector.parse() {
            Ok(hash) => assert_eq!(
                format!("{hash:?}"),
                format!("LegacyHash({}, [redacted])", vector.format),
                "{name}"
            ),
            Err(error) => assert!(
                vector.hash.is_empty() || !format!("{error} {error:?}").contains(&vector.hash),
                "{name}"
            ),
        }
    }
}
