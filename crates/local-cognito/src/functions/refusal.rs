use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::InvokeError;

/// An error of Lambda's API. Bodies as seen from AWS: `Type` and `Message`, and the name in `x-amzn-ErrorType`.
pub(super) struct Refusal {
    status: StatusCode,
    error_type: &'static str,
    /// Whose fault it is, in Lambda's words: `User` or `Service`.
    fault: &'static str,
    message: String,
}

impl Refusal {
    pub(super) fn of_user(status: StatusCode, error_type: &'static str, message: String) -> Self {
        Self {
            status,
            error_type,
            fault: "User",
            message,
        }
    }
}

impl From<InvokeError> for Refusal {
    fn from(error: InvokeError) -> Self {
        let message = error.to_string();
        match error {
            InvokeError::NotFound { .. } => {
                Self::of_user(StatusCode::NOT_FOUND, "ResourceNotFoundException", message)
            }
            InvokeError::CouldNotStart(_) | InvokeError::ShuttingDown => Self {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                error_type: "ServiceException",
                fault: "Service",
                message,
            },
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({ "Type": self.fault, "Message": self.message });
        let mut response = (self.status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        headers.insert(
            "x-amzn-errortype",
            HeaderValue::from_static(self.error_type),
        );
        response
    }
}
