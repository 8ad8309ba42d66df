//! Every event of the three triggers, answered with the same tables. A new file in `events/` needs no new code here.

use custom_challenge::{create, define, verify};
use entrypoint::answer;
use function_tests::events;
use serde_json::Value;

use crate::stage::*;

#[tokio::test]
async fn every_event_has_its_answer() {
    for trigger in [
        "define-auth-challenge",
        "create-auth-challenge",
        "verify-auth-challenge-response",
    ] {
        for (name, event) in events(trigger) {
            let stage = Stage::new("email-code|totp");
            let Stage {
                define,
                create,
                verify,
                config,
                ..
            } = &stage;
            let answered = match trigger {
                "define-auth-challenge" => {
                    answer(&event, |event| define::handle(event, define, now())).await
                }
                "create-auth-challenge" => {
                    answer(&event, |event| create::handle(event, config, create, now())).await
                }
                _ => answer(&event, |event| verify::handle(event, verify, now())).await,
            };
            let answered: Value = serde_json::from_str(answered.unwrap().get()).unwrap();
            insta::assert_json_snapshot!(name, answered);
        }
    }
}
