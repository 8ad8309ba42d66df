//! A hash that would cost minutes or gigabytes is refused before any work, and what systems use by default is not.

use std::time::{Duration, Instant};

use legacy_password::{Fallback, Format, LegacyHash, Limits, Preparation, Unsupported};
use serde_json::json;

/// As the brief for this crate has it; it takes some microseconds.
const LONGEST: Duration = Duration::from_millis(1);

/// The shortest of several attempts, since another process may have the processor.
fn time_of(run: impl Fn()) -> Duration {
    let attempt = |_| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..20).map(attempt).min().unwrap_or_default()
}

#[track_caller]
fn check(text: &str, limit: &str) {
    let limits = Limits::default();
    match LegacyHash::parse(text, &limits) {
        Err(error @ Unsupported::TooCostly { limit: named, most }) => {
            assert_eq!(named, limit, "{text}");
            assert!(error.to_string().contains(&most.to_string()), "{error}");
        }
        other => panic!("{text}: {other:?}"),
    }
    let time = time_of(|| drop(LegacyHash::parse(text, &limits)));
    assert!(time < LONGEST, "{text}: {time:?}");
}

#[test]
fn what_is_too_costly_is_refused_at_once_and_by_the_name_of_its_limit() {
    let hash = "c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ";
    let memory = "memory in KiB";
    for (text, limit) in [
        (
            format!("$argon2id$v=19$m=4294967295,t=1,p=1$c2FsdHNhbHQ${hash}"),
            memory,
        ),
        (
            format!("$argon2i$v=19$m=262145,t=1,p=1$c2FsdHNhbHQ${hash}"),
            memory,
        ),
        (
            format!("$argon2id$v=19$m=65536,t=13,p=1$c2FsdHNhbHQ${hash}"),
            "Argon2's memory in KiB times passes",
        ),
        (
            format!("$argon2d$v=19$m=8,t=4294967295,p=1$c2FsdHNhbHQ${hash}"),
            "Argon2's memory in KiB times passes",
        ),
        (
            format!("$argon2id$v=19$m=65536,t=3,p=17$c2FsdHNhbHQ${hash}"),
            "Argon2's lanes",
        ),
        (
            format!("argon2$argon2id$v=19$m=4194304,t=3,p=1$c2FsdHNhbHQ${hash}"),
            memory,
        ),
        (
            "$2b$14$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl7".to_owned(),
            "bcrypt's cost",
        ),
        (
            "$2b$31$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl7".to_owned(),
            "bcrypt's cost",
        ),
        (
            "$2b$99$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl7".to_owned(),
            "bcrypt's cost",
        ),
        (
            format!("$scrypt$ln=63,r=8,p=1$c2FsdHNhbHQ${hash}"),
            "scrypt's N times r times p",
        ),
        (
            format!("$scrypt$ln=14,r=8,p=4294967295$c2FsdHNhbHQ${hash}"),
            "scrypt's N times r times p",
        ),
        (
            format!("scrypt$4611686018427387904$salt$8$1${hash}="),
            "scrypt's N times r times p",
        ),
        (
            format!("{{scrypt}}$1f0801$c2FsdHNhbHQ${hash}"),
            "scrypt's N times r times p",
        ),
        (
            format!("$firescrypt$ln=40,r=8,p=1$c2FsdA==${hash}$Bw==$c2FsdA=="),
            "scrypt's N times r times p",
        ),
        (
            "$7$zU..../....saltsalt$abcdefghijklmnopqrstuvwxyzabcdefghijklmnop/".to_owned(),
            "scrypt's N times r times p",
        ),
        (
            "$y$jFT$abcdefghijklmnopqrst0.$abcdefghijklmnopqrstuvwxyzabcdefghijklmnop/".to_owned(),
            "yescrypt's N times r",
        ),
        (
            format!("pbkdf2_sha256$4294967295$salt${hash}="),
            "PBKDF2's iterations",
        ),
        (
            format!("$pbkdf2-sha512$i=666667,l=32$c2FsdHNhbHQ${hash}"),
            "PBKDF2's iterations",
        ),
        (
            format!(
                "$pbkdf2-sha256$i=1000001,l=64$c2FsdHNhbHQ${}",
                "c2FsdHNhbHRz".repeat(4)
            ),
            "PBKDF2's iterations",
        ),
        (
            format!("$6$rounds=999999999$salt${}", "a".repeat(86)),
            "rounds",
        ),
        (
            format!("$5$rounds=1000001$salt${}", "a".repeat(43)),
            "rounds",
        ),
        (format!("$P$zsaltsalt{}", "a".repeat(22)), "rounds"),
        (format!("$S$Isaltsalt{}", "a".repeat(43)), "rounds"),
        ("$2b$12$".repeat(1000), "the length of the text"),
    ] {
        check(&text, limit);
    }
}

