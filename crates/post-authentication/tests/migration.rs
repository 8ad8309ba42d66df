//! What users bring along who were migrated from an older system.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

use aws_sdk_cognitoidentityprovider::Client as UserPools;
use cognito_events::post_authentication::Event;
use embedded_dynamodb::{Tables, cut_at_every_await};
use entrypoint::{Env, Failure};
use function_tests::{GroupPool, create, items, put};
use post_authentication::{Config, Outside, handle};
use serde_json::{Value, json};
use time::OffsetDateTime;

/// Ines has just moved, and has not signed in.
fn tables() -> Tables {
    let tables = Tables::in_memory().unwrap();
    create(&tables, "profiles", &["subject", "record"]);
    create(&tables, "legacy-users", &["user"]);
    create(&tables, "memberships", &["subject"]);
    let ines = json!({
        "user": {"S": "ines@example.org"},
        "state": {"S": "migrated"},
        "migratedAt": {"N": "1799999999"},
        "membership": {"M": {"tenant": {"S": "t-1"}, "groups": {"L": [{"S": "editors"}]}}},
    });
    put(&tables, "legacy-users", &ines);
    put(&tables, "legacy-users", &tombstone(true));
    tables
}

/// Of Ines, who is awaited until the first sign-in.
fn tombstone(is_awaited: bool) -> Value {
    let mut tombstone =
        json!({"user": {"S": "tombstone#ines@example.org"}, "migratedAt": {"N": "1799999999"}});
    if is_awaited {
        tombstone["awaited"] = json!({"BOOL": true});
    }
    tombstone
}

async fn sign_in(tables: &Tables, verified: &str, on_error: &str) -> Result<&'static str, Failure> {
    let config = Config::from_env(Env::of_pairs([
        ("PROFILES_TABLE", "profiles"),
        ("LEGACY_USERS_TABLE", "legacy-users"),
        ("MEMBERSHIPS_TABLE", "memberships"),
        ("ON_SIGN_IN_ERROR", on_error),
    ]));
    let config = config.unwrap();
    let pool = GroupPool::with_groups([]);
    let outside = Outside::new(tables.client(), UserPools::new(&pool.connection()), &config);
    let event = json!({
        "triggerSource": "PostAuthentication_Authentication",
        "userPoolId": "eu-central-1_Kx7QmT2Zd",
        "userName": "u-1",
        "request": {"userAttributes": {"sub": "u-1", "email": "Ines@example.org", "email_verified": verified}},
    });
    let event: Event = serde_json::from_value(event).unwrap();
    let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
    let decided = handle(event, &config, &outside, now).await?;
    Ok(decided.reason)
}

fn carried() -> [Value; 1] {
    [json!({
        "subject": {"S": "user#u-1"},
        "tenant": {"S": "t-1"},
        "groups": {"L": [{"S": "editors"}]},
    })]
}

#[tokio::test]
async fn a_membership_is_there_after_the_first_sign_in_and_comes_once() {
    let tables = tables();
    assert_eq!(sign_in(&tables, "true", "refuse").await.unwrap(), "Noted");
    assert_eq!(items(&tables, "memberships"), carried());

    let key = json!({"TableName": "memberships", "Key": {"subject": {"S": "user#u-1"}}});
    function_tests::request(&tables, "DeleteItem", &key);
    assert_eq!(sign_in(&tables, "true", "refuse").await.unwrap(), "Noted");
    assert_eq!(items(&tables, "memberships"), [Value::Null; 0]);
}

#[tokio::test]
async fn a_first_sign_in_that_was_cut_anywhere_brings_it() {
    let tables = tables();
    let (reason, cuts) = cut_at_every_await(|| sign_in(&tables, "true", "refuse")).await;
    assert!(cuts >= 4, "only {cuts} cuts");
    assert_eq!(reason.unwrap(), "Noted");
    assert_eq!(items(&tables, "memberships"), carried());
    assert_eq!(items(&tables, "legacy-users")[1], tombstone(false));
}

/// Users can move with an address that nobody has verified, and must not come back either when somebody deletes them.
#[tokio::test]
async fn whoever_has_signed_in_is_not_awaited_any_more_by_any_address() {
    for verified in ["true", "false"] {
        let tables = tables();
        let reason = sign_in(&tables, verified, "refuse").await;
        assert_eq!(reason.unwrap(), "Noted");
        assert_eq!(items(&tables, "legacy-users")[1], tombstone(false));
    }
}

/// Otherwise whoever writes another's address into their profile would get what is theirs.
#[tokio::test]
async fn an_address_that_is_not_verified_brings_nothing() {
    let tables = tables();
    assert_eq!(sign_in(&tables, "false", "refuse").await.unwrap(), "Noted");
    assert_eq!(items(&tables, "memberships"), [Value::Null; 0]);
}

#[tokio::test]
async fn a_membership_that_cannot_be_carried_is_as_a_sign_in_that_cannot_be_noted() {
    for (on_error, expected) in [("answer", Some("NotNoted")), ("refuse", None)] {
        let tables = tables();
        let table = json!({"TableName": "memberships"});
        function_tests::request(&tables, "DeleteTable", &table);
        let reason = sign_in(&tables, "true", on_error).await;
        assert_eq!(reason.ok(), expected);
        assert_eq!(items(&tables, "profiles").len(), 1, "the sign-in is noted");
        let row = &items(&tables, "legacy-users")[0];
        assert!(row.get("membership").is_some(), "it waits for the next one");
    }
}
