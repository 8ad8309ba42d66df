//! What Cognito answers when it refuses: names and texts as AWS words them.
//!
//! Every text stands with its evidence in AWS's own words: R recorded, W seen raw in a public thread, D documented, P claimed by
//! others. A final period is part of the text only where AWS puts one.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The longest text that is repeated in a header; some clients refuse an answer with 8 kB of headers.
const LONGEST_HEADER_BYTES: usize = 1_024;

/// A refusal of `cognito-idp`: always HTTP 400 (W).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Error {
    #[error("An account with the given {attribute} already exists.")] // P
    AliasExists { attribute: &'static str },
    #[error("Already found an entry for the provided username.")] // P
    AliasOfAnother,
    #[error("Invalid verification code provided, please try again.")] // R
    CodeMismatch,
    #[error("A provider with the name already exists.")] // ours
    DuplicateProvider,
    #[error("Device already exists")] // D says only the name
    DeviceKeyExists,
    #[error("Code mismatch and fail enable Software Token MFA")] // W
    EnableSoftwareTokenMfa,
    #[error("Invalid code provided, please request a code again.")] // W
    ExpiredCode,
    #[error("{0} is not available in the tier of the user pool")] // ours; D says only the name
    FeatureUnavailableInTier(String),
    #[error("A group with the name already exists.")] // P
    GroupExists,
    #[error("{0}")]
    InvalidLambdaResponse(&'static str),
    #[error("{0}")]
    InvalidParameter(String),
    #[error("Password did not conform with {policy}: {rule}", policy = if *.admin { "password policy" } else { "policy" })]
    // P
    InvalidPassword { admin: bool, rule: String },
    #[error("Attempt limit exceeded, please try after some time.")] // W
    LimitExceeded,
    #[error("{0}")]
    NotAuthorized(String),
    #[error("{0}")]
    NotMigrated(String),
    #[error("Password reset required for the user")] // D
    PasswordResetRequired,
    #[error("{0}")]
    ResourceNotFound(String),
    #[error("The scope {0} does not exist")] // ours
    ScopeDoesNotExist(String),
    #[error("{0}")]
    Serialization(&'static str),
    #[error("{0}")]
    SoftwareTokenMfaNotFound(&'static str),
    #[error("{trigger} invocation failed due to error {cause}.")] // W
    UnexpectedLambda {
        trigger: &'static str,
        cause: &'static str,
    },
    #[error("{0}")]
    UnsupportedOperation(String),
    #[error("Cannot revoke a token that is not a refresh token")] // D says only the name
    UnsupportedTokenType,
    #[error("{0}")]
    UnsupportedUserState(String),
    #[error("{trigger} failed with error {message}.")] // W
    UserLambdaValidation {
        trigger: &'static str,
        message: String,
    },
    #[error("User is not confirmed.")] // P, four emulators agree
    UserNotConfirmed,
    #[error("{0}")]
    UserNotFound(&'static str),
    #[error("Your software token has already been used once.")] // V
    UsedSoftwareToken,
    #[error("{0}")]
    UsernameExists(String),
    #[error("Invalid code or auth state for the user.")] // W
    WrongSignInCode,
}

impl Error {
    /// `NotAuthorizedException` with one of the texts below, or a text with a variable part.
    pub(crate) fn not_authorized(text: impl Into<String>) -> Self {
        Self::NotAuthorized(text.into())
    }

    /// `InvalidParameterException`.
    pub(crate) fn invalid(text: impl Into<String>) -> Self {
        Self::InvalidParameter(text.into())
    }

    /// A wrong password; also an unknown user where that is hidden (W).
    pub(crate) fn wrong_credentials() -> Self {
        Self::not_authorized("Incorrect username or password.")
    }

    /// A function's answer that is JSON and of the wrong shape (W).
    pub(crate) fn unrecognizable() -> Self {
        Self::InvalidLambdaResponse("Unrecognizable lambda output")
    }

    /// A session that was used, or that belongs to a flow that failed (W).
    pub(crate) fn used_session() -> Self {
        Self::not_authorized("Invalid session for the user.")
    }

    /// A session that was not answered in time (P).
    pub(crate) fn expired_session() -> Self {
        Self::not_authorized("Invalid session for the user, session is expired.")
    }

    /// A refresh token that is unknown, expired or another client's (W).
    pub(crate) fn invalid_refresh_token() -> Self {
        Self::not_authorized("Invalid Refresh Token.")
    }

    /// A user name that is taken; where an address or number stands in its place, AWS says so.
    pub(crate) fn username_exists(contact: Option<&str>) -> Self {
        Self::UsernameExists(match contact {
            Some(contact) => format!("An account with the given {contact} already exists."), // W
            None => "User already exists".to_owned(),                                        // R
        })
    }

    /// An app client that the pool does not have (W).
    pub(crate) fn no_such_client(id: &str) -> Self {
        Self::ResourceNotFound(format!("User pool client {id} does not exist."))
    }

    /// A user who did not come over from elsewhere, for no reason that is told (W).
    pub(crate) fn not_migrated(client_id: &str) -> Self {
        Self::NotMigrated(format!(
            "Exception migrating user in app client {client_id}"
        ))
    }

    /// A required member that the request does not have; the general form of AWS's own model checks.
    pub(crate) fn missing(member: &str) -> Self {
        Self::invalid(format!(
            "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
        ))
    }

    /// The exception's name, as `__type` has it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::AliasExists { .. } | Self::AliasOfAnother => "AliasExistsException",
            Self::DuplicateProvider => "DuplicateProviderException",
            Self::CodeMismatch | Self::WrongSignInCode => "CodeMismatchException",
            Self::DeviceKeyExists => "DeviceKeyExistsException",
            Self::EnableSoftwareTokenMfa => "EnableSoftwareTokenMFAException",
            Self::ExpiredCode | Self::UsedSoftwareToken => "ExpiredCodeException",
            Self::FeatureUnavailableInTier(_) => "FeatureUnavailableInTierException",
            Self::GroupExists => "GroupExistsException",
            Self::InvalidLambdaResponse(_) => "InvalidLambdaResponseException",
            Self::InvalidParameter(_) => "InvalidParameterException",
            Self::InvalidPassword { .. } => "InvalidPasswordException",
            Self::LimitExceeded => "LimitExceededException",
            Self::NotAuthorized(_) => "NotAuthorizedException",
            Self::PasswordResetRequired => "PasswordResetRequiredException",
            Self::ResourceNotFound(_) => "ResourceNotFoundException",
            Self::ScopeDoesNotExist(_) => "ScopeDoesNotExistException",
            Self::Serialization(_) => "SerializationException",
            Self::SoftwareTokenMfaNotFound(_) => "SoftwareTokenMFANotFoundException",
            Self::UnexpectedLambda { .. } => "UnexpectedLambdaException",
            Self::UnsupportedOperation(_) => "UnsupportedOperationException",
            Self::UnsupportedTokenType => "UnsupportedTokenTypeException",
            Self::UnsupportedUserState(_) => "UnsupportedUserStateException",
            Self::UserLambdaValidation { .. } => "UserLambdaValidationException",
            Self::UserNotConfirmed => "UserNotConfirmedException",
            // D: AWS's knowledge center, "Lambda trigger errors of user migration".
            Self::UserNotFound(_) | Self::NotMigrated(_) => "UserNotFoundException",
            Self::UsernameExists(_) => "UsernameExistsException",
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        refusal(self.name(), &self.to_string())
    }
}

/// A refusal as all services with the JSON protocol of version 1.1 send it.
pub(crate) fn refusal(name: &str, message: &str) -> Response {
    let body = serde_json::json!({ "__type": name, "message": message }).to_string();
    let mut response = (StatusCode::BAD_REQUEST, body).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/x-amz-json-1.1"),
    );
    if let Ok(error_type) = HeaderValue::from_str(&format!("{name}:")) {
        headers.insert("x-amzn-errortype", error_type);
    }
    // A header cannot carry a line break, which some of AWS's texts end with, and clients take no long ones.
    let text = message.trim_end();
    if text.len() <= LONGEST_HEADER_BYTES
        && let Ok(text) = HeaderValue::from_str(text)
    {
        headers.insert("x-amzn-errormessage", text);
    }
    response
}
