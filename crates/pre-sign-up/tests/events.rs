//! Every event of this trigger, answered with the same table. A new file in `events/` needs no new code here.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod table;

use entrypoint::{Failure, answer};
use function_tests::events;
use pre_sign_up::handle;
use serde_json::{Value, json};

use table::{config, invitations, now, outside};

#[tokio::test]
async fn every_event_has_its_answer() {
    let config = config();
    for (name, event) in events("pre-sign-up") {
        // A table of its own, so that no event uses up another's invitation.
        let (_tables, invitations) = invitations(&[
            json!({"code": {"S": "SPRING-7741"}, "domain": {"S": "example.org"}}),
            json!({"code": {"S": "FOR-INES-0412"}, "email": {"S": "ines.falk@example.org"}}),
        ]);
        let outside = outside(&invitations);
        let answer = answer(&event, |event| handle(event, &config, &outside, now())).await;
        let answer: Value = match answer {
            Ok(event) => serde_json::from_str(event.get()).unwrap(),
            Err(Failure::Refused { reason, text }) => json!({"refused": reason, "shown": text}),
            Err(Failure::Internal(cause)) => panic!("{name}: {cause}"),
        };
        insta::assert_json_snapshot!(name, answer);
    }
}
