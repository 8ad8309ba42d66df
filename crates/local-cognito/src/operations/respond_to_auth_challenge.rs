use serde::Deserialize;
use serde_json::Value;

use crate::error::Error;
use crate::sign_in::{self, Answer, Parameters, Place};
use crate::stand_in::StandIn;
use crate::triggers::Metadata;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    client_id: String,
    challenge_name: String,
    session: Option<String>,
    challenge_responses: Option<Parameters>,
    client_metadata: Option<Metadata>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html>
pub(super) async fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let (pool, client) = stand_in.client(&input.client_id)?;
    let place = Place {
        stand_in,
        pool: &pool,
        client: &client,
        administrator: false,
    };
    let responses = input.challenge_responses.unwrap_or_default();
    let answer = Answer {
        session: input.session.as_deref(),
        responses: &responses,
        metadata: input.client_metadata.as_ref(),
    };
    sign_in::respond(place, &input.challenge_name, answer).await
}
