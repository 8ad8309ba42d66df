//! What operators ask, as the API passes it on, and who is none.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

use broker_identities::{Identifier, Identities};
use embedded_dynamodb::{Tables, cut_at_every_await, unreachable_client};
use entrypoint::Env;
use function_tests::{HttpAnswer, IdentityPool, Keys, Log, UNREACHABLE, create, events, items};
use identity_operator::{Config, Outside, handle, unavailable};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use time::OffsetDateTime;

const NOW: i64 = 1_800_000_000;
const TABLE: &str = "identities";

struct Stage {
    tables: Tables,
    pool: IdentityPool,
    outside: Outside,
}

impl Stage {
    fn new() -> Self {
        let tables = Tables::in_memory().unwrap();
        create(&tables, TABLE, &["identifier"]);
        let client = tables.client();
        Self::over(client, tables)
    }

    fn over(dynamodb: aws_sdk_dynamodb::Client, tables: Tables) -> Self {
        let config = Config::from_env(Env::of_pairs([
            ("IDENTITY_POOL_ID", IdentityPool::ID),
            ("DEVELOPER_PROVIDER_NAME", IdentityPool::PROVIDER),
            ("BROKER_KEY", "arn:key"),
            ("IDENTITIES_TABLE", TABLE),
        ]));
        let pool = IdentityPool::at(NOW);
        let kms = aws_sdk_kms::Client::new(&Keys::default().connection());
        let client = aws_sdk_cognitoidentity::Client::new(&pool.connection());
        Self {
            outside: Outside::new(client, dynamodb, kms, &config.unwrap()),
            tables,
            pool,
        }
    }

    fn identities(&self) -> Identities {
        Identities::new(self.tables.client(), TABLE)
    }

    /// Has a customer sign in, as the broker does it.
    async fn sign_in(&self, customer: &str) -> String {
        let client = aws_sdk_cognitoidentity::Client::new(&self.pool.connection());
        let request = client
            .get_open_id_token_for_developer_identity()
            .identity_pool_id(IdentityPool::ID)
            .logins(IdentityPool::PROVIDER, customer)
            .token_duration(60);
        let identity = request.send().await.unwrap().identity_id.unwrap();
        let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
        let (identities, customer) = (self.identities(), id(customer));
        let noted = identities.note_identity(&customer, &identity, now);
        assert!(noted.await.unwrap());
        self.pool.calls();
        identity
    }

    async fn ask(&self, request: Value) -> HttpAnswer {
        let request: Box<RawValue> = serde_json::value::to_raw_value(&request).unwrap();
        let handle = |request| handle(request, &self.outside);
        HttpAnswer::of(entrypoint::answer_http(&request, handle, unavailable).await)
    }

    async fn ask_for(&self, name: &str) -> HttpAnswer {
        self.ask(event(name)).await
    }
}

fn event(name: &str) -> Value {
    let events = events("identity-operator");
    let (_, event) = events.iter().find(|(known, _)| known == name).unwrap();
    serde_json::from_str(event.get()).unwrap()
}

fn with_body(name: &str, body: Value) -> Value {
    let mut event = event(name);
    event["body"] = body.to_string().into();
    event
}

fn id(text: &str) -> Identifier {
    text.parse().unwrap()
}

