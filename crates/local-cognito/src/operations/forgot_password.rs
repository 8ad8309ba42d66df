use serde::Deserialize;
use serde_json::{Value, json};

use crate::delivery::{new_code, send, simulated};
use crate::error::Error;
use crate::migration::migrate;
use crate::stand_in::StandIn;
use crate::triggers::{Arrival, Letter, MessageReason, Metadata};
use crate::user_pool::{Purpose, UserPool, check_username, fold};
use crate::{ids, recovery, secret_hash};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    client_id: String,
    username: String,
    secret_hash: Option<String>,
    client_metadata: Option<Metadata>,
}

/// Sends a code with which the user can set a new password. The old one stays until then.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgotPassword.html>
pub(super) async fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    check_username(&input.username)?;
    let (pool, client) = stand_in.client(&input.client_id)?;
    secret_hash::check(&client, &input.username, input.secret_hash.as_deref())?;
    let channels = recovery::channels(&pool.config)?;
    let hides = client.prevent_user_existence_errors;
    let client_metadata = input.client_metadata.as_ref();
    let arrival = Arrival::ForgotPassword { client_metadata };
    let migrated = migrate(stand_in, &pool, &client, &input.username, arrival).await?;
    let found = pool.find(migrated.as_deref().unwrap_or(&input.username));
    let name = match &found {
        Some(user) => user.username.clone(),
        None if hides => fold(&pool.config, &input.username),
        None => {
            return Err(Error::UserNotFound(
                "Username/client id combination not found.",
            ));
        } // R
    };
    let now = stand_in.clock.now();
    pool.state().code_requests.count(&name, now)?;

    let reached = found.map(|user| (recovery::reached_at(&user, &channels), user));
    let (user, attribute) = match reached {
        Some((Ok(attribute), user)) => (user, attribute),
        Some((Err(why), _)) if !(hides && why.is_hidden()) => return Err(why.into()),
        Some((Err(_), _)) | None => return pretend(&pool, &input.username, &channels, now),
    };
    let code = new_code(stand_in, &pool, &user, attribute, Purpose::ForgotPassword);
    let letter = Letter {
        reason: MessageReason::ForgotPassword,
        client_id: Some(&client.id),
        client_metadata,
        attribute,
        code: &code,
    };
    let delivered = send(stand_in, &pool, &user, letter).await?;
    Ok(json!({ "CodeDeliveryDetails": delivered }))
}

/// Answers as if a code had been sent, and makes one up, so that guesses at it are answered alike too.
fn pretend(
    pool: &UserPool,
    typed: &str,
    channels: &[&'static str],
    now: i64,
) -> Result<Value, Error> {
    let delivered = simulated(pool, typed, channels).ok_or_else(recovery::nowhere_to_send)?;
    let name = fold(&pool.config, typed);
    let mut state = pool.state();
    let decoys = &mut state.decoy_codes;
    decoys.pretend(&name, Purpose::ForgotPassword, ids::code(), now);
    Ok(json!({ "CodeDeliveryDetails": delivered }))
}
