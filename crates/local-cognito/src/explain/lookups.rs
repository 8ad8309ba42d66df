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
    /// As the request names it, such as `DynamoDB_20120810.GetItem`.
    target: String,
    /// The tables and parameters that it names. Keys are left out: they are about a person.
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
    let target = request.headers().get("x-amz-target");
    let Some(target) = target.and_then(|target| target.to_str().ok()) else {
        return next.run(request).await;
    };
    let target = target.to_owned();
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_REQUEST_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let mut named = BTreeSet::new();
    if let Ok(content) = serde_json::from_slice(&body) {
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

/// The tables and parameters that a request names, at whatever depth.
fn collect(content: &Value, named: &mut BTreeSet<String>) {
    match content {
        Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), member) {
                    // `Name` is a parameter's, in Systems Manager's requests; DynamoDB's have none.
                    ("TableName" | "Name", Value::String(text)) => {
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
        for (request, expected) in [
            (batch, "blocks"),
            (transaction, "profiles"),
            (parameter, "/captcha/secret"),
        ] {
            let mut named = BTreeSet::new();
            collect(&request, &mut named);
            assert_eq!(named, BTreeSet::from([expected.to_owned()]));
        }
    }
}
