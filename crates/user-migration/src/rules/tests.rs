mod addresses;
mod attributes;

use std::collections::{BTreeMap, BTreeSet};

use cognito_events::user_migration::TriggerSource;
use entrypoint::Env;
use serde_json::json;
use time::Duration;

use super::*;

const NOW: i64 = 1_800_000_000;

fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(NOW).unwrap()
}

fn config<const N: usize>(more: [(&'static str, &'static str); N]) -> Config {
    let usual = [
        ("SOURCES", "user-pool"),
        ("LEGACY_USERS_TABLE", "legacy-users"),
        ("TRIES_TABLE", "tries"),
        ("OLD_USER_POOL_ID", "eu-west-1_Old"),
        ("OLD_CLIENT_ID", "old"),
    ];
    let mut pairs = [("", ""); 16];
    for (place, pair) in more.into_iter().chain(usual).enumerate() {
        pairs[place] = pair;
    }
    Config::from_env(Env::of_pairs(pairs)).unwrap()
}

fn event(source: &str, user_name: &str, password: Option<&str>) -> Event {
    let event = json!({
        "triggerSource": source,
        "userName": user_name,
        "request": {"password": password},
    });
    serde_json::from_value(event).unwrap()
}

fn found(name: &str, attributes: &[(&str, &str)], verified: &[Address]) -> Found {
    Found {
        name: name.to_owned(),
        attributes: attributes
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        verified: verified.iter().copied().collect(),
        proof: Proof::PasswordRight,
        cohort: None,
        membership: None,
    }
}

fn ines() -> Found {
    found(
        "ines@example.org",
        &[("email", "Ines@example.org"), ("name", "Ines")],
        &[Address::Email],
    )
}

/// What becomes of somebody who typed this name and this password, `None` if it was forgotten.
fn outcome(
    config: &Config,
    name: &str,
    password: Option<&str>,
    state: State,
    found: &Found,
) -> Result<Response, Withheld> {
    let password = password.map(SecretString::from);
    let wanted = Wanted {
        name: LegacyName::normalised(name).unwrap(),
        password: password.as_ref(),
    };
    decide(config, &wanted, state, found, now())
}

/// The attributes of whoever moves.
fn taken(config: &Config, found: &Found) -> Result<BTreeMap<String, String>, Withheld> {
    let response = outcome(
        config,
        &found.name,
        Some("Correct-Horse-19"),
        State::Waiting,
        found,
    )?;
    let attributes = response.user_attributes.unwrap();
    Ok(attributes
        .iter()
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect())
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    found("", pairs, &[]).attributes
}

#[test]
fn a_right_password_moves_the_user_who_goes_on_with_it() {
    let response = outcome(
        &config([]),
        " INES@example.org",
        Some("Correct-Horse-19"),
        State::Waiting,
        &ines(),
    );
    let attributes = [
        ("email", "Ines@example.org"),
        ("email_verified", "true"),
        ("name", "Ines"),
    ];
    let expected = Response {
        user_attributes: Some(map(&attributes).into_iter().collect()),
        final_user_status: Some(FinalUserStatus::Confirmed),
        message_action: Some(MessageAction::Suppress),
        desired_delivery_mediums: Some(vec![DeliveryMedium::Email]),
        force_alias_creation: Some(false),
        enable_sms_mfa: None,
    };
    assert_eq!(response, Ok(expected));
}

#[test]
fn nobody_is_asked_about_what_cannot_be_or_when_it_is_over() {
    let authentication = "UserMigration_Authentication";
    let forgot = "UserMigration_ForgotPassword";
    let too_long = "x".repeat(257);
    for (case, source, name, password, expected) in [
        ("sign-in", authentication, "ines", Some("x"), Ok(())),
        ("forgotten", forgot, "ines", None, Ok(())),
        (
            "the longest",
            authentication,
            "ines",
            Some(&too_long[1..]),
            Ok(()),
        ),
        (
            "too long",
            authentication,
            "ines",
            Some(&*too_long),
            Err(Withheld::Implausible),
        ),
        (
            "empty",
            authentication,
            "ines",
            Some(""),
            Err(Withheld::Implausible),
        ),
        (
            "none",
            authentication,
            "ines",
            None,
            Err(Withheld::Implausible),
        ),
        (
            "no name",
            authentication,
            " ",
            Some("x"),
            Err(Withheld::Implausible),
        ),
        (
            "a tombstone's name",
            forgot,
            "tombstone#ines",
            None,
            Err(Withheld::Implausible),
        ),
    ] {
        let event = event(source, name, password);
        let asked = wanted(&config([]), &event, now());
        assert_eq!(asked.map(|_| ()), expected, "{case}");
    }
    for (until, expected) in [
        ("2027-01-15T08:00:01Z", Ok(())),
        ("2027-01-15T08:00:00Z", Err(Withheld::Ended)),
        ("2027-01-15", Err(Withheld::Ended)),
        ("2027-01-16", Ok(())),
    ] {
        let config = config([("MIGRATE_UNTIL", until)]);
        let event = event(authentication, "ines", Some("x"));
        let asked = wanted(&config, &event, now());
        assert_eq!(asked.map(|_| ()), expected, "until {until}");
    }
}

