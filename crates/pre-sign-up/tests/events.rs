//! Every event of this trigger, answered with the same table. A new file in `events/` needs no new code here.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod table;

use std::fs;
use std::path::Path;

use entrypoint::{Failure, answer};
use pre_sign_up::handle;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use table::{config, invitations, now, outside};

#[tokio::test]
async fn every_event_has_its_answer() {
    let config = config();
    let files = fs::read_dir(Path::new(EVENTS)).unwrap();
    let mut events: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    events.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    assert!(!events.is_empty(), "no events in {EVENTS}");
    for path in events {
        // A table of its own, so that no event uses up another's invitation.
        let (_tables, invitations) = invitations(&[
            json!({"code": {"S": "SPRING-7741"}, "domain": {"S": "example.org"}}),
            json!({"code": {"S": "FOR-INES-0412"}, "email": {"S": "ines.falk@example.org"}}),
        ]);
        let event: Box<RawValue> =
            serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let outside = outside(&invitations);
        let answer = answer(&event, |event| handle(event, &config, &outside, now())).await;
        let answer: Value = match answer {
            Ok(event) => serde_json::from_str(event.get()).unwrap(),
            Err(Failure::Refused { reason, text }) => json!({"refused": reason, "shown": text}),
            Err(Failure::Internal(cause)) => panic!("{}: {cause}", path.display()),
        };
        insta::assert_json_snapshot!(path.file_stem().unwrap().to_str().unwrap(), answer);
    }
}

const EVENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../events/pre-sign-up");
