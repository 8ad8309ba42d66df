//! The table as it is, changed, throttled, broken or gone.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod answers;

use std::collections::BTreeSet;

use admission::{Blocks, BlocksError, Refusal, Subject, not_blocked};
use embedded_dynamodb::{Tables, cut_at_every_await, unreachable_client};
use function_tests::{create, put};
use serde_json::{Value, json};
use time::OffsetDateTime;

const TABLE: &str = "blocks";

fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
}

fn blocks(items: &[Value]) -> (Tables, Blocks) {
    let tables = Tables::in_memory().unwrap();
    create(&tables, TABLE, &["subject"]);
    for item in items {
        put(&tables, TABLE, item);
    }
    let blocks = Blocks::new(tables.client(), TABLE);
    (tables, blocks)
}

/// Ines, through the app client `c-1`.
fn ines() -> BTreeSet<Subject> {
    let of_ids = [
        Some(Subject::Pool),
        Subject::client("c-1"),
        Subject::user("u-1"),
    ];
    let addresses = ["Ines@Mail.Example.org", "+491701234567"].map(Subject::of_address);
    of_ids
        .into_iter()
        .flatten()
        .chain(addresses.into_iter().flatten())
        .collect()
}

#[tokio::test]
async fn everything_about_somebody_is_found_in_the_order_of_the_decision() {
    for (key, expected) in [
        ("pool", Some(Refusal::PoolBlocked)),
        ("client#c-1", Some(Refusal::ClientBlocked)),
        ("domain#org", Some(Refusal::DomainBlocked)),
        ("domain#example.org", Some(Refusal::DomainBlocked)),
        ("domain#mail.example.org", Some(Refusal::DomainBlocked)),
        (
            "address#ines@mail.example.org",
            Some(Refusal::AddressBlocked),
        ),
        ("address#+491701234567", Some(Refusal::AddressBlocked)),
        ("user#u-1", Some(Refusal::UserBlocked)),
        ("client#c-2", None),
        ("domain#ample.org", None),
        ("domain#other.mail.example.org", None),
        ("address#kim@mail.example.org", None),
        ("address#Ines@Mail.Example.org", None),
        ("user#u-2", None),
    ] {
        let (_tables, blocks) = blocks(&[json!({"subject": {"S": key}})]);
        let found = blocks.look_up(&ines(), now()).await.unwrap();
        assert_eq!(not_blocked(&found, &[]).err(), expected, "{key}");
    }
    let all = [
        "user#u-1",
        "address#ines@mail.example.org",
        "domain#org",
        "client#c-1",
        "pool",
    ];
    let (_tables, blocks) = blocks(&all.map(|key| json!({"subject": {"S": key}})));
    let found = blocks.look_up(&ines(), now()).await.unwrap();
    let kinds: Vec<_> = found
        .iter()
        .map(|block| Refusal::from(&block.subject))
        .collect();
    assert_eq!(
        kinds,
        [
            Refusal::PoolBlocked,
            Refusal::ClientBlocked,
            Refusal::DomainBlocked,
            Refusal::AddressBlocked,
            Refusal::UserBlocked,
        ]
    );
}

#[tokio::test]
async fn a_block_says_when_it_ends_and_whom_it_lets_through() {
    let (_tables, blocks) = blocks(&[
        json!({"subject": {"S": "user#u-1"}, "until": {"N": "1800000000"}, "note": {"S": "for a week"}}),
        json!({"subject": {"S": "client#c-1"}, "until": {"N": "1800000001"}, "exceptGroups": {"SS": ["staff"]}}),
    ]);
    let found = blocks.look_up(&ines(), now()).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(not_blocked(&found, &[]), Err(Refusal::ClientBlocked));
    assert_eq!(not_blocked(&found, &["staff".to_owned()]), Ok(()));
}

