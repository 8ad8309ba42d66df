//! Each sample under `tests/samples`, record by record.

use std::fs::File;
use std::path::Path;

use super::*;
use legacy_users::Address;
use secrecy::ExposeSecret;

fn sample(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/samples")
        .join(name)
}

fn columns(map: &[(&str, &str)]) -> Columns {
    let map = map
        .iter()
        .map(|(field, column)| ((*field).to_owned(), (*column).to_owned()));
    Columns {
        delimiter: b',',
        map: map.collect(),
    }
}

/// What a record has, without what it has not: `user`, `(username)`, `hash:format`, attributes, `+verified`, membership, `@cohort`.
fn shown(record: &Record) -> String {
    let mut parts = Vec::new();
    parts.extend(record.user.clone());
    parts.extend(record.username.as_ref().map(|name| format!("({name})")));
    if let Some(hash) = &record.hash {
        let beginning: String = hash.text.expose_secret().chars().take(12).collect();
        let format = hash.format.map_or("recognised", |format| format.name());
        parts.push(format!("{beginning}:{format}"));
        if hash.settings != Value::Null {
            parts.push(hash.settings.to_string());
        }
    }
    let attributes = record.attributes.iter();
    parts.extend(attributes.map(|(name, value)| format!("{name}={value}")));
    parts.extend(
        record
            .verified
            .iter()
            .map(|address| format!("+{}", Address::name(*address))),
    );
    if !record.membership.is_empty() {
        parts.push(Value::Object(record.membership.clone()).to_string());
    }
    parts.extend(record.cohort.as_ref().map(|cohort| format!("@{cohort}")));
    parts.join(" ")
}

#[track_caller]
fn check_with(name: &str, format: SourceFormat, columns: &Columns, expected: &[&str]) {
    let input = Input::new(File::open(sample(name)).unwrap(), Default::default()).unwrap();
    let found: Vec<_> = format
        .entries(input, columns)
        .unwrap()
        .map(|entry| {
            let Entry { line, record } = entry.unwrap();
            match record {
                Ok(record) => format!("{line}: {}", shown(&record)),
                Err(reject) => format!("{line}: REJECT {reject}"),
            }
        })
        .collect();
    assert_eq!(found, expected);
}

#[track_caller]
fn check(name: &str, format: SourceFormat, expected: &[&str]) {
    check_with(name, format, &columns(&[]), expected);
}

#[test]
fn our_own_lines() {
    check(
        "users.ndjson",
        SourceFormat::Ndjson,
        &[
            "1: Ines.Falk@example.org $2a$04$7/roU:recognised custom:tier=gold email=ines.falk@example.org given_name=Ines +email \
             {\"claims\":{\"beta\":true,\"seats\":3},\"groups\":[\"editors\"],\"tenant\":\"nordwind\"} @pilot",
            "2: jan.roth@example.com a950e4ea5fbc:digest {\"algorithm\":\"md5\"} email=jan.roth@example.com",
            "3: +4930123456 phone_number=+4930123456 +phone_number",
            "4: INES.FALK@EXAMPLE.ORG $argon2id$v=:recognised",
            "5: mia 5f4dcc3b5aa7:recognised",
            "6: REJECT it is not a user with `user` and what belongs to one",
            "7:  ",
            "8: REJECT it is not JSON",
        ],
    );
}

#[test]
fn our_own_columns() {
    let map = [
        ("user", "login"),
        ("email", "mail"),
        ("format", "kind"),
        ("settings.salt", "salt"),
        ("email_verified", "mail_ok"),
        ("phone_number", "tel"),
    ];
    check_with(
        "users.csv",
        SourceFormat::Csv,
        &columns(&map),
        &[
            "2: Ines.Falk@example.org $2a$04$7/roU:recognised email=ines.falk@example.org phone_number=+4930123456 shoe_size=38 +email \
             {\"groups\":[\"editors\",\"admins\"]} @pilot",
            "3: jan.roth@example.com d2cfc45ce043:digest {\"salt\":\"pepper\"} email=jan.roth@example.com",
            "4: REJECT it is not a row that says true or false",
            "5: REJECT it has not as many columns as the first row",
            "6: eva.horn@example.org $argon2id$v=:recognised email=eva.horn@example.org",
        ],
    );
}

#[test]
fn a_mapped_column_that_is_not_there_is_said() {
    let input = Input::new(File::open(sample("users.csv")).unwrap(), Default::default()).unwrap();
    let problem = SourceFormat::Csv
        .entries(input, &columns(&[("user", "name")]))
        .err();
    assert_eq!(problem.unwrap().to_string(), "there is no column `name`");
}

#[test]
fn auth0() {
    check(
        "auth0.json",
        SourceFormat::Auth0,
        &[
            "2: (ines) $2a$04$7/roU:recognised email=ines.falk@example.org family_name=Falk given_name=Ines name=Ines Falk \
             nickname=ines picture=https://app.example.org/ines.png +email",
            "20: {\"algorithm\":auth0 email=jan.roth@example.com phone_number=+4930123456 +phone_number",
            "33: REJECT the account is blocked",
            "38: (tom) $2a$04$7/roU:recognised",
            "42: REJECT it is not a user as Auth0 imports them",
        ],
    );
    check(
        "auth0-export.ndjson",
        SourceFormat::Auth0,
        &["1: $2a$04$7/roU:recognised email=ines.falk@example.org +email"],
    );
}

