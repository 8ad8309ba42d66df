use serde_json::Value;

use super::*;

const SAMPLE: &str = "pbkdf2_sha256$1000$sample$xLlgfMh2Z7Dw0AeD8StFN+Za4QvGJhjAbaopdU++siw=";
const OWN: &str = "pbkdf2_sha256$1000$nacl$YPnv5WK+bVVRYykiEuYfucS/0jdCPID5M7ANp3RFxLk=";

fn rules() -> HashRules {
    HashRules {
        sample: stored(SAMPLE),
        fallbacks: Vec::new(),
        limits: Limits::default(),
    }
}

fn stored(text: &str) -> StoredHash {
    StoredHash {
        text: text.into(),
        format: None,
        settings: Value::Null,
        project: None,
    }
}

/// One hash is checked whoever comes, and where there is none of the user's own, one that costs the same and fits nothing.
#[test]
fn an_unknown_user_costs_one_check_of_a_hash_as_a_known_one_does() {
    let rules = rules();
    let secrets = HashSecrets {
        pepper: None,
        projects: &Projects::new(),
    };
    let known = rules.hash_of(Some(&stored(OWN)), secrets).unwrap();
    assert!(known.verify(b"Correct-Horse-19"));
    let unusable = stored("0cc175b9c0f1b6a831c399e269772661");
    let too_costly =
        stored("pbkdf2_sha256$2147483647$nacl$YPnv5WK+bVVRYykiEuYfucS/0jdCPID5M7ANp3RFxLk=");
    for (case, hash) in [
        ("unknown, or without a hash", None),
        ("with one of no known format", Some(&unusable)),
        ("with one that would take for ever", Some(&too_costly)),
    ] {
        let dummy = rules.hash_of(hash, secrets).unwrap();
        assert_eq!(dummy.format(), known.format(), "{case}");
        assert_eq!(dummy.cost(), known.cost(), "{case}");
        assert!(!dummy.verify(b"nobody has this one"), "{case}");
    }
}
