//! What is left in the tables and the pool after events that come twice, at once or half-way, and when one of them is broken or gone.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod invitations;
mod outages;
mod resets;
mod stage;
#[path = "../tables/mod.rs"]
mod tables;

use std::sync::Arc;

use embedded_dynamodb::cut_at_every_await;
use function_tests::Log;
use serde_json::json;
use tokio::task::JoinSet;

use stage::{
    CONFIRMED, RESET, Stage, check_failed, config, event, event_of, profile, reset_profile,
    reset_record, rule, three_rules,
};
use tables::PROFILES;

#[tokio::test]
async fn a_confirmed_user_gets_a_profile_and_the_groups_of_the_rules() {
    let stage = Stage::new(config("false", "fail"), three_rules());
    for _ in 0..3 {
        assert_eq!(stage.answer(event(CONFIRMED)).await.unwrap(), "Confirmed");
        assert_eq!(stage.profiles(), json!([profile()]));
        // Nothing waits, so a repetition asks the pool for nothing.
        assert_eq!(stage.pool.done().len(), 3);
    }
    assert_eq!(stage.joined(), ["colleagues", "members", "readers"]);
}

#[tokio::test]
async fn an_event_that_was_cut_anywhere_leaves_what_one_run_leaves() {
    let stage = Stage::new(config("false", "fail"), three_rules());
    let run = || stage.answer(event(CONFIRMED));
    let (answer, cuts) = cut_at_every_await(run).await;
    assert_eq!(answer.unwrap(), "Confirmed");
    assert!(cuts >= 10, "only {cuts} cuts");
    assert_eq!(stage.profiles(), json!([profile()]));
    assert_eq!(stage.joined(), ["colleagues", "members", "readers"]);
}

#[tokio::test]
async fn an_event_that_comes_three_times_at_once_leaves_what_one_leaves() {
    for source in [CONFIRMED, RESET] {
        let stage = Arc::new(Stage::new(config("true", "fail"), three_rules()));
        let mut running = JoinSet::new();
        for _ in 0..3 {
            let stage = Arc::clone(&stage);
            running.spawn(async move { stage.answer(event(source)).await });
        }
        for answer in running.join_all().await {
            answer.unwrap();
        }
        let expected = if source == CONFIRMED {
            json!([profile()])
        } else {
            json!([
                reset_profile(1_800_000_000),
                reset_record("2027-01-15T08:00:00Z", 1_800_000_000)
            ])
        };
        assert_eq!(stage.profiles(), expected);
    }
}

#[tokio::test]
async fn a_group_that_is_not_there_is_named_with_its_rule_and_stops_nothing() {
    let rules = [
        rule("everyone", &["no-such-group", "members"]),
        rule("client#web", &["two words"]),
    ];
    let stage = Stage::new(config("false", "fail"), rules);
    let log = Log::start();
    assert_eq!(stage.answer(event(CONFIRMED)).await.unwrap(), "Confirmed");
    assert_eq!(
        log.fields(),
        [
            json!({"message": "left out a group that none can be named", "sub": "u-1", "rule": "client#web"}),
            json!({"message": "the user pool has no such group", "sub": "u-1", "group": "no-such-group", "rule": "everyone"}),
        ]
    );
    assert_eq!(stage.joined(), ["members"]);
    assert_eq!(stage.profiles(), json!([profile()]));
}

#[tokio::test]
async fn a_profile_that_a_sign_in_made_meanwhile_becomes_a_confirmed_users() {
    let mut repaired = profile();
    repaired["origin"] = json!({"S": "repaired"});
    repaired["createdAt"] = json!({"N": "1799999990"});
    repaired["signInCount"] = json!({"N": "1"});
    repaired.as_object_mut().unwrap().remove("detailType");
    let [everyone, ..] = three_rules();
    let stage = Stage::new(config("false", "fail"), [(PROFILES, repaired), everyone]);
    stage.answer(event(CONFIRMED)).await.unwrap();
    let mut expected = profile();
    expected["createdAt"] = json!({"N": "1799999990"});
    expected["signInCount"] = json!({"N": "1"});
    assert_eq!(stage.profiles(), json!([expected]));
    assert_eq!(stage.joined(), ["members"]);
}

#[tokio::test]
async fn an_unknown_source_and_an_event_about_nobody_do_nothing() {
    let stage = Stage::new(config("true", "answer"), three_rules());
    let later = stage.answer(event("PostConfirmation_Later")).await;
    assert_eq!(later.unwrap(), "UnknownSource");
    for attributes in [
        json!({}),
        json!({"sub": ""}),
        json!({"sub": "ines@example.org"}),
        json!({"sub": "x".repeat(129)}),
    ] {
        for source in [CONFIRMED, RESET] {
            let request = json!({"userAttributes": attributes});
            let nobody = event_of(json!({"triggerSource": source, "request": request}));
            check_failed(
                stage.answer(nobody).await,
                None,
                "the event does not say whose profile to write",
            );
        }
    }
    assert_eq!(stage.profiles(), json!([]));
    assert!(stage.pool.done().is_empty());
}

#[tokio::test]
async fn an_administrator_confirms_through_no_app_client() {
    let stage = Stage::new(config("false", "fail"), three_rules());
    let caller = json!({"callerContext": {"clientId": null}});
    stage.answer(event_of(caller)).await.unwrap();
    let mut expected = profile();
    expected.as_object_mut().unwrap().remove("clientId");
    assert_eq!(stage.profiles(), json!([expected]));
    assert_eq!(stage.joined(), ["colleagues", "members"]);
}
