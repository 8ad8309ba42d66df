//! Every event of this trigger, answered with the same table. A new file in `events/` needs no new code here.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

#[expect(dead_code, reason = "here the pool never fails")]
mod pool;
mod table;

use entrypoint::{Env, Failure, answer};
use function_tests::events;
use pre_authentication::{Config, Outside, handle};
use serde_json::{Value, json};

use pool::{Pool, with_groups};
use table::{TABLE, blocks, now};

#[tokio::test]
async fn every_event_has_its_answer() {
    for account_refusals in ["after-password", "before-password"] {
        let config = Config::from_env(Env::of_pairs([
            ("BLOCKS_TABLE", TABLE),
            ("SIGN_IN_WITH", "email"),
            ("ACCOUNT_REFUSALS", account_refusals),
            ("REQUIRE_VERIFIED", "email"),
        ]))
        .unwrap();
        let (_tables, blocks) = blocks(&[
            json!({"subject": {"S": "domain#blocked.example"}, "note": {"S": "since March"}}),
            json!({"subject": {"S": "client#4q2n8v0c6t1m9s3k5r7p2d8f0h"}, "exceptGroups": {"SS": ["members"]}}),
        ]);
        let (groups, _calls) = Pool::start(with_groups(&["members"]));
        let outside = Outside { blocks, groups };
        for (name, event) in events("pre-authentication") {
            let answer = answer(&event, |event| handle(event, &config, &outside, now())).await;
            let answer: Value = match answer {
                Ok(event) => serde_json::from_str(event.get()).unwrap(),
                Err(Failure::Refused { reason, text }) => json!({"refused": reason, "shown": text}),
                Err(Failure::Internal(cause)) => panic!("{name}: {cause}"),
            };
            insta::assert_json_snapshot!(format!("{account_refusals}__{name}"), answer);
        }
    }
}
