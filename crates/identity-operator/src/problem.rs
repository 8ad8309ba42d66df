//! What is refused, as problem details.
//!
//! Source: RFC 9457.

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use entrypoint::UNAVAILABLE;

/// Why a request has no other answer.
pub(crate) type NoAnswer = http_answers::NoAnswer<Problem>;

impl From<Problem> for NoAnswer {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// A refusal. Its code is for programs and stays, its title is for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    NotAnOperator,
    NotFound,
    Malformed,
    /// Neither the pool nor the table knows the identifier or the identity.
    Unknown,
    /// A linked login is no account, and has nothing that could be merged.
    NotAnAccount,
    /// The pool does not merge the two.
    NotMergeable,
    /// Logins are linked to the account, which would stand for nobody without it.
    HasLogins,
    Unavailable,
}

impl Problem {
    /// What the log calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NotAnOperator => "NotAnOperator",
            Self::NotFound => "NotFound",
            Self::Malformed => "Malformed",
            Self::Unknown => "Unknown",
            Self::NotAnAccount => "NotAnAccount",
            Self::NotMergeable => "NotMergeable",
            Self::HasLogins => "HasLogins",
            Self::Unavailable => "Unavailable",
        }
    }

    /// Status, code, and title.
    fn said(self) -> (u16, &'static str, &'static str) {
        match self {
            Self::NotAnOperator => (403, "not-an-operator", "This is not allowed"),
            Self::NotFound => (404, "not-found", "There is nothing here"),
            Self::Malformed => (400, "malformed", "The request is not in order"),
            Self::Unknown => (404, "unknown", "There is no such identity"),
            Self::NotAnAccount => (409, "not-an-account", "A linked login is not an account"),
            Self::NotMergeable => (409, "not-mergeable", "These identities cannot be merged"),
            Self::HasLogins => (
                409,
                "has-logins",
                "Logins are linked to the account, please unlink them first",
            ),
            Self::Unavailable => (503, "unavailable", UNAVAILABLE),
        }
    }

    pub(crate) fn response(self) -> ApiGatewayV2httpResponse {
        let (status, code, title) = self.said();
        http_answers::problem(status, code, title)
    }
}
