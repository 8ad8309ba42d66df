//! What is refused, as problem details.
//!
//! Source: RFC 9457; for a sign-in that is too old, RFC 9470.

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use entrypoint::UNAVAILABLE;
use http_answers::with_header;
use time::Duration;

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
    /// No access token of a user of the pool, or one that is signed out; which of these is nobody's business.
    NotSignedIn,
    /// It wants a sign-in within that time.
    SignInTooOld(Duration),
    NotFound,
    Malformed,
    WrongCode,
    TooManyGuesses,
    NotStarted,
    MadeMeanwhile,
    Unavailable,
}

impl Problem {
    /// What the log calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NotSignedIn => "NotSignedIn",
            Self::SignInTooOld(_) => "SignInTooOld",
            Self::NotFound => "NotFound",
            Self::Malformed => "Malformed",
            Self::WrongCode => "WrongCode",
            Self::TooManyGuesses => "TooManyGuesses",
            Self::NotStarted => "NotStarted",
            Self::MadeMeanwhile => "MadeMeanwhile",
            Self::Unavailable => "Unavailable",
        }
    }

    /// Status, code, and title.
    fn said(self) -> (u16, &'static str, &'static str) {
        match self {
            Self::NotSignedIn => (401, "not-signed-in", "Please sign in"),
            Self::SignInTooOld(_) => (
                401,
                "sign-in-too-old",
                "Please sign in again to change this",
            ),
            Self::NotFound => (404, "not-found", "There is nothing here"),
            Self::Malformed => (400, "malformed", "The request is not understood"),
            Self::WrongCode => (422, "wrong-code", "This code is not right"),
            Self::TooManyGuesses => (
                409,
                "too-many-guesses",
                "Too many codes were wrong, please start again",
            ),
            Self::NotStarted => (
                409,
                "not-started",
                "There is nothing to confirm, please start again",
            ),
            Self::MadeMeanwhile => (
                409,
                "made-meanwhile",
                "Other codes were made at the same time, please try again",
            ),
            Self::Unavailable => (503, "unavailable", UNAVAILABLE),
        }
    }

    pub(crate) fn response(self) -> ApiGatewayV2httpResponse {
        let (status, code, title) = self.said();
        let response = http_answers::problem(status, code, title);
        match self {
            Self::NotSignedIn => with_header(
                response,
                "www-authenticate",
                r#"Bearer error="invalid_token""#,
            ),
            Self::SignInTooOld(age) => {
                let seconds = age.whole_seconds();
                let challenge = format!(
                    r#"Bearer error="insufficient_user_authentication", max_age="{seconds}""#
                );
                with_header(response, "www-authenticate", &challenge)
            }
            _ => response,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const ALL: [Problem; 9] = [
        Problem::NotSignedIn,
        Problem::SignInTooOld(Duration::minutes(10)),
        Problem::NotFound,
        Problem::Malformed,
        Problem::WrongCode,
        Problem::TooManyGuesses,
        Problem::NotStarted,
        Problem::MadeMeanwhile,
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

    /// RFC 9470, section 3.
    #[test]
    fn a_sign_in_that_is_too_old_names_the_age_that_will_do() {
        let response = Problem::SignInTooOld(Duration::minutes(10)).response();
        assert_eq!(
            response.headers["www-authenticate"],
            r#"Bearer error="insufficient_user_authentication", max_age="600""#
        );
    }
}
