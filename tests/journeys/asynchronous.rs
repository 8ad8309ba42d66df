//! Events that nobody waits for, by the AWS SDK.

use aws_sdk_lambda::error::ProvideErrorMetadata;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use serde_json::{Value, json};
use tests::stand_in::StandIn;

use crate::idp::template;

#[tokio::test]
async fn an_event_comes_three_times_and_goes_to_the_dead_letter_queue() {
    let stand_in = StandIn::start(&["--template", &template("services.yaml")]);
    let invoke = |name: &str, event: String| {
        let invoke = stand_in.lambda().invoke().function_name(name);
        invoke
            .invocation_type(InvocationType::Event)
            .payload(Blob::new(event))
            .send()
    };
    let event = json!({ "do": "refuse", "text": "no" }).to_string();
    let taken = invoke("Misbehaving", event.clone()).await.unwrap();
    assert_eq!((taken.status_code(), taken.function_error()), (202, None));
    for pause in [60, 120] {
        assert!(stand_in.logs(&format!("it comes again in {pause} s")));
        assert_eq!(stand_in.get("dead-letters"), json!([]));
        stand_in.advance_clock(pause);
    }
    assert!(stand_in.logs("failed for good"));
    let letters = stand_in.get("dead-letters");
    assert_eq!(letters.as_array().map(Vec::len), Some(1));
    assert_eq!(letters[0]["target"], *stand_in.output("FailedQueueArn"));
    assert_eq!(letters[0]["body"], event);
    assert_eq!(letters[0]["attributes"]["ErrorMessage"], "no");

    let unknown = invoke("Nobody", event).await.unwrap_err();
    assert_eq!(unknown.code(), Some("ResourceNotFoundException"));
    let long = Value::from("x".repeat(1_048_576)).to_string();
    let long = invoke("Misbehaving", long).await.unwrap_err();
    assert_eq!(long.code(), Some("RequestTooLargeException"));
}
