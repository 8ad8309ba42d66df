//! What is refused, as problem details.

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use entrypoint::UNAVAILABLE;

/// Why a request has no other answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The token is no access token of a user.
    NotSignedIn,
    /// No identity pool gave the credentials.
    NoIdentity,
    NotFound,
    Unavailable,
}

impl Problem {
    /// What the log calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NotSignedIn => "NotSignedIn",
            Self::NoIdentity => "NoIdentity",
            Self::NotFound => "NotFound",
            Self::Unavailable => "Unavailable",
        }
    }

    pub(crate) fn response(self) -> ApiGatewayV2httpResponse {
        let (status, code, title) = match self {
            Self::NotSignedIn => (401, "not-signed-in", "Please sign in"),
            Self::NoIdentity => (
                403,
                "no-identity",
                "The request is not signed for anybody of the identity pool",
            ),
            Self::NotFound => (404, "not-found", "There is nothing here"),
            Self::Unavailable => (503, "unavailable", UNAVAILABLE),
        };
        http_answers::problem(status, code, title)
    }
}
