//! What is left in the tables and the pool after events that come twice, at once or half-way, and when one of them is broken or gone.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod tables;

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use cognito_events::post_confirmation::{Event, Response};
use email_address::EmailAddress;
use embedded_dynamodb::{
    Tables, cut_at_every_await, hanging_client, throttled_client, unreachable_client,
};
use entrypoint::{Env, Failure, UNAVAILABLE};
use function_tests::{GroupPool, Log, SILENT, items};
use invitations::{InvitationCode, Invitations, Redeemer, Redemption};
use post_confirmation::{Config, Outside, handle};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use tokio::task::JoinSet;
use tokio::time::timeout;

use tables::{DEFAULT_GROUPS, INVITATIONS, PROFILES, tables};

const POOL: &str = "eu-central-1_Kx7QmT2Zd";

/// After which an answer would come too late.
const DEADLINE_OF_THE_EDGE: std::time::Duration = std::time::Duration::from_secs(4);

/// 2027-01-15, 08:00 UTC.
fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
}

fn config(sign_out: &str, on_confirmation_error: &str) -> Config {
    Config::from_env(Env::of_pairs([
        ("PROFILES_TABLE", PROFILES),
        ("DEFAULT_GROUPS_TABLE", DEFAULT_GROUPS),
        ("INVITATIONS_TABLE", INVITATIONS),
        ("SIGN_OUT_ON_PASSWORD_RESET", sign_out),
        ("ON_CONFIRMATION_ERROR", on_confirmation_error),
    ]))
    .unwrap()
}

fn rule(rule: &str, groups: &[&str]) -> (&'static str, Value) {
    (
        DEFAULT_GROUPS,
        json!({"rule": {"S": rule}, "groups": {"SS": groups}}),
    )
}

fn event(source: &str) -> Event {
    event_of(json!({"triggerSource": source}))
}

/// An event about Ines, with these members instead of the usual ones.
fn event_of(members: Value) -> Event {
    let mut event = json!({
        "triggerSource": "PostConfirmation_ConfirmSignUp",
        "userPoolId": POOL,
        "userName": "ines",
        "callerContext": {"clientId": "web"},
        "request": {
            "userAttributes": {"sub": "u-1", "email": "ines@mail.example.org", "email_verified": "true", "name": "Ines", "custom:plan": "team"},
            "clientMetadata": {"inviteCode": "of-my-choice", "groups": "admins"},
        },
    });
    for (name, value) in members.as_object().unwrap() {
        event[name] = value.clone();
    }
    serde_json::from_value(event).unwrap()
}

/// The user name and the address of Ines, another spelling of which her events have.
const INES: (&str, &str) = ("ines", "Ines@mail.example.org");

const CONFIRMED: &str = "PostConfirmation_ConfirmSignUp";
const RESET: &str = "PostConfirmation_ConfirmForgotPassword";

/// The tables, the pool, and the function over them.
struct Stage {
    tables: Tables,
    pool: GroupPool,
    config: Config,
    outside: Outside,
}

impl Stage {
    fn new<const N: usize>(config: Config, items: [(&str, Value); N]) -> Self {
        let tables = tables(items);
        let client = tables.client();
        Self::over(client, tables, config)
    }

    fn over(client: Client, tables: Tables, config: Config) -> Self {
        let pool = GroupPool::with_groups(["colleagues", "editors", "members", "readers"]);
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

    async fn answer(&self, event: Event) -> Result<&'static str, Failure> {
        self.answer_at(event, now()).await
    }

    async fn answer_at(&self, event: Event, now: OffsetDateTime) -> Result<&'static str, Failure> {
        let decided = handle(event, &self.config, &self.outside, now).await?;
        assert_eq!(decided.response, Response::default());
        Ok(decided.reason)
    }

    /// The groups that were joined, each once.
    fn joined(&self) -> Vec<String> {
        let mut joined: Vec<_> = self
            .pool
            .done()
            .iter()
            .map(|done| {
                done.strip_prefix("eu-central-1_Kx7QmT2Zd/ines joins ")
                    .unwrap_or(done)
                    .to_owned()
            })
            .collect();
        joined.sort();
        joined.dedup();
        joined
    }

    fn profiles(&self) -> Value {
        items(&self.tables, PROFILES).into()
    }
}

