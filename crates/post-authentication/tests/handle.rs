//! What is left in the table and the pool after sign-ins that are noted twice, at once or half-way, and when one of them is broken or gone.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod table;

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use cognito_events::post_authentication::{Event, Response};
use embedded_dynamodb::{
    Tables, cut_at_every_await, hanging_client, throttled_client, unreachable_client,
};
use entrypoint::{Env, Failure, UNAVAILABLE};
use function_tests::{GroupPool, Log, SILENT, items};
use post_authentication::{Config, Outside, handle};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use tokio::task::JoinSet;
use tokio::time::timeout;

use table::{PROFILES, profiles};

const POOL: &str = "eu-central-1_Kx7QmT2Zd";

/// After which an answer would come too late.
const DEADLINE_OF_THE_EDGE: std::time::Duration = std::time::Duration::from_secs(4);

/// So many seconds after 2027-01-15, 08:00 UTC.
fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap() + Duration::seconds(seconds)
}

fn sign_in(new_device: bool) -> Event {
    event("PostAuthentication_Authentication", "u-1", new_device)
}

fn event(source: &str, sub: &str, new_device: bool) -> Event {
    serde_json::from_value(json!({
        "triggerSource": source,
        "userPoolId": POOL,
        "userName": "ines",
        "callerContext": {"clientId": "web"},
        "request": {
            "userAttributes": {"sub": sub, "email": "ines@example.org", "custom:plan": "team"},
            "newDeviceUsed": new_device,
        },
    }))
    .unwrap()
}

/// The table, the pool, and the function over them.
struct Stage {
    tables: Tables,
    pool: GroupPool,
    config: Config,
    outside: Outside,
}

impl Stage {
    fn new<const N: usize>(on_sign_in_error: &str, items: [Value; N]) -> Self {
        let tables = profiles(items);
        let client = tables.client();
        Self::over(client, tables, on_sign_in_error)
    }

    fn over(client: Client, tables: Tables, on_sign_in_error: &str) -> Self {
        let config = Config::from_env(Env::of_pairs([
            ("PROFILES_TABLE", PROFILES),
            ("ON_SIGN_IN_ERROR", on_sign_in_error),
        ]));
        let config = config.unwrap();
        let pool = GroupPool::with_groups(["members", "readers"]);
        let outside = Outside::new(
            client,
            aws_sdk_cognitoidentityprovider::Client::new(&pool.connection()),
            &config,
        );
        Self {
            tables,
            pool,
            config,
            outside,
        }
    }

    async fn answer(&self, event: Event, now: OffsetDateTime) -> Result<&'static str, Failure> {
        let decided = handle(event, &self.config, &self.outside, now).await?;
        assert_eq!(decided.response, Response::default());
        Ok(decided.reason)
    }

    fn profiles(&self) -> Value {
        items(&self.tables, PROFILES).into()
    }
}

/// The profile that a first sign-in makes, with these attributes besides.
fn repaired(more: Value) -> Value {
    let mut profile = json!({
        "subject": {"S": "user#u-1"},
        "record": {"S": "profile"},
        "sub": {"S": "u-1"},
        "userPoolId": {"S": POOL},
        "userName": {"S": "ines"},
        "clientId": {"S": "web"},
        "attributes": {"M": {"email": {"S": "ines@example.org"}}},
        "origin": {"S": "repaired"},
        "createdAt": {"N": "1800000000"},
    });
    for (name, value) in more.as_object().unwrap() {
        profile[name] = value.clone();
    }
    profile
}

fn signed_in(seconds: i64, count: u32) -> Value {
    let last = (1_800_000_000 + seconds).to_string();
    json!({"lastSignInAt": {"N": last}, "signInCount": {"N": count.to_string()}})
}

fn confirmed(pending: &[&str]) -> Value {
    let mut profile = repaired(json!({
        "origin": {"S": "confirmed"},
        "createdAt": {"N": "1700000000"},
        "attributes": {"M": {"name": {"S": "as it was"}}},
    }));
    if !pending.is_empty() {
        profile["pendingGroups"] = json!({"SS": pending});
    }
    profile
}

