use cognito_events::pre_sign_up::Event;
use email_address::Domain;

use super::Refusal;
use crate::captcha::{Answer, Attempt, scored};
use crate::config::CaptchaRules;

/// Under which name an app sends the proof, in the validation data or the client metadata.
const TOKEN: &str = "captchaToken";

/// The longest proofs, reCAPTCHA's, have some 2,000 characters.
const MAX_TOKEN_BYTES: usize = 8 * 1_024;

/// What is known about a proof.
#[derive(Debug, PartialEq)]
pub(crate) enum Proof {
    /// The provider's answer.
    Answered(Answer),
    /// There is none, since the provider cannot be reached, and `CAPTCHA_ON_ERROR` is `allow`.
    Waived,
}

/// The proof that the event brings, if the provider could have made it: what is not one must not look like an outage of the provider.
pub(super) fn attempt(event: &Event) -> Option<Attempt<'_>> {
    let token = presented(event)?;
    let is_plausible =
        token.len() <= MAX_TOKEN_BYTES && token.bytes().all(|byte| byte.is_ascii_graphic());
    is_plausible.then_some(Attempt {
        user_pool_id: &event.user_pool_id,
        user_name: event.user_name.as_str(),
        token,
    })
}

/// Without blanks around it; a form field that was left empty is none.
fn presented(event: &Event) -> Option<&str> {
    [
        &event.request.validation_data,
        &event.request.client_metadata,
    ]
    .into_iter()
    .filter_map(|sent| sent.get(TOKEN))
    .map(str::trim)
    .find(|token| !token.is_empty())
}

/// The rules on the proof.
pub(super) fn proven(
    rules: &CaptchaRules,
    event: &Event,
    proof: Option<&Proof>,
) -> Result<(), Refusal> {
    if presented(event).is_none() {
        return Err(Refusal::CaptchaMissing);
    }
    match proof {
        None => Err(Refusal::CaptchaImplausible),
        Some(Proof::Waived) => Ok(()),
        Some(Proof::Answered(answer)) => counts(rules, answer),
    }
}

/// A provider says only that somebody solved the puzzle somewhere: whether it was on our page, for this, and well enough, is for us to see.
fn counts(rules: &CaptchaRules, answer: &Answer) -> Result<(), Refusal> {
    if !answer.success {
        return Err(Refusal::CaptchaWrong);
    }
    let host = answer.hostname.as_deref().and_then(Domain::normalised);
    if !host.is_some_and(|host| rules.hosts.contains(&host)) {
        return Err(Refusal::CaptchaFromAnotherHost);
    }
    if rules.action.is_some() && rules.action != answer.action {
        return Err(Refusal::CaptchaForAnotherAction);
    }
    if !scored(rules, answer) {
        return Err(Refusal::CaptchaScoreTooLow);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use cognito_events::pre_sign_up::Event;
    use entrypoint::Env;
    use serde_json::{Value, json};

    use super::{Proof, Refusal, attempt, proven};
    use crate::captcha::Answer;
    use crate::config::{CaptchaRules, Config};

    fn rules(action: &str, min_score: &str) -> CaptchaRules {
        let variables = [
            ("CAPTCHA", "recaptcha"),
            ("CAPTCHA_SECRET", "/captcha"),
            ("CAPTCHA_HOSTS", "www.example.org, münchen.example"),
            ("CAPTCHA_ACTION", action),
            ("CAPTCHA_MIN_SCORE", min_score),
        ];
        let config = Config::from_env(Env::of_pairs(variables)).unwrap();
        config.captcha.unwrap()
    }

    fn event(request: Value) -> Event {
        serde_json::from_value(json!({"userName": "ines", "request": request})).unwrap()
    }

    fn with_token() -> Event {
        event(json!({"validationData": {"captchaToken": "token"}}))
    }

    fn answered(answer: Value) -> Proof {
        Proof::Answered(serde_json::from_value::<Answer>(answer).unwrap())
    }

    #[test]
    fn a_proof_stands_in_either_map_and_looks_like_one() {
        let long = "x".repeat(8_193);
        for (case, request, expected) in [
            ("none", json!({}), Err(Refusal::CaptchaMissing)),
            (
                "blank",
                json!({"validationData": {"captchaToken": " "}}),
                Err(Refusal::CaptchaMissing),
            ),
            (
                "in the validation data",
                json!({"validationData": {"captchaToken": "a"}, "clientMetadata": {"captchaToken": "b"}}),
                Ok("a"),
            ),
            (
                "in the client metadata",
                json!({"validationData": {"captchaToken": ""}, "clientMetadata": {"captchaToken": " b "}}),
                Ok("b"),
            ),
            (
                "too long",
                json!({"validationData": {"captchaToken": long}}),
                Err(Refusal::CaptchaImplausible),
            ),
            (
                "with a line break",
                json!({"validationData": {"captchaToken": "a\r\nb"}}),
                Err(Refusal::CaptchaImplausible),
            ),
        ] {
            let event = event(request);
            let found = match attempt(&event) {
                Some(attempt) => Ok(attempt.token),
                None => Err(proven(&rules("", ""), &event, None).unwrap_err()),
            };
            assert_eq!(found, expected, "{case}");
        }
    }

    #[test]
    fn an_answer_counts_for_our_hosts_only() {
        let foreign = Err(Refusal::CaptchaFromAnotherHost);
        for (answer, expected) in [
            (
                json!({"success": true, "hostname": "www.example.org"}),
                Ok(()),
            ),
            (
                json!({"success": true, "hostname": "WWW.Example.org."}),
                Ok(()),
            ),
            (
                json!({"success": true, "hostname": "xn--mnchen-3ya.example"}),
                Ok(()),
            ),
            (json!({"success": true, "hostname": "example.org"}), foreign),
            (
                json!({"success": true, "hostname": "a.www.example.org"}),
                foreign,
            ),
            (
                json!({"success": true, "hostname": "evil.example"}),
                foreign,
            ),
            (json!({"success": true, "hostname": ""}), foreign),
            (json!({"success": true}), foreign),
            (
                json!({"success": false, "hostname": "www.example.org"}),
                Err(Refusal::CaptchaWrong),
            ),
            (
                json!({"success": false, "error-codes": ["timeout-or-duplicate"]}),
                Err(Refusal::CaptchaWrong),
            ),
        ] {
            let proof = answered(answer.clone());
            let decision = proven(&rules("", ""), &with_token(), Some(&proof));
            assert_eq!(decision, expected, "{answer}");
        }
    }

    #[test]
    fn action_and_score_count_where_they_are_asked_for() {
        let other_action = Err(Refusal::CaptchaForAnotherAction);
        let too_low = Err(Refusal::CaptchaScoreTooLow);
        for (action, min_score, answered_action, score, expected) in [
            ("", "", json!("login"), json!(0.0), Ok(())),
            ("sign-up", "", json!("sign-up"), json!(null), Ok(())),
            ("sign-up", "", json!("login"), json!(1.0), other_action),
            ("sign-up", "", json!(null), json!(1.0), other_action),
            ("", "0.5", json!(null), json!(0.5), Ok(())),
            ("", "0.5", json!(null), json!(0.4), too_low),
            ("", "0.5", json!(null), json!(null), too_low),
        ] {
            let answer = json!({
                "success": true, "hostname": "www.example.org",
                "action": answered_action, "score": score,
            });
            let case = format!("{action:?}, {min_score:?}, {answer}");
            let rules = rules(action, min_score);
            let decision = proven(&rules, &with_token(), Some(&answered(answer)));
            assert_eq!(decision, expected, "{case}");
        }
    }
}
