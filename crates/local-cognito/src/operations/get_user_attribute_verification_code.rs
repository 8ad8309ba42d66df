use serde::Deserialize;
use serde_json::{Value, json};

use crate::access_token::{self, Bearer};
use crate::attributes::ToVerify;
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::triggers::{MessageReason, Metadata};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    access_token: String,
    attribute_name: String,
    client_metadata: Option<Metadata>,
}

/// Sends a code to the user's address or number, even to one that is verified (V), or to the new one that waits to be.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAttributeVerificationCode.html>
pub(super) async fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let Bearer { pool, client, user } = access_token::check(stand_in, &input.access_token)?;
    let unproven = ToVerify::of(&user, &input.attribute_name)?;
    let now = stand_in.clock.now();
    pool.state().code_requests.count(&user.username, now)?;
    let reason = MessageReason::VerifyUserAttribute;
    let (client_id, metadata) = (Some(client.id.as_str()), input.client_metadata.as_ref());
    let delivered = unproven
        .send_code(stand_in, &pool, reason, client_id, metadata)
        .await?;
    Ok(json!({ "CodeDeliveryDetails": delivered }))
}
