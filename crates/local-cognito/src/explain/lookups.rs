//! What a function asks of the outside while it decides.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// The most that is read of a request: DynamoDB's 16 MB for a batch.
const LARGEST_REQUEST_BYTES: usize = 16 * 1024 * 1024;

/// The requests that were made, in their order.
#[derive(Clone, Default)]
pub(super) struct Lookups(Arc<Mutex<Vec<Lookup>>>);

/// One request to AWS.
pub(super) struct Lookup {
    /// As the request names it, such as `DynamoDB_20120810.GetItem`, or as it would if it were of the JSON protocol.
    target: String,
    /// The tables, parameters, keys of KMS and functions that it names. Keys of items are left out: they are about a person.
    named: BTreeSet<String>,
    status: StatusCode,
    took: Duration,
}

impl Lookups {
    /// The routes, each request to AWS noted.
    pub(super) fn noted(&self, routes: Router) -> Router {
        routes.layer(from_fn_with_state(self.clone(), note))
    }

    /// A line for each request. `name` turns a table's name into the one that the template has for it.
    pub(super) fn lines(&self, name: impl Fn(&str) -> String) -> Vec<String> {
        let lookups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let line = |lookup: &Lookup| {
            let (service, operation) = lookup.target.rsplit_once('.').unwrap_or_default();
            let service = match service {
                "AWSCognitoIdentityProviderService" => "cognito-idp",
                "DynamoDB_20120810" => "dynamodb",
                "AmazonSSM" => "ssm",
                "PinpointSMSVoiceV2" => "sms-voice",
                "TrentService" => "kms",
                other => other,
            };
            let named: Vec<String> = lookup.named.iter().map(|named| name(named)).collect();
            let took = lookup.took.as_secs_f64() * 1_000.0;
            let (named, status) = (named.join(", "), lookup.status.as_u16());
            format!("{service} {operation} {named}   status {status}, {took:.1} ms")
        };
        lookups.iter().map(line).collect()
    }
}

async fn note(State(lookups): State<Lookups>, request: Request, next: Next) -> Response {
    let Some((target, function)) = asked(&request) else {
        return next.run(request).await;
    };
    let is_json = request.headers().contains_key(TARGET);
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_REQUEST_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let mut named = BTreeSet::from_iter(function);
    // What is sent to people and functions names nothing of AWS.
    if is_json && let Ok(content) = serde_json::from_slice(&body) {
        collect(&content, &mut named);
    }
    let started = Instant::now();
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    let lookup = Lookup {
        target,
        named,
        status: response.status(),
        took: started.elapsed(),
    };
    let mut made = lookups.0.lock().unwrap_or_else(PoisonError::into_inner);
    made.push(lookup);
    response
}

const TARGET: &str = "x-amz-target";

/// What a request asks of AWS, and of which function; `None` if it is for the stand-in itself, as those of the Runtime API are.
fn asked(request: &Request) -> Option<(String, Option<String>)> {
    let header = |name: &str| request.headers().get(name)?.to_str().ok();
    if let Some(target) = header(TARGET) {
        return Some((target.to_owned(), None));
    }
    let path = request.uri().path();
    let function = path.strip_prefix("/2015-03-31/functions/");
    if let Some(function) = function.and_then(|rest| rest.strip_suffix("/invocations")) {
        return Some(("lambda.Invoke".to_owned(), Some(function.to_owned())));
    }
    let is_form = header("content-type") == Some("application/x-www-form-urlencoded");
    let target = match path {
        "/v2/email/outbound-emails" => "ses.SendEmail",
        "/" if is_form => "sns.Publish",
        _ => return None,
    };
    Some((target.to_owned(), None))
}

/// What of AWS a request names, at whatever depth.
fn collect(content: &Value, named: &mut BTreeSet<String>) {
    match content {
        Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), member) {
                    // `Name` is a parameter's, in Systems Manager's requests; DynamoDB's have none.
                    ("TableName" | "Name" | "KeyId", Value::String(text)) => {
                        named.insert(text.clone());
                    }
                    ("RequestItems", Value::Object(tables)) => named.extend(tables.keys().cloned()),
                    ("TransactItems", items) => collect(items, named),
                    // An item's own attributes can have any name.
                    ("Item" | "Key" | "ExpressionAttributeValues", _) => {}
                    (_, member) => collect(member, named),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, named)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tables_and_parameters_are_named_and_persons_are_not() {
        let batch = json!({"RequestItems": {"blocks": {"Keys": [{"subject": {"S": "address#ines@example.org"}}]}}});
        let transaction = json!({"TransactItems": [{"Put": {"TableName": "profiles", "Item": {"TableName": {"S": "ines"}}}}]});
        let parameter = json!({"Name": "/captcha/secret", "WithDecryption": true});
        let key = json!({"KeyId": "alias/codes", "Message": "aW5lcw=="});
        for (request, expected) in [
            (batch, "blocks"),
            (transaction, "profiles"),
            (parameter, "/captcha/secret"),
            (key, "alias/codes"),
        ] {
            let mut named = BTreeSet::new();
            collect(&request, &mut named);
            assert_eq!(named, BTreeSet::from([expected.to_owned()]));
        }
    }

    #[test]
    fn every_protocol_says_what_is_asked() {
        let request = |path: &str, (name, value): (&str, &str)| {
            let request = Request::post(path).header(name, value);
            asked(&request.body(Body::empty()).unwrap())
        };
        let of = |target: &str, function: Option<&str>| {
            Some((target.to_owned(), function.map(str::to_owned)))
        };
        let invoke = "/2015-03-31/functions/ChallengeSender/invocations";
        let form = ("content-type", "application/x-www-form-urlencoded");
        let json = ("content-type", "application/json");
        for (path, header, expected) in [
            (
                "/",
                (TARGET, "TrentService.GenerateMac"),
                of("TrentService.GenerateMac", None),
            ),
            (invoke, json, of("lambda.Invoke", Some("ChallengeSender"))),
            ("/v2/email/outbound-emails", json, of("ses.SendEmail", None)),
            ("/", form, of("sns.Publish", None)),
            ("/", json, None),
            ("/.rt/1/2018-06-01/runtime/invocation/next", json, None),
        ] {
            assert_eq!(request(path, header), expected, "{path}");
        }
    }
}
