use legacy_hashes::HashRules;
use legacy_password::Fallback;
use legacy_users::StoredHash;
use serde_json::{Value, json};
use time::Duration as Days;

use super::*;

const SAMPLE: &str = "pbkdf2_sha256$1000$sample$xLlgfMh2Z7Dw0AeD8StFN+Za4QvGJhjAbaopdU++siw=";

fn plain(text: &str) -> StoredHash {
    StoredHash {
        text: text.into(),
        format: None,
        settings: Value::Null,
        project: None,
    }
}

fn least() -> Config {
    Config {
        sources: vec![SourceRules::ImportedTable(HashRules {
            sample: plain(SAMPLE),
            fallbacks: Vec::new(),
            limits: legacy_password::Limits::default(),
        })],
        legacy_users_table: "legacy-users".to_owned(),
        tries_table: "tries".to_owned(),
        attributes: USUAL_ATTRIBUTES.map(str::to_owned).into(),
        renames: BTreeMap::new(),
        unverified_addresses_move: false,
        least_password_length: 8,
        migrate_until: None,
        keep_for: None,
        limits: Limits {
            per_user: 20,
            per_minute: 600,
        },
        answer_after: Duration::ZERO,
        secrets: None,
    }
}

#[test]
fn only_a_source_and_its_tables_must_be_named() {
    let config = Config::from_env(Env::of_pairs([
        ("SOURCES", "imported-table"),
        ("LEGACY_USERS_TABLE", "legacy-users"),
        ("TRIES_TABLE", "tries"),
        ("SAMPLE_HASH", SAMPLE),
    ]));
    assert_eq!(config, Ok(least()));
}

#[test]
fn everything_set() {
    let config = Config::from_env(Env::of_pairs([
        ("SOURCES", "http-endpoint, imported-table,user-pool"),
        ("LEGACY_USERS_TABLE", "legacy-users"),
        ("TRIES_TABLE", "tries"),
        ("ATTRIBUTES", "email, custom:team"),
        ("RENAMES", "mail=email, role = custom:team"),
        ("UNVERIFIED_ADDRESSES", "move"),
        ("LEAST_PASSWORD_LENGTH", "12"),
        ("MIGRATE_UNTIL", "2027-06-30"),
        ("DELETE_AFTER_DAYS", "30"),
        ("TRIES_PER_USER", "9"),
        ("TRIES_PER_MINUTE", "60"),
        ("ANSWER_AFTER_MS", "1500"),
        (
            "SAMPLE_HASH",
            r#"{"hash": "x", "format": "firebase-scrypt", "settings": {"salt": "c2FsdA=="}, "project": "shop"}"#,
        ),
        ("PASSWORD_FALLBACKS", "trimmed,nfkc,latin-1,utf-16le"),
        ("HASH_LIMITS", "bcrypt-cost=12"),
        ("OLD_USER_POOL_ID", "eu-west-1_Old"),
        ("OLD_CLIENT_ID", "old"),
        ("OLD_ROLE_ARN", "arn:aws:iam::210987654321:role/migration"),
        ("ENDPOINT_URL", "https://users.example.org/ask"),
        ("ENDPOINT_HOSTS", "other.example.org, users.example.org"),
        ("MIGRATION_SECRETS", "/lifeguard/migration"),
    ]));
    let expected = Config {
        sources: vec![
            SourceRules::HttpEndpoint("https://users.example.org/ask".parse().unwrap()),
            SourceRules::ImportedTable(HashRules {
                sample: StoredHash {
                    format: Some("firebase-scrypt".parse().unwrap()),
                    settings: json!({"salt": "c2FsdA=="}),
                    project: Some("shop".to_owned()),
                    ..plain("x")
                },
                fallbacks: vec![
                    Fallback::Trimmed,
                    Fallback::Nfkc,
                    Fallback::Latin1,
                    Fallback::Utf16Le,
                ],
                limits: "bcrypt-cost=12".parse().unwrap(),
            }),
            SourceRules::UserPool(OldUserPool {
                id: "eu-west-1_Old".to_owned(),
                client_id: "old".to_owned(),
                role_arn: Some("arn:aws:iam::210987654321:role/migration".to_owned()),
            }),
        ],
        attributes: vec!["email".to_owned(), "custom:team".to_owned()],
        renames: [("mail", "email"), ("role", "custom:team")]
            .map(|(old, new)| (old.to_owned(), new.to_owned()))
            .into(),
        unverified_addresses_move: true,
        least_password_length: 12,
        migrate_until: Some(OffsetDateTime::from_unix_timestamp(1_814_313_600).unwrap()),
        keep_for: Some(Days::days(30)),
        limits: Limits {
            per_user: 9,
            per_minute: 60,
        },
        answer_after: Duration::from_millis(1_500),
        secrets: Some("/lifeguard/migration".to_owned()),
        ..least()
    };
    assert_eq!(config, Ok(expected));
}

