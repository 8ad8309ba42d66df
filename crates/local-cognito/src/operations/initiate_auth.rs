use serde::Deserialize;
use serde_json::Value;

use crate::error::Error;
use crate::sign_in::{self, Parameters, Place};
use crate::stand_in::StandIn;
use crate::triggers::Metadata;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    client_id: String,
    auth_flow: String,
    auth_parameters: Option<Parameters>,
    client_metadata: Option<Metadata>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html>
pub(super) async fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let (pool, client) = stand_in.client(&input.client_id)?;
    let place = Place {
        stand_in,
        pool: &pool,
        client: &client,
        administrator: false,
    };
    sign_in::initiate(
        place,
        &input.auth_flow,
        &input.auth_parameters.unwrap_or_default(),
        input.client_metadata.as_ref(),
    )
    .await
}
