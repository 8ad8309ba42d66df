//! Every event of this trigger, answered with the same tables and pool. A new file in `events/` needs no new code here.

mod tables;
mod user_pool;

use std::fs;
use std::path::Path;

use entrypoint::{Env, answer};
use post_confirmation::{Config, Outside, handle};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use time::OffsetDateTime;

use tables::{DEFAULT_GROUPS, INVITATIONS, PROFILES, items, tables};
use user_pool::UserPool;

#[tokio::test]
async fn every_event_has_its_answer() {
    let config = Config::from_env(Env::of_pairs([
        ("PROFILES_TABLE", PROFILES),
        ("DEFAULT_GROUPS_TABLE", DEFAULT_GROUPS),
        ("INVITATIONS_TABLE", INVITATIONS),
        ("SIGN_OUT_ON_PASSWORD_RESET", "true"),
    ]))
    .unwrap();
    let files = fs::read_dir(Path::new(EVENTS)).unwrap();
    let mut events: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    events.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    assert!(!events.is_empty(), "no events in {EVENTS}");
    for path in events {
        let tables = tables([
            (
                DEFAULT_GROUPS,
                json!({"rule": {"S": "everyone"}, "groups": {"SS": ["members"]}}),
            ),
            (
                DEFAULT_GROUPS,
                json!({"rule": {"S": "client#4q2n8v0c6t1m9s3k5r7p2d8f0h"}, "groups": {"L": [{"S": "readers"}]}}),
            ),
            (
                DEFAULT_GROUPS,
                json!({"rule": {"S": "domain#example.org"}, "groups": {"SS": ["colleagues"]}}),
            ),
        ]);
        let pool = UserPool::with_groups(["colleagues", "members", "readers"]);
        let outside = Outside::new(tables.client(), pool.client(), &config);
        let event: Box<RawValue> =
            serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        // 2027-01-15, 08:00 UTC.
        let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
        let answer = answer(&event, |event| handle(event, &config, &outside, now))
            .await
            .unwrap();
        let answer: Value = serde_json::from_str(answer.get()).unwrap();
        let left = json!({
            "answer": answer,
            "pool": pool.done(),
            "profiles": items(&tables, PROFILES),
        });
        insta::assert_json_snapshot!(path.file_stem().unwrap().to_str().unwrap(), left);
    }
}

const EVENTS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../events/post-confirmation"
);
