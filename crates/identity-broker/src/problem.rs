//! What is refused, as problem details.
//!
//! Source: RFC 9457.

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use entrypoint::{Failure, UNAVAILABLE};
use http_answers::with_header;

use crate::proof::Unproven;

/// Why a request has no other answer.
#[derive(Debug)]
pub(crate) enum NoAnswer {
    Problem(Problem),
    /// The client hears of [`Problem::NotProven`], the log of the reason.
    Unproven(Unproven),
    Failure(Failure),
}

impl From<Problem> for NoAnswer {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<Unproven> for NoAnswer {
    fn from(unproven: Unproven) -> Self {
        Self::Unproven(unproven)
    }
}

/// Whatever arrives through `?` is internal, and its text stays here.
impl<E: std::error::Error + Send + Sync + 'static> From<E> for NoAnswer {
    fn from(error: E) -> Self {
        Self::Failure(error.into())
    }
}

/// A refusal. Its code is for programs and stays, its title is for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    NotFound,
    Malformed,
    TooLarge,
    /// A proof that is none, for whatever reason: which one would tell who exists.
    NotProven,
    /// The rules give nothing to whoever has proven that.
    NotAllowed,
    /// OpenID tokens are not handed out here.
    TokensAreOff,
    /// The guest's identity was to become that of somebody who has one.
    HasAnIdentity,
    /// The login stands for another account, or is one.
    HasAnAccount,
    TooManyLogins,
    TooManyRequests,
    Unavailable,
}

/// A client that waits so long will not be refused for the same reason; a window of tries has 900 s, one for all 60.
const RETRY_AFTER_SECONDS: &str = "60";

impl Problem {
    /// What the log calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NotFound => "NotFound",
            Self::Malformed => "Malformed",
            Self::TooLarge => "TooLarge",
            Self::NotProven => "NotProven",
            Self::NotAllowed => "NotAllowed",
            Self::TokensAreOff => "TokensAreOff",
            Self::HasAnIdentity => "HasAnIdentity",
            Self::HasAnAccount => "HasAnAccount",
            Self::TooManyLogins => "TooManyLogins",
            Self::TooManyRequests => "TooManyRequests",
            Self::Unavailable => "Unavailable",
        }
    }

    /// Status, code, and title.
    fn said(self) -> (u16, &'static str, &'static str) {
        match self {
            Self::NotFound => (404, "not-found", "There is nothing here"),
            Self::Malformed => (400, "malformed", "The request is not in order"),
            Self::TooLarge => (413, "too-large", "The request is too large"),
            Self::NotProven => (401, "not-proven", "The proof is not valid"),
            Self::NotAllowed => (403, "not-allowed", "This is not allowed"),
            Self::TokensAreOff => (403, "tokens-are-off", "Please ask for credentials"),
            Self::HasAnIdentity => (
                409,
                "has-an-identity",
                "There is an identity already, please sign in without the guest's",
            ),
            Self::HasAnAccount => (
                409,
                "has-an-account",
                "This login belongs to another account",
            ),
            Self::TooManyLogins => (409, "too-many-logins", "The account has too many logins"),
            Self::TooManyRequests => (429, "too-many-requests", "Please try again later"),
            Self::Unavailable => (503, "unavailable", UNAVAILABLE),
        }
    }

    pub(crate) fn response(self) -> ApiGatewayV2httpResponse {
        let (status, code, title) = self.said();
        let response = http_answers::problem(status, code, title);
        match self {
            // RFC 9110, section 11.6.1: a 401 names how one proves oneself.
            Self::NotProven => with_header(response, "www-authenticate", "Lifeguard-Proof"),
            Self::TooManyRequests | Self::Unavailable => {
                with_header(response, "retry-after", RETRY_AFTER_SECONDS)
            }
            _ => response,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const ALL: [Problem; 11] = [
        Problem::NotFound,
        Problem::Malformed,
        Problem::TooLarge,
        Problem::NotProven,
        Problem::NotAllowed,
        Problem::TokensAreOff,
        Problem::HasAnIdentity,
        Problem::HasAnAccount,
        Problem::TooManyLogins,
        Problem::TooManyRequests,
        Problem::Unavailable,
    ];

    #[test]
    fn every_problem_has_a_code_of_its_own_and_a_title_that_a_period_can_follow() {
        let codes: BTreeSet<&str> = ALL.iter().map(|problem| problem.said().1).collect();
        assert_eq!(codes.len(), ALL.len());
        for problem in ALL {
            assert!(!problem.said().2.ends_with('.'), "{problem:?}");
        }
    }
}
