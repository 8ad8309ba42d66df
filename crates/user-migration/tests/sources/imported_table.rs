//! The table that the importer fills.

use embedded_dynamodb::Tables;
use function_tests::{create, put};
use legacy_users::LegacyUsers;
use serde_json::{Value, json};
use user_migration::Proof;

use crate::conformance::{PASSWORD, Stage, conforms, fails};
use crate::{no_pool, outside};

const SAMPLE: &str = "pbkdf2_sha256$1000$sample$xLlgfMh2Z7Dw0AeD8StFN+Za4QvGJhjAbaopdU++siw=";

/// Ines with that hash, and these variables.
fn stage<const N: usize>(hash: Value, secrets: Option<Value>, more: [(&str, &str); N]) -> Stage {
    let tables = Tables::in_memory().unwrap();
    create(&tables, "legacy-users", &["user"]);
    let mut row = json!({
        "user": {"S": "ines@example.org"},
        "attributes": {"M": {"email": {"S": "ines@example.org"}, "name": {"S": "Ines"}}},
        "verified": {"SS": ["email"]},
    });
    for (name, value) in hash.as_object().unwrap() {
        row[name] = value.clone();
    }
    put(&tables, "legacy-users", &row);
    let mut pairs = [("SOURCES", "imported-table"); 6];
    pairs[1] = ("SAMPLE_HASH", SAMPLE);
    pairs[2..2 + N].copy_from_slice(&more);
    Stage {
        outside: outside(tables.client(), no_pool(), secrets, pairs),
        legacy_users: Some(LegacyUsers::new(tables.client(), "legacy-users")),
    }
}

/// Of the password that the conformance test takes.
fn usual_hash() -> Value {
    json!({"hash": {"S": "pbkdf2_sha256$1000$nacl$YPnv5WK+bVVRYykiEuYfucS/0jdCPID5M7ANp3RFxLk="}})
}

#[tokio::test]
async fn it_conforms() {
    conforms(&stage(usual_hash(), None, [])).await;
}

#[tokio::test]
async fn a_parameter_of_secrets_that_is_gone_is_an_error() {
    let more = [("MIGRATION_SECRETS", "/lifeguard/migration")];
    fails(&stage(usual_hash(), None, more)).await;
    fails(&stage(usual_hash(), Some(json!("no object")), more)).await;
    fails(&stage(usual_hash(), Some(json!({"peper": 1})), more)).await;
}

#[tokio::test]
async fn a_pepper_goes_into_every_hash() {
    // Of the password with the pepper behind it.
    let hash = json!({"hash": {"S": "pbkdf2_sha256$1000$salt$DQVdixi/jYOmPY/B82qGfP6Msdt8Rlw2XtLlssrqRts="}});
    let more = [("MIGRATION_SECRETS", "/lifeguard/migration")];
    let peppered = |value: &str| Some(json!({"pepper": {"how": "append", "value": value}}));
    conforms(&stage(hash.clone(), peppered("pfeffer"), more)).await;
    for secrets in [peppered("salz"), Some(json!({}))] {
        let found = stage(hash.clone(), secrets, more)
            .ask("ines@example.org", Some(PASSWORD))
            .await;
        assert_eq!(found.unwrap(), None);
    }
}

#[tokio::test]
async fn a_hash_has_its_own_settings_and_those_of_its_project() {
    let hash = json!({
        "hash": {"S": "1d52997a4cc42e76b546a7e330e14f66b72839b2d505b78ec7ecf6f4915d7fee"},
        "format": {"S": "digest"},
        "project": {"S": "shop"},
        "settings": {"S": r#"{"salt": "salz"}"#},
    });
    let more = [("MIGRATION_SECRETS", "/lifeguard/migration")];
    let secrets = json!({"projects": {"shop": {"algorithm": "sha256", "salt": "not this"}}});
    conforms(&stage(hash.clone(), Some(secrets), more)).await;
    let found = stage(hash, Some(json!({})), more)
        .ask("ines@example.org", Some(PASSWORD))
        .await;
    assert_eq!(found.unwrap(), None, "its project is not there");
}

#[tokio::test]
async fn other_forms_of_the_password_are_tried_if_configured() {
    let typed = format!(" {PASSWORD}");
    for (more, expected) in [
        (
            [("PASSWORD_FALLBACKS", "trimmed")],
            Some(Proof::PasswordRight),
        ),
        ([("PASSWORD_FALLBACKS", "nfkc")], None),
    ] {
        let found = stage(usual_hash(), None, more)
            .ask("ines@example.org", Some(&typed))
            .await
            .unwrap();
        assert_eq!(found.map(|found| found.proof), expected, "{more:?}");
    }
}

#[tokio::test]
async fn the_sample_is_nobodys_password() {
    let stage = stage(json!({}), None, []);
    for typed in ["ines@example.org", "unknown@example.org"] {
        let found = stage.ask(typed, Some("nobody has this one")).await;
        assert_eq!(found.unwrap(), None, "{typed}");
    }
}