#[tokio::test]
async fn an_identity_is_looked_up_by_either_name() {
    let stage = Stage::new();
    stage.ask_for("lookup").await.is_problem(404, "unknown");
    stage
        .ask_for("lookup.identity")
        .await
        .is_problem(404, "unknown");
    let identity = stage.sign_in("shop.p.customer-1").await;
    let now = OffsetDateTime::UNIX_EPOCH;
    let (device, customer) = (id("device.p.1"), id("shop.p.customer-1"));
    stage
        .identities()
        .link(&device, &customer, now)
        .await
        .unwrap();
    let found = stage.ask_for("lookup").await;
    let subject = found.body["auditSubject"].clone();
    let expected = json!({
        "identityId": identity, "identifiers": ["shop.p.customer-1"], "identifier": "shop.p.customer-1",
        "linkedTo": null, "logins": ["device.p.1"], "blocked": false, "consistent": true, "auditSubject": subject,
    });
    assert_eq!((found.status, found.body), (200, expected));
    let found = stage
        .ask(with_body("lookup", json!({"identifier": "device.p.1"})))
        .await;
    assert_eq!(found.body["linkedTo"], "shop.p.customer-1");
    assert_eq!(found.body["identityId"], identity);
    assert_eq!(found.body["auditSubject"], subject);
    let found = stage.ask_for("lookup.identity").await;
    assert_eq!(found.body["identifiers"], json!(["shop.p.customer-1"]));
}

/// Security row 24: the table and the pool have to say the same of who has which identity.
#[tokio::test]
async fn what_the_pool_and_the_table_say_differently_is_shown() {
    let stage = Stage::new();
    stage.sign_in("shop.p.customer-1").await;
    let now = OffsetDateTime::UNIX_EPOCH;
    let customer = id("shop.p.customer-1");
    stage
        .identities()
        .note_identity(&customer, "us-east-1:other", now)
        .await
        .unwrap();
    assert_eq!(stage.ask_for("lookup").await.body["consistent"], false);
}

#[tokio::test]
async fn two_are_merged_into_one_after_a_try() {
    let stage = Stage::new();
    stage.ask_for("merge").await.is_problem(404, "unknown");
    let destination = stage.sign_in("shop.p.customer-1").await;
    let source = stage.sign_in("shop.p.customer-2").await;
    let before = items(&stage.tables, TABLE);
    let tried = stage.ask_for("merge.dry-run").await;
    let expected =
        json!({"identityId": destination, "abandonedIdentityId": source, "dryRun": true});
    assert_eq!((tried.status, tried.body), (200, expected));
    assert_eq!(items(&stage.tables, TABLE), before);
    assert!(
        stage
            .pool
            .calls()
            .iter()
            .all(|(operation, _)| operation == "LookupDeveloperIdentity")
    );

    let (merged, cuts) = cut_at_every_await(|| stage.ask_for("merge")).await;
    assert!(cuts >= 4, "only {cuts} cuts");
    assert_eq!(merged.status, 200, "{merged:?}");
    for customer in ["shop.p.customer-1", "shop.p.customer-2"] {
        let record = stage
            .identities()
            .find(&id(customer))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(record.identity_id.as_ref(), Some(&destination));
        assert_eq!(stage.pool.users()[customer], destination);
    }
    let again = stage.ask_for("merge").await;
    let expected = json!({"identityId": destination, "abandonedIdentityId": null, "dryRun": false});
    assert_eq!((again.status, again.body), (200, expected));
}

#[tokio::test]
async fn what_cannot_be_merged_is_not() {
    let stage = Stage::new();
    let now = OffsetDateTime::UNIX_EPOCH;
    for customer in ["shop.p.customer-1", "shop.p.customer-2"] {
        stage.sign_in(customer).await;
    }
    let (device, customer) = (id("device.p.1"), id("shop.p.customer-1"));
    stage
        .identities()
        .link(&device, &customer, now)
        .await
        .unwrap();
    let body = json!({"source": "device.p.1", "destination": "shop.p.customer-2"});
    let answer = stage.ask(with_body("merge", body)).await;
    answer.is_problem(409, "not-an-account");
    stage.pool.fail(Some("ResourceConflictException"));
    stage.ask_for("merge").await.is_problem(503, "unavailable");
}

