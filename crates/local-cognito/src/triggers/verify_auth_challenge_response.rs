use cognito_events::RedactedMap;
use cognito_events::verify_auth_challenge_response::Response;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::custom_auth::Challenged;
use crate::error::Error;
use crate::strictness::Doubt;

/// Asks the verify auth challenge response trigger whether the answer is right.
pub(crate) async fn verify_auth_challenge_response(
    challenged: Challenged<'_>,
    private_parameters: &RedactedMap<String>,
    answer: &SecretString,
) -> Result<bool, Error> {
    let request = [
        ("privateChallengeParameters", json!(private_parameters)),
        ("challengeAnswer", json!(answer.expose_secret())),
    ];
    let response: Response = challenged
        .ask(
            "VerifyAuthChallengeResponse",
            "VerifyAuthChallengeResponse_Authentication",
            &request,
            json!({ "answerCorrect": null }),
        )
        .await?;
    if response.answer_correct.is_none() {
        let strictness = &challenged.stand_in.strictness;
        strictness.judge(
            "VerifyAuthChallengeResponse",
            Doubt::Undecided,
            "answerCorrect",
        )?;
    }
    Ok(response.answer_correct == Some(true))
}
