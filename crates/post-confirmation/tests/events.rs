//! Every event of this trigger, answered with the same tables and pool. A new file in `events/` needs no new code here.

mod tables;

use aws_sdk_cognitoidentityprovider::Client;
use entrypoint::{Env, answer};
use function_tests::{GroupPool, events, items};
use post_confirmation::{Config, Outside, handle};
use serde_json::{Value, json};
use time::OffsetDateTime;

use tables::{DEFAULT_GROUPS, INVITATIONS, PROFILES, tables};

#[tokio::test]
async fn every_event_has_its_answer() {
    let config = Config::from_env(Env::of_pairs([
        ("PROFILES_TABLE", PROFILES),
        ("DEFAULT_GROUPS_TABLE", DEFAULT_GROUPS),
        ("INVITATIONS_TABLE", INVITATIONS),
        ("SIGN_OUT_ON_PASSWORD_RESET", "true"),
    ]))
    .unwrap();
    for (name, event) in events("post-confirmation") {
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
        let pool = GroupPool::with_groups(["colleagues", "members", "readers"]);
        let outside = Outside::new(tables.client(), Client::new(&pool.connection()), &config);
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
        insta::assert_json_snapshot!(name, left);
    }
}