#[tokio::test]
async fn sign_ins_are_counted_and_the_profile_that_is_missing_is_made() {
    let stage = Stage::new("refuse", []);
    for (seconds, expected) in [
        (0, signed_in(0, 1)),
        // Cognito's second and third attempt at the same event.
        (5, signed_in(0, 1)),
        (14, signed_in(0, 1)),
        (15, signed_in(15, 2)),
        (3_600, signed_in(3_600, 3)),
    ] {
        let answer = stage.answer(sign_in(false), at(seconds)).await;
        assert_eq!(answer.unwrap(), "Noted");
        assert_eq!(stage.profiles(), json!([repaired(expected)]), "{seconds} s");
    }
    assert!(stage.pool.done().is_empty());
}

#[tokio::test]
async fn a_profile_that_is_there_stays_what_it_was() {
    let stage = Stage::new("refuse", [confirmed(&[])]);
    stage.answer(sign_in(false), at(0)).await.unwrap();
    let mut expected = confirmed(&[]);
    expected["lastSignInAt"] = json!({"N": "1800000000"});
    expected["signInCount"] = json!({"N": "1"});
    assert_eq!(stage.profiles(), json!([expected]));
}

fn new_device(time: &str, seconds: i64) -> Value {
    json!({
        "subject": {"S": "user#u-1"},
        "record": {"S": format!("security#{time}#new-device")},
        "sub": {"S": "u-1"},
        "userPoolId": {"S": POOL},
        "clientId": {"S": "web"},
        "at": {"N": (1_800_000_000 + seconds).to_string()},
        "detailType": {"S": "New Device"},
    })
}

fn with_new_device(mut profile: Value, seconds: i64) -> Value {
    profile["lastNewDeviceAt"] = json!({"N": (1_800_000_000 + seconds).to_string()});
    profile
}

#[tokio::test]
async fn a_new_device_is_noted_once_and_not_hidden_by_a_sign_in_before_it() {
    let stage = Stage::new("refuse", []);
    stage.answer(sign_in(false), at(0)).await.unwrap();
    let record = new_device("2027-01-15T08:00:02Z", 2);
    let expected = with_new_device(repaired(signed_in(2, 2)), 2);
    for seconds in [2, 7, 16] {
        stage.answer(sign_in(true), at(seconds)).await.unwrap();
        assert_eq!(stage.profiles(), json!([expected, record]), "{seconds} s");
    }
    stage.answer(sign_in(true), at(17)).await.unwrap();
    assert_eq!(
        stage.profiles(),
        json!([
            with_new_device(repaired(signed_in(17, 3)), 17),
            record,
            new_device("2027-01-15T08:00:17Z", 17)
        ])
    );
}

#[tokio::test]
async fn a_sign_in_that_was_cut_anywhere_leaves_what_one_run_leaves() {
    for (device_is_new, expected) in [(false, 1), (true, 2)] {
        let stage = Stage::new("refuse", [confirmed(&["members", "readers"])]);
        let run = || stage.answer(sign_in(device_is_new), at(0));
        let (answer, cuts) = cut_at_every_await(run).await;
        assert_eq!(answer.unwrap(), "Noted");
        assert!(cuts >= 8, "only {cuts} cuts");
        let profiles = stage.profiles();
        assert_eq!(profiles.as_array().unwrap().len(), expected);
        assert_eq!(profiles[0]["signInCount"], json!({"N": "1"}));
        assert_eq!(profiles[0]["pendingGroups"], Value::Null);
    }
}

#[tokio::test]
async fn a_sign_in_that_comes_three_times_at_once_counts_once() {
    for (device_is_new, expected) in [(false, 1), (true, 2)] {
        let stage = Arc::new(Stage::new("refuse", [confirmed(&["members"])]));
        let mut running = JoinSet::new();
        for seconds in 0..3 {
            let stage = Arc::clone(&stage);
            let event = sign_in(device_is_new);
            running.spawn(async move { stage.answer(event, at(seconds)).await });
        }
        for answer in running.join_all().await {
            assert_eq!(answer.unwrap(), "Noted");
        }
        let profiles = stage.profiles();
        assert_eq!(profiles.as_array().unwrap().len(), expected);
        assert_eq!(profiles[0]["signInCount"], json!({"N": "1"}));
    }
}

