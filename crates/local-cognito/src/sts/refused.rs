//! What STS answers when it refuses: names, HTTP status and texts as AWS has them. Marks as in `error`.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{VERSION, element};
use crate::ids;

/// A refusal of STS.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error("Not authorized to perform sts:AssumeRoleWithWebIdentity")] // W
    AccessDenied,
    #[error("{0}")]
    InvalidIdentityToken(String),
    #[error(
        "Token expired: current date/time {now} must be before the expiration date/time {expired}"
    )] // W
    ExpiredToken { now: i64, expired: i64 },
    #[error(
        "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements"
    )]
    // W
    IdpCommunication,
    #[error("{0}")]
    MalformedPolicyDocument(String),
    #[error("Packed size of session tags consumes {percent}% of allotted space.")] // W
    PackedPolicyTooLarge { percent: usize },
    #[error("{0}")]
    Validation(String),
    #[error("Could not find operation {0} for version 2011-06-15")] // W
    InvalidAction(String),
}

impl Refused {
    /// A member that does not satisfy its constraint; the general form of AWS's own model checks.
    pub(super) fn constraint(value: &str, member: &str, problem: &str) -> Self {
        let value = match value {
            "" => "null".to_owned(),
            value => format!("'{value}'"),
        };
        Self::Validation(format!(
            "1 validation error detected: Value {value} at '{member}' failed to satisfy constraint: {problem}"
        ))
    }

    fn name(&self) -> (&'static str, StatusCode) {
        use StatusCode as Status;
        match self {
            Self::AccessDenied => ("AccessDenied", Status::FORBIDDEN),
            Self::InvalidIdentityToken(_) => ("InvalidIdentityToken", Status::BAD_REQUEST),
            Self::ExpiredToken { .. } => ("ExpiredTokenException", Status::BAD_REQUEST),
            Self::IdpCommunication => ("IDPCommunicationError", Status::BAD_REQUEST),
            Self::MalformedPolicyDocument(_) => ("MalformedPolicyDocument", Status::BAD_REQUEST),
            Self::PackedPolicyTooLarge { .. } => ("PackedPolicyTooLarge", Status::BAD_REQUEST),
            Self::Validation(_) => ("ValidationError", Status::BAD_REQUEST),
            Self::InvalidAction(_) => ("InvalidAction", Status::BAD_REQUEST),
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (name, status) = self.name();
        response(name, status, &self.to_string())
    }
}

/// A refusal as the query protocol sends it.
pub(super) fn response(name: &str, status: StatusCode, message: &str) -> Response {
    let (code, message) = (element("Code", name), element("Message", message));
    let fault = match status.is_server_error() {
        true => "Receiver",
        false => "Sender",
    };
    let request_id = ids::uuid();
    let body = format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/{VERSION}/\"><Error><Type>{fault}</Type>{code}{message}</Error>\
         <RequestId>{request_id}</RequestId></ErrorResponse>"
    );
    (status, [(header::CONTENT_TYPE, "text/xml")], body).into_response()
}
