use axum::response::{IntoResponse, Response};

use crate::error::refusal;
use crate::template::Key;

/// A refusal of KMS.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("The request could not be read")] // ours
    Serialization,
    #[error("{0}")]
    Validation(String),
    #[error("{0}")]
    NotFound(String),
    #[error("{0}")]
    Disabled(String),
    #[error("{0}")]
    InvalidKeyUsage(String),
    #[error("The key ID in the request does not identify a CMK that can perform this operation.")]
    IncorrectKey,
    /// It was changed, or its encryption context is another; AWS does not say which.
    #[error("")]
    InvalidCiphertext,
    #[error("")]
    InvalidMac,
    #[error("The request would have succeeded, but the DryRun option is set.")] // D
    DryRun,
    #[error("local-cognito does not support the operation {0}")]
    UnsupportedOperation(String),
}

impl Refused {
    pub(super) fn incompatible(algorithm: &str, key: &Key) -> Self {
        let spec = key.spec.as_str();
        Self::InvalidKeyUsage(format!(
            "Algorithm {algorithm} is incompatible with key spec {spec}."
        ))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let name = match &self {
            Self::Serialization => "SerializationException",
            Self::Validation(_) => "ValidationException",
            Self::NotFound(_) => "NotFoundException",
            Self::Disabled(_) => "DisabledException",
            Self::InvalidKeyUsage(_) => "InvalidKeyUsageException",
            Self::IncorrectKey => "IncorrectKeyException",
            Self::InvalidCiphertext => "InvalidCiphertextException",
            Self::InvalidMac => "KMSInvalidMacException",
            Self::DryRun => "DryRunOperationException",
            Self::UnsupportedOperation(_) => "UnsupportedOperationException",
        };
        refusal(name, &self.to_string())
    }
}
