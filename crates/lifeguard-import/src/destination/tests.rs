use std::path::Path;

use embedded_dynamodb::{Tables, cut_at_every_await, throttled_client, unreachable_client};
use function_tests::{create, items, put as put_row};
use legacy_users::{LegacyName, State};
use serde_json::{Value, json};

use super::*;

fn user(name: &str) -> LegacyUser {
    LegacyUser {
        name: LegacyName::normalised(name).unwrap(),
        hash: None,
        attributes: [("email".to_owned(), name.to_owned())].into(),
        verified: Default::default(),
        membership: None,
        cohort: None,
        import: None,
        state: State::Waiting,
    }
}

fn place(number: u64) -> Place {
    Place {
        number,
        file: Path::new("users").into(),
        line: number,
    }
}

/// Users of these names, numbered from there.
fn chunk(first: u64, names: &[&str]) -> Vec<(Place, Result<LegacyUser, Reject>)> {
    let users = (first..).zip(names);
    users
        .map(|(number, name)| (place(number), Ok(user(name))))
        .collect()
}

fn table() -> Tables {
    let tables = Tables::in_memory().unwrap();
    create(&tables, "legacy", &["user"]);
    tables
}

fn run(tables: &Tables, run: &str) -> Destination {
    Destination::new(tables.client(), "legacy", run)
}

