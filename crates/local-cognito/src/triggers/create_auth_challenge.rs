use cognito_events::create_auth_challenge::Response;
use serde_json::json;

use super::custom_auth::{Challenged, session};
use crate::error::Error;
use crate::strictness::Doubt;
use crate::user_pool::Round;

/// Asks the create auth challenge trigger for a challenge.
pub(crate) async fn create_auth_challenge(
    challenged: Challenged<'_>,
    rounds: &[Round],
) -> Result<Response, Error> {
    let request = [
        ("challengeName", json!("CUSTOM_CHALLENGE")),
        ("session", session(rounds)),
    ];
    let none = json!({
        "publicChallengeParameters": null, "privateChallengeParameters": null, "challengeMetadata": null,
    });
    let response: Response = challenged
        .ask(
            "CreateAuthChallenge",
            "CreateAuthChallenge_Authentication",
            &request,
            none,
        )
        .await?;
    let made = response.public_challenge_parameters.is_some()
        || response.private_challenge_parameters.is_some()
        || response.challenge_metadata.is_some();
    if !made {
        let strictness = &challenged.stand_in.strictness;
        strictness.judge("CreateAuthChallenge", Doubt::Undecided, "response")?;
    }
    Ok(response)
}
