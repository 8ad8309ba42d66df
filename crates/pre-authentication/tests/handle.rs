//! One event after another through `handle`, with the table and the user pool as they are, broken or gone.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod pool;
mod table;

use std::sync::{Arc, Mutex};

use admission::Blocks;
use aws_sdk_dynamodb::config::interceptors::BeforeSerializationInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemInput;
use cognito_events::pre_authentication::Event;
use embedded_dynamodb::{cut_at_every_await, hanging_client, unreachable_client};
use entrypoint::{Env, Failure, UNAVAILABLE, with_causes};
use pre_authentication::{Config, Outside, handle};
use serde_json::{Value, json};

use pool::{Pool, with_groups};
use table::{TABLE, blocks, now};

fn config(on_blocks_error: &str, account_refusals: &str) -> Config {
    Config::from_env(Env::of_pairs([
        ("BLOCKS_TABLE", TABLE),
        ("ON_BLOCKS_ERROR", on_blocks_error),
        ("ACCOUNT_REFUSALS", account_refusals),
        ("SIGN_IN_WITH", "email"),
        ("DENIED_DOMAINS", "denied.example"),
    ]))
    .unwrap()
}

fn event(user_name: &str, request: Value) -> Event {
    serde_json::from_value(json!({
        "triggerSource": "PreAuthentication_Authentication",
        "userPoolId": "eu-central-1_Kx7QmT2Zd",
        "userName": user_name,
        "callerContext": {"clientId": "c-1"},
        "request": request,
    }))
    .unwrap()
}

fn known(email: &str) -> Event {
    let attributes = json!({"sub": "u-1", "email": email});
    event("u-1", json!({"userAttributes": attributes}))
}

fn unknown(typed: &str) -> Event {
    event(typed, json!({"userAttributes": {}, "userNotFound": true}))
}

fn maintenance() -> Value {
    json!({"subject": {"S": "pool"}, "exceptGroups": {"SS": ["admins"]}})
}

/// The name of the rule that decided, or of the refusal with what the user sees.
async fn outcome(
    event: Event,
    config: &Config,
    blocks: &Blocks,
    pool: Pool,
) -> Result<&'static str, (String, String)> {
    let (groups, _calls) = pool.start();
    let blocks = blocks.clone();
    match handle(event, config, &Outside { blocks, groups }, now()).await {
        Ok(decided) => Ok(decided.reason),
        Err(Failure::Refused { reason, text }) => Err((reason, text)),
        Err(Failure::Internal(cause)) => Err((with_causes(&*cause), UNAVAILABLE.to_owned())),
    }
}

#[tokio::test]
async fn during_maintenance_only_the_excepted_groups_sign_in() {
    let config = config("refuse", "before-password");
    let (_tables, blocks) = blocks(&[maintenance()]);
    for (case, event, pool, admitted) in [
        (
            "an administrator",
            known("ines@example.org"),
            with_groups(&["admins"]),
            true,
        ),
        (
            "in other groups",
            known("ines@example.org"),
            with_groups(&["others", "editors"]),
            false,
        ),
        (
            "in no group",
            known("ines@example.org"),
            with_groups(&[]),
            false,
        ),
        (
            "nobody",
            unknown("ines@example.org"),
            with_groups(&["admins"]),
            false,
        ),
    ] {
        let expected = if admitted {
            Ok("Admitted")
        } else {
            let text = "Sign-in is closed for maintenance, please try again later";
            Err(("PoolBlocked".to_owned(), text.to_owned()))
        };
        assert_eq!(
            outcome(event, &config, &blocks, pool).await,
            expected,
            "{case}"
        );
    }
}

#[tokio::test]
async fn groups_are_asked_for_by_the_events_own_pool_and_user_and_only_when_they_decide() {
    let config = config("refuse", "before-password");
    for (items, expected) in [
        (vec![], vec![]),
        (
            vec![json!({"subject": {"S": "client#c-2"}, "exceptGroups": {"SS": ["admins"]}})],
            vec![],
        ),
        (
            vec![maintenance()],
            vec![json!({"UserPoolId": "eu-central-1_Kx7QmT2Zd", "Username": "u-1", "Limit": 60})],
        ),
    ] {
        let (_tables, blocks) = blocks(&items);
        let (groups, calls) = with_groups(&["admins"]).start();
        let outside = Outside { blocks, groups };
        handle(known("ines@example.org"), &config, &outside, now())
            .await
            .unwrap();
        assert_eq!(*calls.lock().unwrap(), expected, "{items:?}");
    }
}

