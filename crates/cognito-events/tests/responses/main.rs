//! Responses, as Cognito reads them: what we write, what the stand-in refuses to read, and what `Debug` hides.

#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

#[path = "../event_files/mod.rs"]
mod event_files;
mod read;
mod written;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A claim of a type without a default, which no claim needs.
#[derive(Debug, Serialize, Deserialize)]
struct Claim(Value);

fn read_again<Response: DeserializeOwned + Serialize>(
    response: &Value,
) -> Result<Value, serde_json::Error> {
    serde_json::to_value(serde_json::from_str::<Response>(&response.to_string())?)
}
