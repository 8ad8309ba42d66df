//! JSON to a request, and a failure to JSON. `dynoxide` does this in its HTTP server only, which this crate goes without.

use dynoxide::DynoxideError;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Reads the request, calls, and writes the response.
pub(crate) fn call<Request, Response>(
    body: &[u8],
    call: impl FnOnce(Request) -> dynoxide::Result<Response>,
) -> Result<Vec<u8>, Failure>
where
    Request: DeserializeOwned,
    Response: Serialize,
{
    let request = serde_json::from_slice(body).map_err(|error| unreadable(&error.to_string()))?;
    let response = call(request)?;
    serde_json::to_vec(&response)
        .map_err(|error| DynoxideError::InternalServerError(error.to_string()).into())
}

/// Why a request has no response.
pub(crate) enum Failure {
    /// DynamoDB has no such operation, or these tables have not.
    UnknownOperation,
    /// The operation failed, in DynamoDB's own words.
    Operation(DynoxideError),
}

impl From<DynoxideError> for Failure {
    fn from(error: DynoxideError) -> Self {
        Self::Operation(error)
    }
}

impl Failure {
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::UnknownOperation => 400,
            Self::Operation(error) => error.status_code(),
        }
    }

    pub(crate) fn body(&self) -> String {
        match self {
            Self::UnknownOperation => {
                r#"{"__type":"com.amazon.coral.service#UnknownOperationException"}"#.to_owned()
            }
            Self::Operation(error) => error.to_json(),
        }
    }
}

/// `dynoxide`'s requests check themselves while they are read, and mark in serde's text which exception it is to become.
fn unreadable(text: &str) -> DynoxideError {
    // serde appends where in the body it stood.
    let message = text.rfind(" at line ").map_or(text, |place| &text[..place]);
    if let Some(message) = message.strip_prefix("VALIDATION_REQUEST:") {
        // Only the single-item writes mark this way, and all three wrap it so.
        DynoxideError::ValidationException(format!("1 validation error detected: {message}"))
    } else if let Some(message) = message
        .strip_prefix("VALIDATION:")
        .or_else(|| message.strip_prefix("VALIDATION_AS_READ:"))
    {
        DynoxideError::ValidationException(message.to_owned())
    } else if let Some(message) = message
        .strip_prefix("SERIALIZATION:")
        .or_else(|| message.strip_prefix("SERIALIZATION_AS_READ:"))
    {
        DynoxideError::SerializationException(message.to_owned())
    } else if [
        "missing field",
        "unknown variant",
        "invalid type: null",
        "AttributeValue",
    ]
    .iter()
    .any(|part| message.contains(part))
    {
        DynoxideError::ValidationException(message.to_owned())
    } else {
        DynoxideError::SerializationException(message.to_owned())
    }
}
