//! Every event of this trigger, answered with the same table and pool. A new file in `events/` needs no new code here.

mod table;

use aws_sdk_cognitoidentityprovider::Client;
use entrypoint::{Env, answer};
use function_tests::{GroupPool, events, items};
use post_authentication::{Config, Outside, handle};
use serde_json::{Value, json};
use time::OffsetDateTime;

use table::{PROFILES, profiles};

#[tokio::test]
async fn every_event_has_its_answer() {
    let config = Config::from_env(Env::of_pairs([("PROFILES_TABLE", PROFILES)])).unwrap();
    for (name, event) in events("post-authentication") {
        let tables = profiles([]);
        let pool = GroupPool::with_groups([]);
        let outside = Outside::new(tables.client(), Client::new(&pool.connection()), &config);
        // 2027-01-15, 08:00 UTC.
        let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
        let answer = answer(&event, |event| handle(event, &config, &outside, now))
            .await
            .unwrap();
        let answer: Value = serde_json::from_str(answer.get()).unwrap();
        let left =
            json!({"answer": answer, "pool": pool.done(), "profiles": items(&tables, PROFILES)});
        insta::assert_json_snapshot!(name, left);
    }
}
