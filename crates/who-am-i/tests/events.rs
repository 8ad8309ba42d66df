//! Every request to this function, answered. A new file in `events/` needs no new code here.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use aws_lambda_events::encodings::Body;
use entrypoint::answer_http;
use function_tests::events;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};
use who_am_i::{handle, unavailable};

#[tokio::test]
async fn every_event_has_its_answer() {
    for (name, event) in events("who-am-i") {
        insta::assert_json_snapshot!(name, answer(&event).await);
    }
}

/// The headers are the caller's own words; what the API has verified stands elsewhere.
#[tokio::test]
async fn nobody_is_whom_a_header_names() {
    for name in ["token", "credentials"] {
        let mut event: Value = serde_json::from_str(event(name).get()).unwrap();
        for authorizer in [json!(null), json!({}), json!({"lambda": {"sub": "u-1"}})] {
            event["requestContext"]["authorizer"] = authorizer;
            let refused = answer(&to_raw_value(&event).unwrap()).await;
            let status = refused["status"].as_i64();
            assert!(matches!(status, Some(401 | 403)), "{name}: {refused}");
        }
    }
}

#[tokio::test]
async fn a_route_that_it_does_not_know_and_a_request_of_another_form_have_answers() {
    let mut event: Value = serde_json::from_str(event("token").get()).unwrap();
    event["routeKey"] = "GET /v1/other".into();
    let refused = answer(&to_raw_value(&event).unwrap()).await;
    assert_eq!(refused["code"], "not-found");
    let refused = answer(&to_raw_value("no request").unwrap()).await;
    assert_eq!(refused["code"], "unavailable");
}

fn event(name: &str) -> Box<RawValue> {
    let mut events = events("who-am-i").into_iter();
    events.find(|(found, _)| found == name).unwrap().1
}

/// The body, with the status.
async fn answer(event: &RawValue) -> Value {
    let handle = |request: ApiGatewayV2httpRequest| handle(request);
    let response = answer_http(event, handle, unavailable).await;
    assert_eq!(response.headers["cache-control"], "no-store");
    let Some(Body::Text(body)) = response.body else {
        panic!("no body")
    };
    let mut body: Value = serde_json::from_str(&body).unwrap();
    body["status"] = response.status_code.into();
    body
}