/// A password that comes with a forgotten one counts for nothing.
#[test]
fn who_has_forgotten_the_password_never_has_one() {
    let event = event("UserMigration_ForgotPassword", "ines", Some("x"));
    assert_eq!(event.trigger_source, TriggerSource::ForgotPassword);
    assert!(
        wanted(&config([]), &event, now())
            .unwrap()
            .password
            .is_none()
    );
}

#[test]
fn a_source_answers_for_the_name_that_was_typed_and_no_other() {
    for (typed, key, expected) in [
        ("ines", "ines", Ok(())),
        ("ines", " INES ", Ok(())),
        ("Ｉｎｅｓ", "ines", Ok(())),
        ("ines", "ines2", Err(Withheld::AnotherName)),
        ("ines", "", Err(Withheld::AnotherName)),
        ("ines@example.org", "ines", Err(Withheld::AnotherName)),
    ] {
        let found = found(key, &[("name", "Ines")], &[]);
        let moved = outcome(&config([]), typed, Some("x"), State::Waiting, &found);
        assert_eq!(moved.map(|_| ()), expected, "{typed} {key}");
    }
}

#[test]
fn who_has_moved_before_does_not_come_back() {
    let before = |minutes| State::Migrated(now() - Duration::minutes(minutes));
    for (state, expected) in [
        (State::Waiting, Ok(())),
        (before(14), Ok(())),
        (before(15), Err(Withheld::MovedBefore)),
        // Not seen in the pool: it may have refused them.
        (State::Awaited(now() - Duration::days(300)), Ok(())),
        (State::Deleted, Err(Withheld::MovedBefore)),
    ] {
        for password in [Some("x"), None] {
            let moved = outcome(&config([]), "ines@example.org", password, state, &ines());
            assert_eq!(moved.map(|_| ()), expected, "{state:?}");
        }
    }
}

#[test]
fn the_status_follows_from_the_proof_and_the_length() {
    let confirmed = Ok(Some(FinalUserStatus::Confirmed));
    for (proof, password, expected) in [
        (Proof::PasswordRight, "12345678", confirmed),
        (Proof::PasswordRight, "pässwörd", confirmed),
        (Proof::PasswordRight, "1234567", Ok(None)),
        (Proof::PasswordRight, "pässwör", Ok(None)),
        (Proof::PasswordRightButReset, "12345678", Ok(None)),
        (Proof::Known, "12345678", Err(Withheld::NoProof)),
    ] {
        let found = Found { proof, ..ines() };
        let moved = outcome(
            &config([]),
            "ines@example.org",
            Some(password),
            State::Waiting,
            &found,
        );
        let status = moved.map(|response| response.final_user_status);
        assert_eq!(status, expected, "{proof:?} {password}");
    }
}

#[test]
fn messages_go_by_e_mail_unless_only_a_number_is_verified() {
    let both = [
        ("email", "ines@example.org"),
        ("phone_number", "+4930123456"),
    ];
    for (verified, expected) in [
        (&[][..], DeliveryMedium::Email),
        (&[Address::Email], DeliveryMedium::Email),
        (&[Address::PhoneNumber], DeliveryMedium::Sms),
        (
            &[Address::Email, Address::PhoneNumber],
            DeliveryMedium::Email,
        ),
    ] {
        let found = found("ines", &both, verified);
        let moved = outcome(&config([]), "ines", Some("x"), State::Waiting, &found).unwrap();
        assert_eq!(moved.desired_delivery_mediums, Some(vec![expected]));
    }
}

#[test]
fn every_reason_has_its_own_name() {
    let all = [
        Withheld::Ended,
        Withheld::Implausible,
        Withheld::Throttled,
        Withheld::NotThere,
        Withheld::AnotherName,
        Withheld::MovedBefore,
        Withheld::AddressNotVerified,
        Withheld::NoAttributes,
        Withheld::NoProof,
    ];
    let names: BTreeSet<_> = all.iter().map(|withheld| withheld.name()).collect();
    assert_eq!(names.len(), all.len());
}