#[tokio::test]
async fn groups_that_wait_are_given_before_the_tokens_are_made() {
    for device_is_new in [false, true] {
        let stage = Stage::new("refuse", [confirmed(&["readers", "gone", "members"])]);
        let log = Log::start();
        stage.answer(sign_in(device_is_new), at(0)).await.unwrap();
        assert_eq!(
            stage.pool.done(),
            [
                "eu-central-1_Kx7QmT2Zd/ines joins members",
                "eu-central-1_Kx7QmT2Zd/ines joins readers"
            ]
        );
        assert_eq!(stage.profiles()[0]["pendingGroups"], Value::Null);
        assert_eq!(
            log.fields(),
            [json!({"message": "the user pool has no such group", "sub": "u-1", "group": "gone"})]
        );
    }
}

#[tokio::test]
async fn groups_that_the_pool_does_not_take_wait_on() {
    let stage = Stage::new("answer", [confirmed(&["members"])]);
    stage.pool.fail(Some("InternalErrorException"));
    let answer = stage.answer(sign_in(false), at(0)).await;
    assert_eq!(answer.unwrap(), "NotNoted");
    assert_eq!(
        stage.profiles()[0]["pendingGroups"],
        json!({"SS": ["members"]})
    );

    // A sign-in that does not count gives them as well.
    stage.pool.fail(None);
    stage.answer(sign_in(false), at(1)).await.unwrap();
    assert_eq!(stage.profiles()[0]["pendingGroups"], Value::Null);
    assert_eq!(stage.profiles()[0]["signInCount"], json!({"N": "1"}));
}

#[tokio::test]
async fn an_outage_locks_nobody_out_unless_the_operator_wants_that() {
    for client in [unreachable_client(), throttled_client()] {
        for device_is_new in [false, true] {
            let stage = Stage::over(client.clone(), profiles([]), "answer");
            let log = Log::start();
            let answer = stage.answer(sign_in(device_is_new), at(0)).await;
            assert_eq!(answer.unwrap(), "NotNoted");
            let lines = log.lines();
            assert_eq!(lines.len(), 1, "{}", log.text());
            assert_eq!(lines[0]["level"], "ERROR");
            let message = &lines[0]["fields"]["message"];
            assert_eq!(message, "answering although the sign-in is not noted");
            assert!(!log.text().contains("ines"), "{}", log.text());

            let stage = Stage::over(client.clone(), profiles([]), "refuse");
            let failure = stage.answer(sign_in(device_is_new), at(0)).await;
            assert_eq!(failure.unwrap_err().public_text(), UNAVAILABLE);
        }
    }
}

/// The clock is Tokio's: it stands still, and moves to the next limit when all wait.
#[tokio::test(start_paused = true)]
async fn a_table_or_a_pool_that_hangs_is_given_up_before_cognito_gives_up() {
    let hanging_table = Stage::over(hanging_client(), profiles([]), "answer");
    let hanging_pool = Stage::new("answer", [confirmed(&["members"])]);
    hanging_pool.pool.fail(Some(SILENT));
    for stage in [hanging_table, hanging_pool] {
        let answer = stage.answer(sign_in(false), at(0));
        let in_time = timeout(DEADLINE_OF_THE_EDGE, answer).await;
        assert_eq!(in_time.unwrap().unwrap(), "NotNoted");
    }
}

#[tokio::test]
async fn an_unknown_source_and_an_event_about_nobody_note_nothing() {
    let stage = Stage::new("answer", []);
    let later = event("PostAuthentication_Later", "u-1", true);
    assert_eq!(stage.answer(later, at(0)).await.unwrap(), "UnknownSource");
    let log = Log::start();
    let nobody = || {
        event(
            "PostAuthentication_Authentication",
            "ines@example.org",
            true,
        )
    };
    assert_eq!(stage.answer(nobody(), at(0)).await.unwrap(), "NotNoted");
    assert!(!log.text().contains("ines"), "{}", log.text());
    assert_eq!(stage.profiles(), json!([]));

    let stage = Stage::new("refuse", []);
    let failure = stage.answer(nobody(), at(0)).await.unwrap_err();
    assert_eq!(failure.public_text(), UNAVAILABLE);
}
