//! What identity pools answer when they refuse. Marks of texts as in `error`; `I` is seen in issue threads alone, `ours` nowhere.

use axum::response::{IntoResponse, Response};

use super::identities::NotLinked;
use crate::access::Denied;
use crate::error::refusal;

/// A refusal of `cognito-identity`: always HTTP 400 (D).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("Unauthenticated access is not supported for this identity pool.")] // W
    NoGuests,
    #[error("Token is not from a supported provider of this identity pool.")] // W
    UnsupportedProvider,
    #[error(
        "Logins don't match. Please include at least one valid login for this identity or identity pool."
    )] // W
    LoginsDoNotMatch,
    #[error("Access to Identity '{0}' is forbidden.")] // W
    Forbidden(String),
    #[error("Invalid login token. {0}")] // W
    InvalidLoginToken(InvalidToken),
    #[error("Token is inactive")] // I
    InactiveToken,
    #[error("{0}")]
    NotAuthorized(&'static str),
    #[error("{0}")]
    InvalidParameter(String),
    #[error("Invalid identity pool configuration. Check assigned IAM roles for this pool.")] // W
    InvalidIdentityPoolConfiguration,
    #[error("{0}")]
    ResourceNotFound(String),
    #[error("{0}")]
    ResourceConflict(&'static str),
    #[error("The developer user identifier is registered with another identity")] // ours
    DeveloperUserAlreadyRegistered,
    #[error("The identity provider {0} does not answer as it should")] // ours
    ExternalService(String),
    #[error("1 validation error detected: {0}")] // W, the general form
    Validation(String),
    #[error("The request could not be read")] // ours
    Serialization,
    #[error("local-cognito does not support the operation {0}")]
    UnknownOperation(String),
    #[error(transparent)]
    Denied(#[from] Denied),
}

/// What is wrong with a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidToken {
    #[error("Not a valid OpenId Connect identity token.")] // W
    Malformed,
    #[error("Missing a required claim: aud")] // W
    NoAudience,
    #[error("Issuer doesn't match providerName")] // W
    OtherIssuer,
    #[error("Couldn't verify signed token.")] // W
    BadSignature,
    #[error("Token expired: {now} >= {expired}")] // W
    Expired { now: i64, expired: i64 },
    #[error("Can't pass in a Cognito token.")] // W
    OfCognito,
}

impl Refused {
    /// A member that the request does not have.
    pub(super) fn missing(member: &str) -> Self {
        Self::Validation(format!(
            "Value null at '{member}' failed to satisfy constraint: Member must not be null"
        ))
    }

    pub(super) fn no_such_pool(id: &str) -> Self {
        Self::ResourceNotFound(format!("IdentityPool '{id}' not found.")) // W
    }

    pub(super) fn no_such_identity(id: &str) -> Self {
        Self::ResourceNotFound(format!("Identity '{id}' not found.")) // W
    }

    fn name(&self) -> &'static str {
        match self {
            Self::NoGuests
            | Self::UnsupportedProvider
            | Self::LoginsDoNotMatch
            | Self::Forbidden(_)
            | Self::InvalidLoginToken(_)
            | Self::InactiveToken
            | Self::NotAuthorized(_) => "NotAuthorizedException",
            Self::InvalidParameter(_) => "InvalidParameterException",
            Self::InvalidIdentityPoolConfiguration => "InvalidIdentityPoolConfigurationException",
            Self::ResourceNotFound(_) => "ResourceNotFoundException",
            Self::ResourceConflict(_) => "ResourceConflictException",
            Self::DeveloperUserAlreadyRegistered => "DeveloperUserAlreadyRegisteredException",
            Self::ExternalService(_) => "ExternalServiceException",
            Self::Validation(_) => "ValidationException",
            Self::Serialization => "SerializationException",
            Self::UnknownOperation(_) => "UnknownOperationException",
            Self::Denied(_) => "AccessDeniedException",
        }
    }
}

impl From<InvalidToken> for Refused {
    fn from(problem: InvalidToken) -> Self {
        Self::InvalidLoginToken(problem)
    }
}

impl From<NotLinked> for Refused {
    fn from(problem: NotLinked) -> Self {
        match problem {
            NotLinked::NoLoginOfIt => Self::LoginsDoNotMatch,
            NotLinked::SecondUserOfProvider => {
                Self::ResourceConflict("A different login of the provider is linked already") // ours
            }
            NotLinked::TooManyLogins => {
                Self::ResourceConflict("An identity cannot have more than 20 linked logins") // ours
            }
            NotLinked::DeveloperUserOfAnother => Self::DeveloperUserAlreadyRegistered,
            NotLinked::NoSuchLogin => {
                Self::ResourceNotFound("The login is not linked to the identity".to_owned()) // ours
            }
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        refusal(self.name(), &self.to_string())
    }
}