async fn write(
    destination: &Destination,
    chunk: Vec<(Place, Result<LegacyUser, Reject>)>,
) -> Vec<Result<Written, Reject>> {
    let outcomes = destination.write(chunk).await.unwrap();
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

fn row(user: &str, import: &str) -> Value {
    json!({
        "user": {"S": user}, "state": {"S": "waiting"}, "import": {"S": import}, "attributes": {"M": {"email": {"S": user}}},
    })
}

const WRITTEN: Result<Written, Reject> = Ok(Written::Written);
const KEPT: Result<Written, Reject> = Ok(Written::Kept);
const DUPLICATE: Result<Written, Reject> = Err(Reject::Duplicate);

#[tokio::test]
async fn users_are_written_with_their_run_and_number() {
    let tables = table();
    let mut chunk = chunk(7, &["ines", "jan"]);
    chunk.insert(1, (place(9), Err(Reject::Blocked)));
    let outcomes = write(&run(&tables, "run-1"), chunk).await;
    assert_eq!(outcomes, [WRITTEN, Err(Reject::Blocked), WRITTEN]);
    let mut rows = items(&tables, "legacy");
    rows.sort_by_key(|row| row["user"].to_string());
    assert_eq!(rows, [row("ines", "run-1#7"), row("jan", "run-1#8")]);
}

#[tokio::test]
async fn the_same_again_changes_nothing_and_another_record_is_a_duplicate() {
    let tables = table();
    let first = run(&tables, "run-1");
    assert_eq!(write(&first, chunk(1, &["ines"])).await, [WRITTEN]);
    assert_eq!(write(&first, chunk(1, &["ines"])).await, [WRITTEN]);
    assert_eq!(write(&first, chunk(2, &["ines"])).await, [DUPLICATE]);
    assert_eq!(items(&tables, "legacy"), [row("ines", "run-1#1")]);
    // A name that is the beginning of another run's.
    assert_eq!(
        write(&run(&tables, "run-"), chunk(2, &["ines"])).await,
        [WRITTEN]
    );
    assert_eq!(
        write(&run(&tables, "run-2"), chunk(2, &["ines"])).await,
        [WRITTEN]
    );
    assert_eq!(items(&tables, "legacy"), [row("ines", "run-2#2")]);
}

#[tokio::test]
async fn whoever_has_moved_or_must_not_stays_as_they_are() {
    let tables = table();
    for (name, state) in [
        ("ines", "migrated"),
        ("jan", "deleted"),
        ("tombstone#mia", ""),
    ] {
        let mut row = json!({"user": {"S": name}, "migratedAt": {"N": "1763755200"}});
        if !state.is_empty() {
            row["state"] = json!({"S": state});
        }
        put_row(&tables, "legacy", &row);
    }
    put_row(&tables, "legacy", &json!({"user": {"S": "tom"}}));
    put_row(
        &tables,
        "legacy",
        &json!({"user": {"S": "eva"}, "import": {"S": "an older run"}}),
    );
    let before = items(&tables, "legacy").len();

    let users = chunk(1, &["ines", "jan", "mia", "tom", "eva"]);
    let outcomes = write(&run(&tables, "run-1"), users).await;
    assert_eq!(outcomes, [KEPT, KEPT, KEPT, WRITTEN, WRITTEN]);
    assert_eq!(
        items(&tables, "legacy").len(),
        before,
        "mia is not written again"
    );
}

#[tokio::test]
async fn what_the_table_does_not_take_stops_nobody_else() {
    let tables = table();
    let mut chunk = chunk(1, &["ines", "jan"]);
    let too_great = AttributeValue::N("1e300".to_owned());
    if let Ok(user) = &mut chunk[0].1 {
        user.membership = Some([("claims".to_owned(), too_great)].into());
    }
    let outcomes = write(&run(&tables, "run-1"), chunk).await;
    assert_eq!(outcomes, [Err(Reject::NotTaken), WRITTEN]);
}

#[tokio::test]
async fn a_table_with_other_keys_is_not_the_users_fault() {
    let tables = Tables::in_memory().unwrap();
    create(&tables, "legacy", &["subject"]);
    let error = run(&tables, "run-1")
        .write(chunk(1, &["ines"]))
        .await
        .unwrap_err();
    assert_eq!(error.source.to_string(), "ValidationException");
}

#[tokio::test]
async fn a_chunk_that_was_cut_anywhere_leaves_what_one_leaves() {
    let tables = table();
    let destination = run(&tables, "run-1");
    let (outcomes, cuts) =
        cut_at_every_await(|| write(&destination, chunk(1, &["ines", "jan"]))).await;
    assert_eq!(outcomes, [WRITTEN, WRITTEN]);
    assert!(cuts > 2, "{cuts}");
    let mut rows = items(&tables, "legacy");
    rows.sort_by_key(|row| row["user"].to_string());
    assert_eq!(rows, [row("ines", "run-1#1"), row("jan", "run-1#2")]);
}

#[tokio::test(start_paused = true)]
async fn a_table_that_nobody_reaches_is_given_up_soon() {
    let destination = Destination::new(unreachable_client(), "legacy", "run-1");
    let error = destination.write(chunk(1, &["ines"])).await.unwrap_err();
    assert_eq!(error.to_string(), "failed to read the tombstones");
    assert_eq!(error.source.to_string(), "failed to reach the service");
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_throttled_is_waited_for() {
    let destination = Destination::new(throttled_client(), "legacy", "run-1");
    destination.has_answered.store(true, Ordering::Relaxed);
    let begun = tokio::time::Instant::now();
    let error = destination.write(chunk(1, &["ines"])).await.unwrap_err();
    assert_eq!(
        error.source.to_string(),
        "ProvisionedThroughputExceededException"
    );
    assert!(
        begun.elapsed() > Duration::from_secs(60),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn what_another_attempt_does_not_change_is_said_at_once() {
    let destination = run(&Tables::in_memory().unwrap(), "run-1");
    let error = destination.write(chunk(1, &["ines"])).await.unwrap_err();
    assert_eq!(error.source.to_string(), "ResourceNotFoundException");
}

#[test]
fn pauses_grow_up_to_a_limit() {
    for (attempts, longest) in [(0, 50), (1, 100), (3, 400), (30, 5_000)] {
        let longest = Duration::from_millis(longest);
        for _ in 0..100 {
            let pause = pause(attempts);
            assert!(
                longest / 2 <= pause && pause <= longest,
                "{attempts}: {pause:?}"
            );
        }
    }
}