#[tokio::test]
async fn a_look_up_can_be_cut_and_repeated() {
    let (_tables, blocks) = blocks(&[json!({"subject": {"S": "pool"}})]);
    let subjects = ines();
    let (found, cuts) = cut_at_every_await(|| blocks.look_up(&subjects, now())).await;
    assert_eq!(found.unwrap().len(), 1);
    assert!(cuts > 0, "there is an await to cut at");
}

#[tokio::test]
async fn the_most_keys_that_one_person_can_have_are_few_enough() {
    let deep = format!("ines@{}example.org", "a.".repeat(100));
    let deeper = format!("kim@{}example.com", "b.".repeat(100));
    let mut subjects = ines();
    for text in [&deep, &deeper, "+491701234567"] {
        subjects.extend(Subject::of_address(text));
    }
    assert!(subjects.len() <= 100, "{}", subjects.len());
    let (_tables, blocks) = blocks(&[json!({"subject": {"S": "domain#a.a.example.org"}})]);
    assert_eq!(blocks.look_up(&subjects, now()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_cannot_be_read_is_an_error() {
    let until = json!({"subject": {"S": "pool"}, "until": {"S": "tomorrow"}});
    let groups = json!({"subject": {"S": "pool"}, "exceptGroups": {"S": "admins"}});
    for item in [until, groups] {
        let (_tables, blocks) = blocks(&[item]);
        let error = blocks.look_up(&ines(), now()).await.unwrap_err();
        assert!(matches!(error, BlocksError::Item(_)), "{error:?}");
    }
    let (tables, _) = blocks(&[]);
    for client in [unreachable_client(), tables.client()] {
        let missing = Blocks::new(client, "another");
        let error = missing.look_up(&ines(), now()).await.unwrap_err();
        assert!(matches!(error, BlocksError::Table(_)), "{error:?}");
        assert_eq!(error.to_string(), "failed to read the blocks");
    }
}

#[tokio::test(start_paused = true)]
async fn keys_that_were_not_processed_are_asked_for_again_and_then_given_up() {
    let unprocessed = json!({
        "Responses": {TABLE: [{"subject": {"S": "client#c-1"}}]},
        "UnprocessedKeys": {TABLE: {"Keys": [{"subject": {"S": "pool"}}], "ConsistentRead": true}},
    });
    let rest = json!({"Responses": {TABLE: [{"subject": {"S": "pool"}}]}, "UnprocessedKeys": {}});
    for (left_out, expected) in [
        (0, Ok(1)),
        (1, Ok(2)),
        (3, Ok(2)),
        (4, Err(())),
        (9, Err(())),
    ] {
        let mut answers = vec![unprocessed.clone(); left_out];
        answers.push(rest.clone());
        let (client, requests) = answers::client(answers);
        let found = Blocks::new(client, TABLE).look_up(&ines(), now()).await;
        match (found, expected) {
            (Ok(found), Ok(count)) => assert_eq!(found.len(), count, "{left_out}"),
            (Err(BlocksError::Unprocessed), Err(())) => {}
            (found, _) => panic!("{left_out}: {found:?}"),
        }
        let requests = requests.lock().unwrap();
        assert_eq!(requests.len(), (left_out + 1).min(4));
        for (index, request) in requests.iter().enumerate() {
            let asked = &request["RequestItems"][TABLE];
            assert_eq!(asked["ConsistentRead"], true, "request {index}");
            let keys = asked["Keys"].as_array().unwrap().len();
            assert_eq!(keys, if index == 0 { ines().len() } else { 1 });
        }
    }
}

#[tokio::test]
async fn the_operators_note_is_not_read() {
    let (client, requests) = answers::client(vec![json!({"Responses": {}})]);
    Blocks::new(client, TABLE)
        .look_up(&ines(), now())
        .await
        .unwrap();
    let requests = requests.lock().unwrap();
    let names = &requests[0]["RequestItems"][TABLE]["ExpressionAttributeNames"];
    let read: BTreeSet<_> = names
        .as_object()
        .unwrap()
        .values()
        .map(|name| name.as_str().unwrap())
        .collect();
    assert_eq!(read, BTreeSet::from(["exceptGroups", "subject", "until"]));
}