#[test]
fn firebase() {
    check(
        "firebase.json",
        SourceFormat::Firebase,
        &[
            "3: (uT3mXk9c) sCIziv9lVj74:firebase-scrypt {\"salt\":\"KRsB/PWear0=\"} email=ines.falk@example.org name=Ines Falk \
             picture=https://app.example.org/ines.png +email",
            "15: (9gGh2LpQ) email=jan.roth@example.com phone_number=+4930123456",
            "31: REJECT the account is blocked",
            "39: (anonymous)",
        ],
    );
}

#[test]
fn keycloak() {
    check(
        "keycloak.json",
        SourceFormat::Keycloak,
        &[
            "18: (ines) {\"credential:keycloak department=sales email=ines.falk@example.org family_name=Falk given_name=Ines locale=de \
             +email {\"groups\":[\"staff/editors\"],\"roles\":[\"editor\"]}",
            "64: (jan) email=jan.roth@example.com",
            "78: REJECT the account is blocked",
            "85: REJECT it is no person's account",
            "92: (tom) {\"credential:keycloak email=tom.berg@example.org",
        ],
    );
}

#[test]
fn cognito() {
    check(
        "cognito.csv",
        SourceFormat::Cognito,
        &[
            "2: (ines) custom:tier=gold email=ines.falk@example.org name=Ines Falk updated_at=1700000000 +email",
            "3: (jan) email=jan.roth@example.com phone_number=+4930123456 +phone_number",
            "4: (mia)",
        ],
    );
}

#[test]
fn django() {
    let ines = "(ines) pbkdf2_sha25:recognised email=ines.falk@example.org family_name=Falk given_name=Ines {\"groups\":[\"editors\"]}";
    check(
        "django.json",
        SourceFormat::Django,
        &[
            &format!("10: {ines}"),
            "33: (jan) argon2$argon:recognised email=jan.roth@example.com",
            "51: (mia) email=mia.lenz@example.org",
            "69: REJECT the account is blocked",
            "87: (eva) pbkdf2_sha25:recognised",
        ],
    );
    check(
        "django.jsonl",
        SourceFormat::Django,
        &[&format!("2: {ines}")],
    );
}

#[test]
fn wordpress() {
    check(
        "wordpress.sql",
        SourceFormat::Wordpress,
        &[
            "40: (ines) $wp$2y$04$Ds:recognised email=ines.falk@example.org name=Ines 'In' Falk website=https://ines.example.org",
            "41: (jan) $P$5yfA/7RQg:recognised email=jan.roth@example.com name=Jan; (Roth)",
            "42: (mia) a950e4ea5fbc:digest {\"algorithm\":\"md5\"} email=mia.lenz@example.org name=mia",
            "43: REJECT the account is blocked",
            "44: (tom) $P$5yfA/7RQg:recognised name=Tom",
        ],
    );
}

#[test]
fn each_sample_is_told_by_its_beginning() {
    for (name, format) in [
        ("users.ndjson", Some(SourceFormat::Ndjson)),
        ("users.csv", Some(SourceFormat::Csv)),
        ("auth0.json", Some(SourceFormat::Auth0)),
        ("auth0-export.ndjson", Some(SourceFormat::Auth0)),
        ("firebase.json", Some(SourceFormat::Firebase)),
        ("firebase-settings.json", None),
        ("keycloak.json", Some(SourceFormat::Keycloak)),
        ("cognito.csv", Some(SourceFormat::Cognito)),
        ("django.json", Some(SourceFormat::Django)),
        ("django.jsonl", Some(SourceFormat::Django)),
        ("wordpress.sql", Some(SourceFormat::Wordpress)),
    ] {
        let beginning = std::fs::read(sample(name)).unwrap();
        assert_eq!(SourceFormat::of_beginning(&beginning), format, "{name}");
    }
    let our_own = br#"{"user": "ines", "attributes": {"realm": "nordwind"}}"#;
    assert_eq!(
        SourceFormat::of_beginning(our_own),
        Some(SourceFormat::Ndjson)
    );
    assert_eq!(SourceFormat::of_beginning(b""), None);
    assert_eq!(SourceFormat::of_beginning(b"\x50\x4b\x03\x04"), None);
}

/// Whatever a file holds, its reading ends, and ends well.
#[test]
fn damaged_files_are_read_to_some_end() {
    for name in [
        "users.ndjson",
        "users.csv",
        "auth0.json",
        "firebase.json",
        "keycloak.json",
        "cognito.csv",
        "django.json",
        "wordpress.sql",
    ] {
        let whole = std::fs::read(sample(name)).unwrap();
        let format = SourceFormat::of_beginning(&whole).unwrap();
        // A record has a byte at least.
        let read_to_the_end = |text: &[u8]| {
            let entries = format.entries(crate::input::input(text), &columns(&[]));
            let count = entries.map_or(0, |entries| entries.take(text.len() + 2).count());
            assert!(count <= text.len() + 1, "{name}");
        };
        for place in (0..whole.len()).step_by(19) {
            read_to_the_end(&whole[..place]);
            for byte in *b"\"'\\{}(,;*\xff" {
                let mut damaged = whole.clone();
                damaged[place] = byte;
                read_to_the_end(&damaged);
            }
        }
    }
}