#[test]
fn configured_formats_have_the_same_limits() {
    let limits = Limits::default();
    for (format, text, settings) in [
        (
            "aspnet-identity",
            "AQAAAAH/////AAAAEHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdA==",
            json!({}),
        ),
        (
            "fusionauth",
            "c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
            json!({ "encryptionScheme": "salted-sha256", "salt": "c2FsdA==", "factor": 4_000_000_000_u32 }),
        ),
        (
            "firebase-scrypt",
            "c2FsdHNhbHRzYWx0c2FsdA==",
            json!({ "salt": "c2FsdA==", "signerKey": "c2FsdA==", "memCost": 64 }),
        ),
        (
            "okta",
            r#"{"algorithm":"PBKDF2","digestAlgorithm":"SHA256_HMAC","iterationCount":4000000000,"salt":"c2FsdA==","value":"c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ="}"#,
            json!({}),
        ),
        (
            "okta",
            r#"{"algorithm":"BCRYPT","workFactor":20,"salt":"abcdefghijklmnopqrstuu","value":"N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7"}"#,
            json!({}),
        ),
        (
            "auth0",
            r#"{"algorithm":"argon2","hash":{"value":"$argon2id$v=19$m=4194304,t=1,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA"}}"#,
            json!({}),
        ),
        (
            "auth0",
            r#"{"algorithm":"scrypt","cost":1073741824,"hash":{"value":"c2FsdHNhbHRzYWx0c2FsdA==","encoding":"base64"}}"#,
            json!({}),
        ),
        (
            "keycloak",
            r#"{"secretData":{"value":"c2FsdHNhbHRzYWx0c2FsdA==","salt":"c2FsdA=="},"credentialData":{"hashIterations":4000000000,"algorithm":"pbkdf2-sha256"}}"#,
            json!({}),
        ),
        (
            "digest",
            "0123456789abcdef0123456789abcdef",
            json!({ "algorithm": "md5", "salt": "a".repeat(5000) }),
        ),
    ] {
        let format: Format = format.parse().unwrap();
        let parse = || LegacyHash::parse_as(format, text, &settings, &limits);
        assert!(
            matches!(parse(), Err(Unsupported::TooCostly { .. })),
            "{format}: {:?}",
            parse()
        );
        let time = time_of(|| drop(parse()));
        assert!(time < LONGEST, "{format}: {time:?}");
    }
}

#[test]
fn what_systems_use_by_default_passes_and_what_is_recommended() {
    let hash = "c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ";
    for text in [
        format!("$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ${hash}"), // RFC 9106
        "$2b$12$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl7".to_owned(),
        format!("$scrypt$ln=17,r=8,p=1$c2FsdHNhbHQ${hash}"), // OWASP
        format!("pbkdf2_sha256$1200000$salt${hash}="),       // Django 6
        format!("$pbkdf2-sha512$i=210000,l=32$c2FsdHNhbHQ${hash}"), // OWASP
        format!("$6$rounds=656000$salt${}", "a".repeat(86)), // passlib
        format!("$S$Dsaltsalt{}", "a".repeat(43)),
    ] {
        LegacyHash::parse(&text, &Limits::default()).unwrap();
    }
}

#[test]
fn limits_can_be_chosen() {
    let strict = Limits {
        memory_kib: 1024,
        bcrypt_cost: 11,
        ..Limits::default()
    };
    for (text, limit, most) in [
        (
            "$2b$12$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl7",
            "bcrypt's cost",
            11,
        ),
        (
            "scrypt:2048:8:1$salt$0123456789abcdef0123456789abcdef",
            "memory in KiB",
            1024,
        ),
        (
            "$y$j9T$abcdefghijklmnopqrst0.$abcdefghijklmnopqrstuvwxyzabcdefghijklmnop/",
            "memory in KiB",
            1024,
        ),
    ] {
        LegacyHash::parse(text, &Limits::default()).unwrap();
        let refused = LegacyHash::parse(text, &strict).map(|_| ());
        assert_eq!(
            refused,
            Err(Unsupported::TooCostly { limit, most }),
            "{text}"
        );
    }
}

/// Nothing here is that large; the algorithms have bounds of their own.
#[test]
fn limits_that_nobody_should_choose_do_not_make_reading_panic() {
    let none = Limits {
        memory_kib: u64::MAX,
        argon2_work: u64::MAX,
        argon2_lanes: u64::MAX,
        bcrypt_cost: u64::MAX,
        scrypt_work: u64::MAX,
        pbkdf2_iterations: u64::MAX,
        digest_rounds: u64::MAX,
        forms_milliseconds: u64::MAX,
        text_bytes: u64::MAX,
    };
    for text in [
        "$argon2id$v=19$m=4294967295,t=4294967295,p=4294967295$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
        "$2b$99$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl7",
        "$scrypt$ln=63,r=4294967295,p=4294967295$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
        "$scrypt$ln=1,r=65536,p=65536$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
        "$7$zzzzzzzzzzzsaltsalt$abcdefghijklmnopqrstuvwxyzabcdefghijklmnop/",
        "$y$jzz$abcdefghijklmnopqrst0.$abcdefghijklmnopqrstuvwxyzabcdefghijklmnop/",
        "pbkdf2_sha256$4294967295$salt$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
        "$P$zsaltsaltabcdefghijklmnopqrstuv",
    ] {
        let _ = LegacyHash::parse(text, &none);
    }
}

#[test]
fn a_password_that_nobody_types_is_wrong_without_any_work() {
    let hash = LegacyHash::parse(
        "$2b$13$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl7",
        &Limits::default(),
    )
    .unwrap();
    let password = vec![b'a'; 1025];
    let time = time_of(|| assert!(!hash.verify(&password)));
    assert!(time < LONGEST, "{time:?}");
}

/// A hash of cost 4, which takes 1.3 ms by its estimate: the form without white space is right, and is the second.
#[test]
fn other_forms_of_a_password_are_checked_as_far_as_their_time_goes() {
    let preparation = Preparation {
        pepper: None,
        fallbacks: vec![Fallback::Trimmed],
    };
    for (forms_milliseconds, expected) in [(3, true), (2, false), (0, false)] {
        let limits = Limits {
            forms_milliseconds,
            ..Limits::default()
        };
        let hash = "$2b$04$uUt0ifDom5GT6NSiKBEP0.HsF1SA/Hk4lxD/0U2MDBNIUFK63q5mK";
        let hash = LegacyHash::parse(hash, &limits).unwrap();
        assert!(hash.verify_prepared(b"sesame street 42", &preparation));
        let is_right = hash.verify_prepared(b" sesame street 42 ", &preparation);
        assert_eq!(is_right, expected, "{forms_milliseconds} ms");
    }
}
