//! The program itself, as an operator runs it, without a table.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where something is not as expected"
)]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

fn sample(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/samples")
        .join(name)
}

/// In the folder of the samples, with nothing in the environment.
fn import(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lifeguard-import"))
        .args(arguments)
        .current_dir(sample(""))
        .env_clear()
        .output()
        .unwrap()
}

#[track_caller]
fn check(arguments: &[&str], status: i32, expected: &str) {
    let output = import(arguments);
    let text =
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        (text.trim_end(), output.status.code()),
        (expected.trim_end(), Some(status))
    );
}

#[test]
fn a_check_says_which_hashes_there_are_and_asks_nobody() {
    check(
        &[
            "--check",
            "wordpress.sql",
            "django.json",
            "--user-name",
            "username",
        ],
        2,
        "\
wordpress.sql as wordpress
django.json as django
wordpress.sql:43: record 4: the account is blocked
django.json:10: record 6: another user before it has the same name
django.json:33: record 7: another user before it has the same name
django.json:51: record 8: another user before it has the same name
django.json:69: record 9: the account is blocked
           10  users
            2   20.0 %  phpass
            1   10.0 %  digest
            1   10.0 %  django-pbkdf2-sha256
            1   10.0 %  wordpress-bcrypt
            5  rejected
            3   30.0 %  another user before it has the same name
            2   20.0 %  the account is blocked",
    );
}

#[test]
fn settings_that_all_users_share_come_from_a_file() {
    let rejected = "\
firebase.json as firebase
firebase.json:3: record 1: the settings of the format are wrong: salt and signerKey, and possibly saltSeparator, rounds and memCost
firebase.json:31: record 3: the account is blocked
firebase.json:39: record 4: it has no e-mail address, which is to be the user name
            4  users
            1   25.0 %  no password
            3  rejected
            1   25.0 %  it has no e-mail address, which is to be the user name
            1   25.0 %  the account is blocked
            1   25.0 %  the settings of the format are wrong: salt and signerKey, and possibly saltSeparator, rounds and memCost";
    check(&["--check", "firebase.json"], 2, rejected);
    let output = import(&[
        "--check",
        "firebase.json",
        "--settings",
        "firebase-settings.json",
    ]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("1   25.0 %  firebase-scrypt\n"), "{text}");
}

#[test]
fn a_user_can_come_without_a_hash_that_nobody_can_check() {
    let output = import(&["--check", "keycloak.json", "--unsupported", "drop-password"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let dropped =
        "without their password: an algorithm that is not Keycloak's own is not supported";
    assert!(text.contains(dropped), "{text}");
}

#[test]
fn rejects_are_listed_in_a_file_without_a_hash() {
    let folder = tempfile::tempdir().unwrap();
    let rejects = folder.path().join("rejects");
    let output = import(&[
        "--check",
        "users.ndjson",
        "--rejects",
        rejects.to_str().unwrap(),
    ]);
    assert_eq!(output.status.code(), Some(2));
    let expected = "\
users.ndjson:4: record 4: another user before it has the same name
users.ndjson:5: record 5: several formats look like this hash, so its format has to be configured
users.ndjson:6: record 6: it is not a user with `user` and what belongs to one
users.ndjson:7: record 7: it has no e-mail address, which is to be the user name
users.ndjson:8: record 8: it is not JSON
";
    assert_eq!(fs::read_to_string(rejects).unwrap(), expected);
}

#[test]
fn everybody_taken_is_success() {
    check(
        &["--check", "auth0-export.ndjson"],
        0,
        "auth0-export.ndjson as auth0\n            1  users\n            1  100.0 %  bcrypt",
    );
}

#[test]
fn what_fails_is_said_in_one_line() {
    for (arguments, expected) in [
        (
            &["--check", "nowhere.csv"][..],
            "nowhere.csv: failed to read it: No such file or directory (os error 2)",
        ),
        (
            &["--check", "firebase-settings.json"],
            "firebase-settings.json: its beginning does not tell what has written it; say it by --format",
        ),
        (
            &["--check", "--format", "firebase", "auth0.json"],
            "auth0.json: line 1: there is no object",
        ),
        (
            &["--check", "users.csv", "--settings", "users.csv"],
            "users.csv is not a JSON object",
        ),
        (
            &["--table", "legacy", "auth0.json"],
            "AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: not set; `aws configure export-credentials --format env` prints the keys of who is signed in",
        ),
    ] {
        check(arguments, 1, expected);
    }
    assert_eq!(import(&["--nonsense"]).status.code(), Some(1));
    assert_eq!(import(&["--help"]).status.code(), Some(0));
}