fn profile() -> Value {
    json!({
        "subject": {"S": "user#u-1"},
        "record": {"S": "profile"},
        "sub": {"S": "u-1"},
        "userPoolId": {"S": POOL},
        "userName": {"S": "ines"},
        "clientId": {"S": "web"},
        "attributes": {"M": {"email": {"S": "ines@mail.example.org"}, "name": {"S": "Ines"}}},
        "origin": {"S": "confirmed"},
        "detailType": {"S": "User Confirmed"},
        "createdAt": {"N": "1800000000"},
    })
}

fn three_rules() -> [(&'static str, Value); 3] {
    [
        rule("everyone", &["members"]),
        rule("client#web", &["readers", "members"]),
        rule("domain#example.org", &["colleagues"]),
    ]
}

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

/// Whether the failure was answered, or else shown as the fixed text with this cause.
#[track_caller]
fn check_failed(answer: Result<&str, Failure>, expected: Option<&str>, cause: &str) {
    match (answer, expected) {
        (Ok(reason), Some(expected)) => assert_eq!(reason, expected),
        (Err(failure), None) => {
            assert_eq!(failure.public_text(), UNAVAILABLE);
            let Failure::Internal(found) = failure else {
                panic!("refused")
            };
            assert_eq!(found.to_string(), cause);
        }
        (answer, expected) => panic!("{answer:?}, expected {expected:?}"),
    }
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

/// The invitation that this account was made with, by somebody of that address.
async fn redeemed_by((user_name, address): (&str, &str), tables: &Tables, at: OffsetDateTime) {
    let address = EmailAddress::parse(address);
    let redemption = Redemption {
        code: InvitationCode::new("SPRING-7741").unwrap(),
        redeemer: Redeemer::of(POOL, address.as_ref(), user_name).unwrap(),
        max_uses: 5,
    };
    let account = Redeemer::account(POOL, user_name);
    let invitations = Invitations::new(tables.client(), INVITATIONS);
    assert!(invitations.redeem(redemption, account, at).await.unwrap());
}

fn invitation(groups: Value) -> (&'static str, Value) {
    let groups = json!({"code": {"S": "SPRING-7741"}, "groups": groups});
    (INVITATIONS, groups)
}

#[tokio::test]
async fn the_invitation_that_the_account_was_made_with_gives_its_groups() {
    let editors = json!({"SS": ["editors"]});
    let days = |days| now() - Duration::days(days);
    for (case, groups, by, at, expected) in [
        ("a set", editors.clone(), INES, now(), &["editors"][..]),
        (
            "a list",
            json!({"L": [{"S": "readers"}, {"S": "editors"}]}),
            INES,
            now(),
            &["editors", "readers"],
        ),
        ("in time", editors.clone(), INES, days(29), &["editors"]),
        ("too late", editors.clone(), INES, days(30), &[]),
        (
            "another account with the same address",
            editors.clone(),
            ("ines-2", INES.1),
            now(),
            &[],
        ),
        (
            "another spelling of the name",
            editors.clone(),
            ("Ines", INES.1),
            now(),
            &[],
        ),
        (
            "somebody else who chose the name, and was refused it",
            editors.clone(),
            (INES.0, "kim@example.org"),
            now(),
            &[],
        ),
        (
            "somebody without an address who chose the name",
            editors,
            (INES.0, ""),
            now(),
            &[],
        ),
    ] {
        let stage = Stage::new(config("false", "fail"), [invitation(groups)]);
        redeemed_by(by, &stage.tables, at).await;
        stage.answer(event(CONFIRMED)).await.unwrap();
        assert_eq!(stage.joined(), expected, "{case}");
    }
}

#[tokio::test]
async fn what_an_app_sends_along_gives_no_groups() {
    let mine = (
        INVITATIONS,
        json!({"code": {"S": "of-my-choice"}, "groups": {"SS": ["editors"]}}),
    );
    let stage = Stage::new(config("false", "fail"), [mine]);
    stage.answer(event(CONFIRMED)).await.unwrap();
    assert_eq!(stage.joined(), [""; 0]);
}

#[tokio::test]
async fn an_invitation_that_left_the_table_gives_no_groups_and_a_malformed_one_is_not_guessed() {
    let stage = Stage::new(
        config("false", "fail"),
        [(
            INVITATIONS,
            json!({"code": {"S": "SPRING-7741"}, "groups": {"S": "editors"}}),
        )],
    );
    redeemed_by(INES, &stage.tables, now()).await;
    check_failed(
        stage.answer(event(CONFIRMED)).await,
        None,
        "failed to read the invitation: its `groups` is not a list of texts",
    );

    let key = json!({"TableName": INVITATIONS, "Key": {"code": {"S": "SPRING-7741"}}});
    stage
        .tables
        .answer("DeleteItem", key.to_string().as_bytes());
    stage.answer(event(CONFIRMED)).await.unwrap();
    assert_eq!(stage.joined(), [""; 0]);
}

fn reset_profile(at: i64) -> Value {
    let mut profile = profile();
    profile["origin"] = json!({"S": "repaired"});
    profile["lastPasswordResetAt"] = json!({"N": at.to_string()});
    profile.as_object_mut().unwrap().remove("detailType");
    profile
}

fn reset_record(time: &str, at: i64) -> Value {
    json!({
        "subject": {"S": "user#u-1"},
        "record": {"S": format!("security#{time}#password-reset")},
        "sub": {"S": "u-1"},
        "userPoolId": {"S": POOL},
        "clientId": {"S": "web"},
        "at": {"N": at.to_string()},
        "detailType": {"S": "Password Reset"},
    })
}

#[tokio::test]
async fn a_password_reset_is_noted_once_and_gives_no_groups() {
    let stage = Stage::new(config("false", "fail"), three_rules());
    let seconds = |seconds| now() + Duration::seconds(seconds);
    let first = reset_record("2027-01-15T08:00:00Z", 1_800_000_000);
    for at in [0, 1, 14] {
        let answer = stage.answer_at(event(RESET), seconds(at)).await;
        assert_eq!(answer.unwrap(), "PasswordReset");
        assert_eq!(
            stage.profiles(),
            json!([reset_profile(1_800_000_000), first])
        );
    }
    stage.answer_at(event(RESET), seconds(15)).await.unwrap();
    assert_eq!(
        stage.profiles(),
        json!([
            reset_profile(1_800_000_015),
            first,
            reset_record("2027-01-15T08:00:15Z", 1_800_000_015)
        ])
    );
    assert!(stage.pool.done().is_empty(), "{:?}", stage.pool.done());
}

#[tokio::test]
async fn a_password_reset_that_was_cut_anywhere_is_noted_once() {
    let stage = Stage::new(config("true", "fail"), []);
    let (answer, cuts) = cut_at_every_await(|| stage.answer(event(RESET))).await;
    answer.unwrap();
    assert!(cuts >= 2, "only {cuts} cuts");
    let record = reset_record("2027-01-15T08:00:00Z", 1_800_000_000);
    assert_eq!(
        stage.profiles(),
        json!([reset_profile(1_800_000_000), record])
    );
    assert_eq!(
        stage.joined(),
        ["eu-central-1_Kx7QmT2Zd/ines is signed out"]
    );
}

#[tokio::test]
async fn sessions_that_could_not_be_ended_are_never_passed_over() {
    for on_confirmation_error in ["answer", "fail"] {
        let stage = Stage::new(config("true", on_confirmation_error), []);
        stage.pool.fail(Some("InternalErrorException"));
        check_failed(
            stage.answer(event(RESET)).await,
            None,
            "failed to end the user's sessions",
        );
        // It is noted all the same.
        assert_eq!(stage.profiles().as_array().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn sessions_end_also_when_the_reset_cannot_be_noted() {
    for client in [unreachable_client(), throttled_client()] {
        for (on_confirmation_error, expected) in
            [("answer", Some("NotEverythingDone")), ("fail", None)]
        {
            let config = config("true", on_confirmation_error);
            let stage = Stage::over(client.clone(), tables([]), config);
            check_failed(
                stage.answer(event(RESET)).await,
                expected,
                "failed to write the profile with its security record",
            );
            assert_eq!(
                stage.joined(),
                ["eu-central-1_Kx7QmT2Zd/ines is signed out"]
            );
        }
    }
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