#[tokio::test]
async fn an_identity_is_unlinked_when_no_login_needs_it() {
    let stage = Stage::new();
    stage.ask_for("unlink").await.is_problem(404, "unknown");
    stage.sign_in("shop.p.customer-1").await;
    let now = OffsetDateTime::UNIX_EPOCH;
    let (device, customer) = (id("device.p.1"), id("shop.p.customer-1"));
    stage
        .identities()
        .link(&device, &customer, now)
        .await
        .unwrap();
    stage.ask_for("unlink").await.is_problem(409, "has-logins");
    let login = stage
        .ask(with_body("unlink", json!({"identifier": "device.p.1"})))
        .await;
    assert_eq!(login.status, 204, "{login:?}");
    let (unlinked, _) = cut_at_every_await(|| stage.ask_for("unlink")).await;
    assert_eq!(unlinked.status, 204, "{unlinked:?}");
    assert!(stage.pool.users().is_empty());
    let record = stage.identities().find(&customer).await.unwrap().unwrap();
    assert!(!record.stands_for_somebody());
}

#[tokio::test]
async fn somebody_is_blocked_and_let_in_again() {
    let stage = Stage::new();
    for (name, body, expected) in [
        (
            "block",
            json!({"identifier": "shop.p.customer-1", "blocked": true}),
            true,
        ),
        (
            "block",
            json!({"identifier": "shop.p.customer-1", "blocked": false}),
            false,
        ),
    ] {
        let answer = stage.ask(with_body(name, body)).await;
        assert_eq!(answer.status, 204);
        let account = stage.identities().account(&id("shop.p.customer-1")).await;
        assert_eq!(account.unwrap().is_blocked, expected);
    }
}

/// Security row 24: no user of the pool is an operator, whatever their role allows, and nobody is who did not sign.
#[tokio::test]
async fn only_a_signed_request_of_no_user_is_an_operators() {
    let stage = Stage::new();
    let log = Log::start();
    for (name, _) in events("identity-operator") {
        let mut unsigned = event(&name);
        unsigned["requestContext"]["authorizer"] = json!({});
        let mut nameless = event(&name);
        nameless["requestContext"]["authorizer"]["iam"]["userArn"] = json!("");
        let mut user = event(&name);
        user["requestContext"]["authorizer"]["iam"]["cognitoIdentity"] = json!({
            "amr": ["authenticated"], "identityId": "us-east-1:1", "identityPoolId": IdentityPool::ID,
        });
        for request in [unsigned, nameless, user] {
            stage.ask(request).await.is_problem(403, "not-an-operator");
        }
    }
    assert!(stage.pool.calls().is_empty());
    assert!(items(&stage.tables, TABLE).is_empty());
    stage.ask_for("block").await;
    let lines = log.fields();
    let last = lines.last().unwrap();
    assert_eq!(last["outcome"], "Blocked");
    assert_eq!(
        last["operator"],
        "arn:aws:sts::123456789012:assumed-role/operators/ines"
    );
}

#[tokio::test]
async fn what_is_no_request_is_refused_with_its_reason() {
    let stage = Stage::new();
    let mut elsewhere = event("lookup");
    elsewhere["routeKey"] = "POST /v1/secrets".into();
    stage.ask(elsewhere).await.is_problem(404, "not-found");
    for (name, body) in [
        ("lookup", json!({})),
        ("lookup", json!({"identifier": "customer 1"})),
        ("merge", json!({"source": "shop.p.customer-1"})),
        (
            "unlink",
            json!({"identifier": "shop.p.customer-1", "force": true}),
        ),
        ("block", json!({"identifier": "shop.p.customer-1"})),
    ] {
        let answer = stage.ask(with_body(name, body)).await;
        answer.is_problem(400, "malformed");
    }
}

#[tokio::test]
async fn an_outage_is_the_same_answer_everywhere() {
    let stage = Stage::over(unreachable_client(), Tables::in_memory().unwrap());
    for name in ["lookup", "merge", "unlink", "block"] {
        stage.ask_for(name).await.is_problem(503, "unavailable");
    }
    let stage = Stage::new();
    stage.pool.fail(Some(UNREACHABLE));
    for name in ["lookup", "lookup.identity", "merge", "unlink"] {
        stage.ask_for(name).await.is_problem(503, "unavailable");
    }
}
