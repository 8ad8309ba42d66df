//! What one check takes in each format, as it is and estimated, and what it takes to refuse a hash that is too costly:
//! `cargo run --release --package legacy-password --example costs`.

use std::time::{Duration, Instant};

use legacy_password::{Format, LegacyHash, Limits};
use serde_json::{Value, json};

/// With the parameters that systems have by default, or the highest that they recommend. No password fits: the time is the same.
const TYPICAL: [(&str, &str); 28] = [
    (
        "64 MiB, 3 passes",
        "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
    ),
    (
        "19 MiB, 2 passes",
        "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
    ),
    (
        "256 MiB, 3 passes: the limit",
        "$argon2id$v=19$m=262144,t=3,p=4$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
    ),
    (
        "cost 10",
        "$2b$10$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl7",
    ),
    (
        "cost 12",
        "$2b$12$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl7",
    ),
    (
        "cost 13: the limit",
        "$2b$13$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl7",
    ),
    (
        "cost 10",
        "$wp$2y$10$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl7",
    ),
    ("2^13 rounds", "$P$Babcdefghabcdefghijklmnopqrstuv"),
    (
        "2^15 rounds",
        "$S$Dabcdefghabcdefghijklmnopqrstuvwxyzabcdefghijklmnopq",
    ),
    (
        "600,000 iterations",
        "pbkdf2_sha256$600000$salt$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
    ),
    (
        "2,000,000 iterations: the limit",
        "pbkdf2_sha256$2000000$salt$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
    ),
    (
        "666,666 iterations: the limit",
        "$pbkdf2-sha512$i=666666,l=32$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
    ),
    (
        "260,000 iterations",
        "pbkdf2_sha1$260000$salt$c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
    ),
    (
        "2^14, 8, 5",
        "scrypt$16384$salt$8$5$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
    ),
    (
        "2^15, 8, 1",
        "scrypt:32768:8:1$salt$0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    ),
    (
        "2^17, 8, 1: the limit",
        "$scrypt$ln=17,r=8,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
    ),
    (
        "2^14, 8",
        "$firescrypt$ln=14,r=8,p=1$c2FsdA==$c2FsdHNhbHRzYWx0c2FsdA==$Bw==$c2FsdHNhbHRzYWx0c2FsdA==",
    ),
    (
        "4096, 32",
        "$y$j9T$abcdefghijklmnopqrst0.$abcdefghijklmnopqrstuvwxyzabcdefghijklmnop/",
    ),
    (
        "5,000 rounds",
        "$5$saltsalt$abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq",
    ),
    (
        "5,000 rounds",
        "$6$saltsalt$abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqabcdefghijklmnopqrstuvwxyzabcdefghijklmnopq",
    ),
    (
        "1,000,000 rounds: the limit",
        "$6$rounds=1000000$saltsalt$abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqabcdefghijklmnopqrstuvwxyzabcdefghijklmnopq",
    ),
    ("", "$1$saltsalt$abcdefghijklmnopqrstuv"),
    ("", "$apr1$saltsalt$abcdefghijklmnopqrstuv"),
    (
        "",
        "{SSHA512}c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
    ),
    (
        "",
        "{pbkdf2@SpringSecurity_v5_8}0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    ),
    (
        "",
        "{scrypt@SpringSecurity_v5_8}$100801$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
    ),
    (
        "",
        "{sha256}0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    ),
    ("", "sha1$salt$0123456789abcdef0123456789abcdef01234567"),
];

const TOO_COSTLY: [&str; 7] = [
    "$argon2id$v=19$m=4194304,t=3,p=4$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
    "$argon2id$v=19$m=65536,t=4294967295,p=4$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
    "$2b$31$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl7",
    "pbkdf2_sha256$4294967295$salt$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=",
    "$scrypt$ln=40,r=8,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ",
    "$6$rounds=999999999$saltsalt$abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqabcdefghijklmnopqrstuvwxyzabcdefghijklmnopq",
    "$P$zabcdefghabcdefghijklmnopqrstuv",
];

#[expect(clippy::print_stdout, reason = "a table is what this program is for")]
fn main() {
    println!(
        "{:22} {:32} {:>10} {:>10} {:>9}",
        "format", "parameters", "a check", "estimate", "memory"
    );
    let limits = Limits::default();
    let typical = TYPICAL
        .iter()
        .map(|(parameters, text)| (*parameters, LegacyHash::parse(text, &limits)));
    for (parameters, hash) in typical.chain(configured()) {
        let hash = hash.expect("the hashes here are well formed");
        let (cost, time) = (hash.cost(), time_of(|| hash.verify(b"sesame street 42")));
        println!(
            "{:22} {parameters:32} {:>10} {:>10} {:>5} KiB",
            hash.format().name(),
            milliseconds(time),
            milliseconds(cost.time),
            cost.memory_kib
        );
    }
    println!();
    for text in TOO_COSTLY {
        let time = time_of(|| LegacyHash::parse(text, &limits).is_err());
        let error = LegacyHash::parse(text, &limits)
            .map(|_| ())
            .expect_err("these are too costly");
        println!("{:>10}  {error}", milliseconds(time));
    }
}

fn configured() -> [(
    &'static str,
    Result<LegacyHash, legacy_password::Unsupported>,
); 2] {
    let read = |name: &str, text: &str, settings: Value| {
        let format: Format = name.parse().expect("the formats here exist");
        LegacyHash::parse_as(format, text, &settings, &Limits::default())
    };
    [
        (
            "100,000 iterations",
            read(
                "aspnet-identity",
                "AQAAAAEAAYagAAAAEHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdA==",
                Value::Null,
            ),
        ),
        (
            "MD5",
            read(
                "digest",
                "0123456789abcdef0123456789abcdef",
                json!({ "algorithm": "md5" }),
            ),
        ),
    ]
}

/// The shortest of several, which is the one that nothing disturbed.
fn time_of(run: impl Fn() -> bool) -> Duration {
    (0..5)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(run());
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

fn milliseconds(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1000.0)
}
