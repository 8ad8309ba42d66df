//! A DynamoDB that says what a test tells it to, for answers that a healthy table does not give.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::Client;
use function_tests::service;
use serde_json::Value;

/// The requests that arrived.
pub(crate) type Requests = Arc<Mutex<Vec<Value>>>;

/// A client that gets these answers, one after the other.
pub(crate) fn client(answers: Vec<Value>) -> (Client, Requests) {
    let requests = Requests::default();
    let arrived = requests.clone();
    let connection = service(move |_, request| {
        let mut arrived = arrived.lock().unwrap();
        arrived.push(request);
        Ok(answers[arrived.len() - 1].clone())
    });
    (Client::new(&connection), requests)
}
