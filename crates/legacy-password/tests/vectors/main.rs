//! Every hash that another implementation has made, or published, is read and checked as it says. `vectors/README.md` says who made which.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod any_text;
mod dummies;
mod vector;

use std::collections::BTreeSet;

use legacy_password::Format;

#[test]
fn every_vector_is_as_its_generator_says() {
    let mut wrong = Vec::new();
    for vector in vector::all() {
        let name = vector.name();
        match vector.parse() {
            Ok(_) if vector.refused => wrong.push(format!("{name}: is not refused")),
            Ok(hash) => {
                if hash.format().name() != vector.format {
                    wrong.push(format!("{name}: is read as {}", hash.format()));
                }
                let fits = hash.verify_prepared(&vector.password(), &vector.preparation());
                if fits != vector.correct {
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
    let vectors = vector::all();
    let with = |correct: bool| -> BTreeSet<&str> {
        vectors
            .iter()
            .filter(|vector| !vector.refused && vector.correct == correct)
            .map(|vector| vector.format.as_str())
            .collect()
    };
    let (right, wrong) = (with(true), with(false));
    let lacking: Vec<_> = Format::all()
        .map(Format::name)
        .filter(|name| !right.contains(name) || !wrong.contains(name))
        .collect();
    assert_eq!(lacking, [""; 0]);
}

#[test]
fn nothing_of_a_hash_is_printed() {
    // Shorter texts, such as a blank, stand in any message.
    let is_long = |vector: &&vector::Vector| vector.hash.len() >= 8;
    for vector in vector::all().iter().filter(is_long) {
        let printed = match vector.parse() {
            Ok(hash) => format!("{hash:?}"),
            Err(error) => format!("{error} {error:?}"),
        };
        assert!(!printed.contains(&vector.hash), "{}", vector.name());
        if !vector.refused {
            let format = &vector.format;
            assert_eq!(printed, format!("LegacyHash({format}, [redacted])"));
        }
    }
}
