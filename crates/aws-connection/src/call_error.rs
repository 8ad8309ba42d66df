use std::error::Error;
use std::fmt;

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// Why a call to a service came to nothing, without the service's own words: the user pool's can name the user.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The service refused, with the exception of this name.
    #[error("{0}")]
    Exception(String),
    /// The service did not answer in time.
    #[error("the service did not answer in time")]
    TooSlow,
    /// There was no connection.
    #[error("failed to reach the service")]
    Unreachable(#[source] Box<dyn Error + Send + Sync>),
    /// The request could not be made, or the answer not be read.
    #[error("the request or its answer is not in order")]
    NotInOrder,
}

impl<E, R> From<SdkError<E, R>> for CallError
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    R: fmt::Debug + Send + Sync + 'static,
{
    fn from(error: SdkError<E, R>) -> Self {
        match &error {
            SdkError::ServiceError(refused) => {
                let name = refused.err().code();
                Self::Exception(name.unwrap_or("an exception without a name").to_owned())
            }
            SdkError::TimeoutError(_) => Self::TooSlow,
            SdkError::DispatchFailure(failure) if failure.is_timeout() => Self::TooSlow,
            SdkError::DispatchFailure(_) => match error.into_source() {
                Ok(cause) => Self::Unreachable(cause),
                Err(_) => Self::NotInOrder,
            },
            _ => Self::NotInOrder,
        }
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
    use aws_smithy_types::error::ErrorMetadata;

    use super::CallError;

    #[track_caller]
    fn check(error: SdkError<ErrorMetadata, ()>, expected: &str) {
        let error = CallError::from(error);
        assert_eq!(error.to_string(), expected);
        assert!(!format!("{error:?}").contains("ines"), "{error:?}");
    }

    #[test]
    fn an_exception_is_named_and_not_quoted() {
        let taken = ErrorMetadata::builder()
            .code("AliasExistsException")
            .message("Already found an entry for username Google_ines@example.org")
            .build();
        let without_name = ErrorMetadata::builder().message("ines").build();
        for (exception, expected) in [
            (taken, "AliasExistsException"),
            (without_name, "an exception without a name"),
        ] {
            check(SdkError::service_error(exception, ()), expected);
        }
    }

    #[test]
    fn what_never_reached_the_service_says_why() {
        for (error, expected) in [
            (
                SdkError::timeout_error("ines"),
                "the service did not answer in time",
            ),
            (
                SdkError::dispatch_failure(ConnectorError::timeout("slow".into())),
                "the service did not answer in time",
            ),
            (
                SdkError::dispatch_failure(ConnectorError::io("refused".into())),
                "failed to reach the service",
            ),
            (
                SdkError::construction_failure("ines"),
                "the request or its answer is not in order",
            ),
            (
                SdkError::response_error("ines", ()),
                "the request or its answer is not in order",
            ),
        ] {
            check(error, expected);
        }
    }
}
