//! A pool or a table that fails, hangs, or holds what cannot be read.

use std::time::Duration;

use embedded_dynamodb::{hanging_client, throttled_client, unreachable_client};
use entrypoint::Env;
use function_tests::{Log, SILENT};
use post_confirmation::Config;
use serde_json::json;
use tokio::time::timeout;

use crate::stage::{
    CONFIRMED, RESET, Stage, check_failed, config, event, profile, rule, three_rules,
};
use crate::tables::{DEFAULT_GROUPS, tables};

/// After which an answer would come too late.
const DEADLINE_OF_THE_EDGE: Duration = Duration::from_secs(4);

#[tokio::test]
async fn groups_that_the_pool_does_not_take_wait_in_the_profile() {
    for (on_confirmation_error, expected) in [("answer", Some("NotEverythingDone")), ("fail", None)]
    {
        let stage = Stage::new(config("false", on_confirmation_error), three_rules());
        stage.pool.fail(Some("InternalErrorException"));
        let answer = stage.answer(event(CONFIRMED)).await;
        check_failed(answer, expected, "failed to put the user into a group");
        let mut waiting = profile();
        waiting["pendingGroups"] = json!({"SS": ["colleagues", "members", "readers"]});
        assert_eq!(stage.profiles(), json!([waiting]));

        stage.pool.fail(None);
        assert_eq!(stage.answer(event(CONFIRMED)).await.unwrap(), "Confirmed");
        assert_eq!(stage.profiles(), json!([profile()]));
        assert_eq!(stage.joined(), ["colleagues", "members", "readers"]);
    }
}

/// The clock is Tokio's: it stands still, and moves to the next limit when all wait.
#[tokio::test(start_paused = true)]
async fn a_pool_or_a_table_that_hangs_is_given_up_before_cognito_gives_up() {
    let hanging_pool = Stage::new(config("true", "answer"), three_rules());
    hanging_pool.pool.fail(Some(SILENT));
    let hanging_tables = Stage::over(hanging_client(), tables([]), config("true", "answer"));
    for (stage, source, expected) in [
        (&hanging_pool, CONFIRMED, Some("NotEverythingDone")),
        (&hanging_pool, RESET, None),
        (&hanging_tables, CONFIRMED, Some("NotEverythingDone")),
        (&hanging_tables, RESET, Some("NotEverythingDone")),
    ] {
        let in_time = timeout(DEADLINE_OF_THE_EDGE, stage.answer(event(source))).await;
        check_failed(in_time.unwrap(), expected, "gave up after 3500 ms");
    }
}

#[tokio::test]
async fn groups_are_given_without_a_profile_that_cannot_be_written() {
    for (on_confirmation_error, expected) in [("answer", Some("NotEverythingDone")), ("fail", None)]
    {
        let config = Config::from_env(Env::of_pairs([
            ("PROFILES_TABLE", "another"),
            ("DEFAULT_GROUPS_TABLE", DEFAULT_GROUPS),
            ("ON_CONFIRMATION_ERROR", on_confirmation_error),
        ]));
        let stage = Stage::new(config.unwrap(), three_rules());
        for _ in 0..2 {
            let answer = stage.answer(event(CONFIRMED)).await;
            check_failed(answer, expected, "failed to write the profile");
            assert_eq!(stage.joined(), ["colleagues", "members", "readers"]);
        }
    }
}

#[tokio::test]
async fn tables_that_cannot_be_read_leave_nothing_half_done() {
    let malformed = json!({"rule": {"S": "everyone"}, "groups": {"S": "members"}});
    for (case, client, items, cause) in [
        (
            "unreachable",
            Some(unreachable_client()),
            [rule("everyone", &["members"])],
            "failed to read the default groups",
        ),
        (
            "throttled",
            Some(throttled_client()),
            [rule("everyone", &["members"])],
            "failed to read the default groups",
        ),
        (
            "malformed",
            None,
            [(DEFAULT_GROUPS, malformed)],
            "failed to read the default groups: `groups` of `everyone` is not a list of texts",
        ),
    ] {
        for (on_confirmation_error, expected) in
            [("answer", Some("NotEverythingDone")), ("fail", None)]
        {
            let tables = tables(items.clone());
            let client = client.clone().unwrap_or_else(|| tables.client());
            let stage = Stage::over(client, tables, config("false", on_confirmation_error));
            let log = Log::start();
            let answer = stage.answer(event(CONFIRMED)).await;
            check_failed(answer, expected, cause);
            let logged = log.text().matches(r#""level":"ERROR""#).count();
            assert_eq!(logged, usize::from(expected.is_some()), "{case}");
            assert!(!log.text().contains("ines"), "{case}: {}", log.text());
            assert_eq!(stage.profiles(), json!([]), "{case}");
            assert!(stage.pool.done().is_empty(), "{case}");
        }
    }
}
