use serde_json::json;

use super::*;

const NOW: i64 = 1_800_000_000;

fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(NOW + seconds).unwrap()
}

fn ines() -> LegacyUser {
    LegacyUser {
        name: LegacyName::normalised("ines@example.org").unwrap(),
        hash: None,
        attributes: BTreeMap::new(),
        verified: BTreeSet::new(),
        membership: None,
        cohort: None,
        import: None,
        state: State::Waiting,
    }
}

fn full() -> LegacyUser {
    LegacyUser {
        hash: Some(StoredHash {
            text: "hash".into(),
            format: Some("firebase-scrypt".parse().unwrap()),
            settings: json!({"salt": "c2FsdA=="}),
            project: Some("shop".to_owned()),
        }),
        attributes: [("email".to_owned(), "ines@example.org".to_owned())].into(),
        verified: [Address::PhoneNumber, Address::Email].into(),
        membership: Some([("tenant".to_owned(), text("t-1"))].into()),
        cohort: Some("spring".to_owned()),
        import: Some("run-1".to_owned()),
        state: State::Migrated(at(0)),
        ..ines()
    }
}

#[test]
fn an_item_and_a_user_say_the_same() {
    for user in [ines(), full()] {
        assert_eq!(LegacyUser::from_item(user.to_item()), Ok(user));
    }
    let least = Item::from([("user".to_owned(), text("ines@example.org"))]);
    assert_eq!(LegacyUser::from_item(least), Ok(ines()));
}

#[test]
fn what_is_wrong_with_an_item_is_named() {
    let list = |texts: &[&str]| AttributeValue::L(texts.iter().map(|part| text(part)).collect());
    for (attribute, value, expected) in [
        ("user", text("Ines"), "a name in normalised form"),
        ("user", text("tombstone#ines"), "a name in normalised form"),
        ("hash", seconds(at(0)), "a text"),
        ("settings", text("{"), "JSON"),
        ("format", text("rot13"), "the name of a known format"),
        ("attributes", text("email"), "a map"),
        (
            "attributes",
            AttributeValue::M([("email".to_owned(), AttributeValue::Bool(true))].into()),
            "a map of texts",
        ),
        (
            "verified",
            list(&["email", "address"]),
            "a list of `email` and `phone_number`",
        ),
        (
            "verified",
            AttributeValue::Bool(true),
            "a list of `email` and `phone_number`",
        ),
        ("membership", list(&[]), "a map"),
        (
            "state",
            text("Waiting"),
            "one of `waiting`, `migrated`, `deleted`",
        ),
        ("migratedAt", text("now"), "a time in epoch seconds"),
    ] {
        let mut item = full().to_item();
        item.insert(attribute.to_owned(), value);
        let malformed = Malformed {
            attribute,
            expected,
        };
        assert_eq!(LegacyUser::from_item(item), Err(malformed), "{attribute}");
    }
}

#[test]
fn debug_shows_nothing_about_the_person() {
    assert_eq!(
        format!("{:?}", full()),
        r#"LegacyUser { attributes: ["email"], verified: {Email, PhoneNumber}, state: Migrated(2027-01-15 8:00:00.0 +00:00:00), .. }"#
    );
    assert_eq!(
        format!("{:?}", full().hash.unwrap()),
        "StoredHash([redacted])"
    );
}
