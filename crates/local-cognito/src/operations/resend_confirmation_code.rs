use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::Error;
use crate::stand_in::StandIn;
use crate::user_pool::{Status, check_username};
use crate::{delivery, secret_hash};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    client_id: String,
    username: String,
    secret_hash: Option<String>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ResendConfirmationCode.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    check_username(&input.username)?;
    let (pool, client) = stand_in.client(&input.client_id)?;
    secret_hash::check(client, &input.username, input.secret_hash.as_deref())?;
    let delivered = match pool.find(&input.username) {
        Some(user) if user.status != Status::Unconfirmed => {
            return Err(Error::invalid("User is already confirmed."));
        } // W
        Some(user) => delivery::send_code(stand_in, pool, &user, delivery::Reason::ResendCode),
        None if client.prevent_user_existence_errors => delivery::simulated(pool, &input.username),
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