#[tokio::test]
async fn an_unknown_user_costs_and_shows_what_a_known_one_does() {
    let config = config("refuse", "after-password");
    for item in [
        maintenance(),
        json!({"subject": {"S": "pool"}}),
        json!({"subject": {"S": "client#c-1"}}),
        json!({"subject": {"S": "domain#example.org"}}),
        json!({"subject": {"S": "address#ines@example.org"}}),
        json!({"subject": {"S": "user#u-1"}}),
    ] {
        for typed in ["ines@example.org", "INES@Example.org", "kim@denied.example"] {
            let (tables, _) = blocks(std::slice::from_ref(&item));
            let reads = Reads::default();
            let watched = tables.client().config().to_builder();
            let watched = watched.interceptor(reads.clone()).build();
            let blocks = Blocks::new(aws_sdk_dynamodb::Client::from_conf(watched), TABLE);
            let (groups, calls) = with_groups(&["admins"]).start();
            let outside = Outside { blocks, groups };
            let mut answers = Vec::new();
            for event in [known(typed), unknown(typed)] {
                let answer = handle(event, &config, &outside, now()).await;
                let answer = answer.map_err(|failure| failure.public_text().to_owned());
                answers.push(answer);
            }
            assert_eq!(answers[0], answers[1], "{typed} {item}");
            let reads = reads.0.lock().unwrap();
            assert_eq!(reads.len(), 2);
            assert_eq!(reads[0], reads[1], "{typed} {item}");
            assert!(calls.lock().unwrap().is_empty(), "{typed} {item}");
        }
    }
}

/// The clock is Tokio's and moves by itself while all wait.
#[tokio::test(start_paused = true)]
async fn blocks_that_cannot_be_read_refuse_or_leave_the_user_to_the_other_rules() {
    let until = json!({"subject": {"S": "pool"}, "until": {"S": "tomorrow"}});
    let (tables, malformed) = blocks(&[until]);
    let missing = Blocks::new(tables.client(), "another");
    let unreachable = Blocks::new(unreachable_client(), TABLE);
    let hanging = Blocks::new(hanging_client(), TABLE);
    for (blocks, cause) in [
        (
            malformed,
            "failed to understand a block: its `until` is not a whole number of seconds",
        ),
        (missing, "failed to read the blocks: "),
        (unreachable, "failed to read the blocks: "),
        (hanging, "gave up after 3500 ms"),
    ] {
        for account_refusals in ["after-password", "before-password"] {
            for event in [known, unknown] {
                let refuse = config("refuse", account_refusals);
                let pool = with_groups(&["admins"]);
                let failure =
                    outcome(event("ines@example.org"), &refuse, &blocks, pool.clone()).await;
                let (logged, shown) = failure.unwrap_err();
                assert!(logged.starts_with(cause), "{logged}");
                assert_eq!(shown, UNAVAILABLE);

                let allow = config("allow", account_refusals);
                let answer =
                    outcome(event("ines@example.org"), &allow, &blocks, pool.clone()).await;
                assert_eq!(answer, Ok("WithoutBlocks"));
                let denied = outcome(event("ines@denied.example"), &allow, &blocks, pool).await;
                assert_eq!(denied.unwrap_err().0, "DomainDenied");
            }
        }
    }
}

#[tokio::test]
async fn groups_that_cannot_be_listed_are_blocks_that_cannot_be_read() {
    let (_tables, blocks) = blocks(&[maintenance()]);
    for (pool, cause) in [
        (
            Pool::Fails("TooManyRequestsException"),
            "failed to list the user's groups: TooManyRequestsException",
        ),
        (
            Pool::Fails("AccessDeniedException"),
            "failed to list the user's groups: AccessDeniedException",
        ),
        (
            // Cognito says in the event that there is one.
            Pool::Fails("UserNotFoundException"),
            "failed to list the user's groups: there is no such user",
        ),
    ] {
        let event = || known("ines@example.org");
        let refuse = config("refuse", "before-password");
        let failure = outcome(event(), &refuse, &blocks, pool.clone()).await;
        assert_eq!(failure, Err((cause.to_owned(), UNAVAILABLE.to_owned())));

        let allow = config("allow", "before-password");
        let answer = outcome(event(), &allow, &blocks, pool.clone()).await;
        assert_eq!(answer, Ok("WithoutBlocks"));

        // Where accounts are a secret, nobody asks.
        let secret = config("refuse", "after-password");
        assert_eq!(
            outcome(event(), &secret, &blocks, pool).await,
            Ok("Admitted")
        );
    }
}

#[tokio::test]
async fn the_same_event_has_the_same_answer_cut_at_any_await() {
    let config = config("refuse", "before-password");
    let (_tables, blocks) = blocks(&[maintenance()]);
    let (groups, _calls) = with_groups(&["admins"]).start();
    let outside = Outside { blocks, groups };
    let run = || handle(known("ines@example.org"), &config, &outside, now());
    let (answer, cuts) = cut_at_every_await(run).await;
    assert_eq!(answer.unwrap().reason, "Admitted");
    assert!(cuts > 2, "the table and the pool are awaited");
}

/// The look-ups that reached the client.
#[derive(Debug, Default, Clone)]
struct Reads(Arc<Mutex<Vec<BatchGetItemInput>>>);

impl Intercept for Reads {
    fn name(&self) -> &'static str {
        "Reads"
    }

    fn read_before_execution(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let input = context.input().downcast_ref::<BatchGetItemInput>();
        let input = input.expect("this function reads all blocks at once");
        self.0.lock().unwrap().push(input.clone());
        Ok(())
    }
}
