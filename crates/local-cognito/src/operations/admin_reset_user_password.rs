use serde::Deserialize;
use serde_json::{Value, json};

use crate::delivery::{new_code, send};
use crate::error::Error;
use crate::recovery;
use crate::stand_in::StandIn;
use crate::triggers::{Letter, MessageReason, Metadata};
use crate::user_pool::{Purpose, Status};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    user_pool_id: String,
    username: String,
    client_metadata: Option<Metadata>,
}

/// Makes the user set a new password, by a code that is sent to them.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminResetUserPassword.html>
pub(super) async fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    let pool = stand_in.pool(&input.user_pool_id)?;
    let channels = recovery::channels(&pool.config)?;
    let (user, attribute) = {
        let mut state = pool.state();
        let found = state
            .users
            .find_for_administrator(&pool.config, &input.username)?;
        let mut user = found.clone();
        let attribute = recovery::reached_at(&user, &channels)?;
        user.status = Status::ResetRequired;
        let reset = user.clone();
        let now = stand_in.clock.now();
        state
            .users
            .change(&pool.config, &user.username, now, |user| *user = reset);
        (user, attribute)
    };
    let code = new_code(stand_in, &pool, &user, attribute, Purpose::ForgotPassword);
    let letter = Letter {
        reason: MessageReason::ForgotPassword,
        client_id: None,
        client_metadata: input.client_metadata.as_ref(),
        attribute,
        code: &code,
    };
    send(stand_in, &pool, &user, letter).await?;
    Ok(json!({}))
}
