use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::Error;
use crate::stand_in::StandIn;
use crate::triggers::{Confirmed, Metadata, post_confirmation};
use crate::user_pool::{Purpose, Status};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    username: String,
    client_metadata: Option<Metadata>,
}

/// Confirms the user without a code; no address is proven by that.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminConfirmSignUp.html>
pub(super) async fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let confirmed = {
        let mut state = pool.state();
        let mut user = state
            .users
            .find_for_administrator(&pool.config, &input.username)?
            .clone();
        if user.status != Status::Unconfirmed {
            return Err(Error::not_authorized(format!(
                "User cannot be confirmed. Current status is {}",
                user.status.as_str()
            ))); // W
        }
        user.status = Status::Confirmed;
        state.codes.used(&user.username, Purpose::SignUp);
        state
            .users
            .change(&pool.config, &user.username, stand_in.clock.now(), |user| {
                user.status = Status::Confirmed
            });
        user
    };
    let metadata = input.client_metadata.as_ref();
    post_confirmation(
        stand_in,
        &pool,
        Confirmed::SignUp,
        &confirmed,
        None,
        metadata,
    )
    .await?;
    Ok(json!({}))
}
