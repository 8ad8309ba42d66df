use serde::Deserialize;
use serde_json::{Value, json};

use crate::delivery::{send_sign_up_code, simulated};
use crate::error::Error;
use crate::secret_hash;
use crate::stand_in::StandIn;
use crate::triggers::{MessageReason, Metadata};
use crate::user_pool::{Status, check_username};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    client_id: String,
    username: String,
    secret_hash: Option<String>,
    client_metadata: Option<Metadata>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ResendConfirmationCode.html>
pub(super) async fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    check_username(&input.username)?;
    let (pool, client) = stand_in.client(&input.client_id)?;
    secret_hash::check(&client, &input.username, input.secret_hash.as_deref())?;
    let delivered = match pool.find(&input.username) {
        Some(user) if user.status != Status::Unconfirmed => {
            return Err(Error::invalid("User is already confirmed."));
        } // W
        Some(user) => {
            let metadata = input.client_metadata.as_ref();
            let reason = MessageReason::ResendCode;
            send_sign_up_code(stand_in, &pool, &user, reason, &client.id, metadata).await?
        }
        None if client.prevent_user_existence_errors => {
            let attributes = &pool.config.auto_verified_attributes;
            simulated(&pool, &input.username, attributes)
        }
        None => {
            return Err(Error::UserNotFound(
                "Username/client id combination not found.",
            ));
        } // R
    };
    match delivered {
        Some(delivered) => Ok(json!({ "CodeDeliveryDetails": delivered })),
        None => Err(Error::invalid(
            "Cannot resend codes. Auto verification not turned on.",
        )), // W
    }
}