#[track_caller]
fn check<const N: usize>(pairs: [(&str, &str); N], expected: &[&str]) {
    let problems = Config::from_env(Env::of_pairs(pairs)).unwrap_err();
    let problems = problems.to_string();
    let lines: Vec<_> = problems.lines().skip(1).map(str::trim).collect();
    assert_eq!(lines, expected);
}

#[test]
fn all_problems_are_named_at_once() {
    check(
        [],
        &[
            "SOURCES: not set; expected where users come from",
            "LEGACY_USERS_TABLE: not set; expected the name of a DynamoDB table",
            "TRIES_TABLE: not set; expected the name of a DynamoDB table",
        ],
    );
    check(
        [
            (
                "SOURCES",
                "imported-table,imported-table,radius,user-pool,http-endpoint",
            ),
            ("LEGACY_USERS_TABLE", "legacy-users"),
            ("TRIES_TABLE", "tries"),
            ("ATTRIBUTES", "email,email_verified,sub,cognito:groups"),
            ("RENAMES", "mail=email,work=email,role"),
            ("UNVERIFIED_ADDRESSES", "allow"),
            ("MIGRATE_UNTIL", "next year"),
            ("DELETE_AFTER_DAYS", "0"),
            ("ANSWER_AFTER_MS", "3001"),
            ("PASSWORD_FALLBACKS", "rot13"),
            ("HASH_LIMITS", "cost=1"),
            ("OLD_USER_POOL_ID", "Old"),
            ("OLD_ROLE_ARN", "migration"),
            ("ENDPOINT_URL", "https://users.example.org/ask"),
            ("ENDPOINT_HOSTS", "example.org"),
            ("MIGRATION_SECRETS", "hunter2"),
        ],
        &[
            "HASH_LIMITS: expected limits of hashes, such as bcrypt-cost=12,memory-kib=131072",
            "PASSWORD_FALLBACKS: expected trimmed, nfkc, latin-1 or utf-16le",
            "SAMPLE_HASH: not set; expected a hash as most users have it, of a password that nobody has",
            "SOURCES: imported-table is there twice",
            "HASH_LIMITS: expected limits of hashes, such as bcrypt-cost=12,memory-kib=131072",
            "PASSWORD_FALLBACKS: expected trimmed, nfkc, latin-1 or utf-16le",
            "SAMPLE_HASH: not set; expected a hash as most users have it, of a password that nobody has",
            "SOURCES: expected imported-table, user-pool, http-endpoint, or ldap or sql if the function is built with it",
            "OLD_USER_POOL_ID: expected <region>_<id>",
            "OLD_ROLE_ARN: expected the ARN of a role",
            "OLD_CLIENT_ID: not set; expected the id of an app client of that pool",
            "ENDPOINT_HOSTS: expected the host of ENDPOINT_URL among others",
            "ATTRIBUTES: email_verified is not the source's to say",
            "ATTRIBUTES: sub is not the source's to say",
            "ATTRIBUTES: cognito:groups is not the source's to say",
            "RENAMES: expected <old>=<new>",
            "RENAMES: work=email: a name is there twice",
            "UNVERIFIED_ADDRESSES: expected one of refuse, move",
            "MIGRATE_UNTIL: expected a day as 2027-06-30 or a time as 2027-06-30T12:00:00Z",
            "DELETE_AFTER_DAYS: expected a day at least",
            "ANSWER_AFTER_MS: expected at most 3000",
            "MIGRATION_SECRETS: expected a parameter's name that begins with a slash, not the secrets themselves",
        ],
    );
}

#[test]
fn an_endpoint_needs_a_key_and_a_sample_must_be_a_hash() {
    let usual = [
        ("LEGACY_USERS_TABLE", "legacy-users"),
        ("TRIES_TABLE", "tries"),
    ];
    let [users, tries] = usual;
    check(
        [
            users,
            tries,
            ("SOURCES", "http-endpoint"),
            ("ENDPOINT_URL", "http://example.org/"),
        ],
        &["ENDPOINT_URL: expected https://<host>/<path>"],
    );
    let endpoint = ("ENDPOINT_URL", "https://users.example.org/");
    let hosts = ("ENDPOINT_HOSTS", "users.example.org");
    check(
        [users, tries, ("SOURCES", "http-endpoint"), endpoint, hosts],
        &["MIGRATION_SECRETS: not set; expected the name of the parameter with the endpointKey"],
    );
    for sample in ["secret", "{", r#"{"hash": "x", "format": "rot13"}"#] {
        check(
            [
                users,
                tries,
                ("SOURCES", "imported-table"),
                ("SAMPLE_HASH", sample),
            ],
            &["SAMPLE_HASH: the hash is of no known format"],
        );
    }
    let costly = "$2b$12$abcdefghijklmnopqrstuuN9qo8uLOickgx2ZMRZoMyeIjZAgcfl7";
    check(
        [
            users,
            tries,
            ("SOURCES", "imported-table"),
            ("HASH_LIMITS", "bcrypt-cost=11"),
            ("SAMPLE_HASH", costly),
        ],
        &["SAMPLE_HASH: the hash is too costly: the limit for bcrypt's cost is 11"],
    );
}
