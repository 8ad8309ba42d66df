use cognito_events::ChallengeName;
use cognito_events::define_auth_challenge::Response;
use serde_json::json;

use super::custom_auth::{Challenged, session};
use crate::error::Error;
use crate::strictness::{Doubt, Strictness};
use crate::user_pool::CustomSignIn;

/// What comes next in a sign-in by custom challenges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    /// What create auth challenge makes.
    CustomChallenge,
    /// A proof of the password, which the client has begun with this number.
    PasswordVerifier(String),
    IssueTokens,
    FailAuthentication,
}

/// Asks the define auth challenge trigger what comes next.
pub(crate) async fn define_auth_challenge(
    challenged: Challenged<'_>,
    sign_in: &CustomSignIn,
) -> Result<Decision, Error> {
    let request = [("session", session(&sign_in.rounds))];
    let undecided = json!({"challengeName": null, "issueTokens": null, "failAuthentication": null});
    let response: Response = challenged
        .ask(
            "DefineAuthChallenge",
            "DefineAuthChallenge_Authentication",
            &request,
            undecided,
        )
        .await?;
    decision(&challenged.stand_in.strictness, sign_in, response)
}

/// What the function has decided, if it is one thing.
fn decision(
    strictness: &Strictness,
    sign_in: &CustomSignIn,
    response: Response,
) -> Result<Decision, Error> {
    let doubt = |doubt, what| strictness.judge("DefineAuthChallenge", doubt, what);
    // Functions in languages without nulls say so with an empty name.
    let named = response.challenge_name;
    let named = named.filter(|name| *name != ChallengeName::default());
    let (issue, fail) = (response.issue_tokens, response.fail_authentication);
    if issue == Some(true) && fail == Some(true) {
        return Err(Error::unrecognizable()); // The guide calls it undefined.
    }
    if named.is_none() && issue != Some(true) && fail != Some(true) {
        return Err(Error::unrecognizable()); // Observed, by one report.
    }
    if issue.is_none() {
        doubt(Doubt::Undecided, "issueTokens")?;
    }
    if fail.is_none() {
        doubt(Doubt::Undecided, "failAuthentication")?;
    }
    if fail == Some(true) {
        return Ok(Decision::FailAuthentication);
    }
    if issue == Some(true) {
        if named.is_some() {
            doubt(Doubt::TwoDecisions, "challengeName")?;
        }
        return Ok(Decision::IssueTokens);
    }
    let password_is_due = sign_in.begins_with_password();
    match (named, &sign_in.srp_a) {
        (Some(ChallengeName::CustomChallenge), _) => {
            if password_is_due {
                doubt(Doubt::UnusualChallenge, "challengeName")?;
            }
            Ok(Decision::CustomChallenge)
        }
        (Some(ChallengeName::PasswordVerifier), Some(srp_a)) => {
            if !password_is_due {
                doubt(Doubt::UnusualChallenge, "challengeName")?;
            }
            Ok(Decision::PasswordVerifier(srp_a.clone()))
        }
        // Nobody has begun a proof, or the challenge is none that a function can ask for: second factors Cognito asks for itself.
        _ => Err(Error::unrecognizable()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// The challenges that were passed; those of [`PASSWORD`] begin with a proof of the password that is yet to come.
    const FIRST: &[&str] = &[];
    const PASSWORD: &[&str] = &["SRP_A"];
    const LATER: &[&str] = &["SRP_A", "CUSTOM_CHALLENGE"];

    #[test]
    fn one_decision_is_taken() {
        let custom = r#"{"challengeName":"CUSTOM_CHALLENGE","issueTokens":false,"failAuthentication":false}"#;
        check("custom", FIRST, custom, Ok(Decision::CustomChallenge));
        let password = r#"{"challengeName":"PASSWORD_VERIFIER","issueTokens":false,"failAuthentication":false}"#;
        check(
            "password",
            PASSWORD,
            password,
            Ok(Decision::PasswordVerifier("a1".to_owned())),
        );
        let issue = r#"{"challengeName":null,"issueTokens":true,"failAuthentication":false}"#;
        for rounds in [FIRST, PASSWORD, LATER] {
            check("issue", rounds, issue, Ok(Decision::IssueTokens));
        }
        let issue = r#"{"challengeName":"","issueTokens":true,"failAuthentication":false}"#;
        check("an empty name", LATER, issue, Ok(Decision::IssueTokens));
        for fail in [
            r#"{"challengeName":null,"issueTokens":false,"failAuthentication":true}"#,
            r#"{"challengeName":"CUSTOM_CHALLENGE","issueTokens":false,"failAuthentication":true}"#,
        ] {
            check("fail", LATER, fail, Ok(Decision::FailAuthentication));
        }
    }

    #[test]
    fn what_is_no_decision_is_refused_whatever_the_strictness() {
        for (case, rounds, response) in [
            ("nothing", FIRST, "{}"),
            (
                "nulls",
                FIRST,
                r#"{"challengeName":null,"issueTokens":null,"failAuthentication":null}"#,
            ),
            (
                "neither",
                FIRST,
                r#"{"issueTokens":false,"failAuthentication":false}"#,
            ),
            (
                "an empty name",
                FIRST,
                r#"{"challengeName":"","issueTokens":false,"failAuthentication":false}"#,
            ),
            (
                "both",
                LATER,
                r#"{"issueTokens":true,"failAuthentication":true}"#,
            ),
            (
                "no SRP_A",
                FIRST,
                r#"{"challengeName":"PASSWORD_VERIFIER","issueTokens":false,"failAuthentication":false}"#,
            ),
            (
                "a factor of Cognito's own",
                FIRST,
                r#"{"challengeName":"SMS_MFA","issueTokens":false,"failAuthentication":false}"#,
            ),
            (
                "a name of one's own",
                FIRST,
                r#"{"challengeName":"CAPTCHA","issueTokens":false,"failAuthentication":false}"#,
            ),
        ] {
            for strict in [true, false] {
                assert_eq!(
                    decided(strict, rounds, response),
                    Err(Error::unrecognizable()),
                    "{case}"
                );
            }
        }
    }

    #[test]
    fn doubtful_decisions_are_taken_where_doubts_pass() {
        let password = Decision::PasswordVerifier("a1".to_owned());
        for (case, rounds, response, decision) in [
            (
                "no failAuthentication",
                LATER,
                r#"{"issueTokens":true}"#,
                Decision::IssueTokens,
            ),
            (
                "no issueTokens",
                LATER,
                r#"{"failAuthentication":true}"#,
                Decision::FailAuthentication,
            ),
            (
                "a name alone",
                FIRST,
                r#"{"challengeName":"CUSTOM_CHALLENGE"}"#,
                Decision::CustomChallenge,
            ),
            (
                "tokens and a challenge",
                LATER,
                r#"{"challengeName":"CUSTOM_CHALLENGE","issueTokens":true,"failAuthentication":false}"#,
                Decision::IssueTokens,
            ),
            (
                "no password where it is due",
                PASSWORD,
                r#"{"challengeName":"CUSTOM_CHALLENGE","issueTokens":false,"failAuthentication":false}"#,
                Decision::CustomChallenge,
            ),
            (
                "the password later",
                LATER,
                r#"{"challengeName":"PASSWORD_VERIFIER","issueTokens":false,"failAuthentication":false}"#,
                password,
            ),
        ] {
            assert_eq!(
                decided(true, rounds, response),
                Err(Error::unrecognizable()),
                "{case}"
            );
            assert_eq!(decided(false, rounds, response), Ok(decision), "{case}");
        }
    }

    #[track_caller]
    fn check(
        case: &str,
        rounds: &[&'static str],
        response: &str,
        expected: Result<Decision, Error>,
    ) {
        assert_eq!(decided(true, rounds, response), expected, "{case}");
    }

    fn decided(strict: bool, rounds: &[&'static str], response: &str) -> Result<Decision, Error> {
        let mut sign_in = CustomSignIn {
            typed: "ines".to_owned(),
            srp_a: rounds.contains(&"SRP_A").then(|| "a1".to_owned()),
            device_key: None,
            device_stands_in: false,
            rounds: Vec::new(),
        };
        rounds.iter().for_each(|name| sign_in.passed(name));
        let strictness = Strictness::new(strict, Arc::new(|_| {}));
        let response = serde_json::from_str(response).unwrap();
        decision(&strictness, &sign_in, response)
    }
}
