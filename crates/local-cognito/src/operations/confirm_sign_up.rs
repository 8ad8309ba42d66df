use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::Error;
use crate::secret_hash;
use crate::stand_in::StandIn;
use crate::template::UserPoolClient;
use crate::triggers::{Confirmed, Metadata, post_confirmation};
use crate::user_pool::{Purpose, Status, User, UserPool, check_username};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    client_id: String,
    username: String,
    confirmation_code: String,
    secret_hash: Option<String>,
    force_alias_creation: Option<bool>,
    client_metadata: Option<Metadata>,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmSignUp.html>
pub(super) async fn run(stand_in: &StandIn, input: Input) -> Result<Value, Error> {
    check_username(&input.username)?;
    let (pool, client) = stand_in.client(&input.client_id)?;
    secret_hash::check(&client, &input.username, input.secret_hash.as_deref())?;
    let proof = Proof {
        username: &input.username,
        code: &input.confirmation_code,
        force: input.force_alias_creation.unwrap_or(false),
    };
    let user = confirm(stand_in, &pool, &client, proof)?;
    let metadata = input.client_metadata.as_ref();
    tell(stand_in, &pool, &client, &user, metadata).await?;
    Ok(json!({}))
}

/// Confirms as the link in a message does, which knows no secret of the app client.
pub(crate) async fn confirm_by_link(
    stand_in: &StandIn,
    client_id: &str,
    username: &str,
    code: &str,
) -> Result<(), Error> {
    let (pool, client) = stand_in.client(client_id)?;
    let proof = Proof {
        username,
        code,
        force: false,
    };
    let user = confirm(stand_in, &pool, &client, proof)?;
    tell(stand_in, &pool, &client, &user, None).await
}

async fn tell(
    stand_in: &StandIn,
    pool: &UserPool,
    client: &UserPoolClient,
    user: &User,
    metadata: Option<&Metadata>,
) -> Result<(), Error> {
    let client_id = Some(client.id.as_str());
    let confirmed = Confirmed::SignUp;
    post_confirmation(stand_in, pool, confirmed, user, client_id, metadata).await
}

/// What a user brings to be confirmed.
struct Proof<'a> {
    username: &'a str,
    code: &'a str,
    /// Whether an alias moves here that is another user's.
    force: bool,
}

fn confirm(
    stand_in: &StandIn,
    pool: &UserPool,
    client: &UserPoolClient,
    proof: Proof<'_>,
) -> Result<User, Error> {
    let now = stand_in.clock.now();
    let mut state = pool.state();
    let Some(user) = state.users.find(&pool.config, proof.username).cloned() else {
        return Err(match client.prevent_user_existence_errors {
            true => Error::ExpiredCode, // D
            false => Error::UserNotFound("Username/client id combination not found."), // R
        });
    };
    if user.status != Status::Unconfirmed {
        return Err(Error::not_authorized(format!(
            "User cannot be confirmed. Current status is {}",
            user.status.as_str()
        ))); // W
    }
    let proven = state
        .codes
        .check(&user.username, Purpose::SignUp, proof.code, now)?;
    let mut confirmed = user;
    if confirmed.attributes.get(&proven.attribute) != Some(&proven.value) {
        return Err(Error::ExpiredCode); // ours: the code went to an address that is no longer the user's
    }
    confirmed.status = Status::Confirmed;
    confirmed
        .attributes
        .insert(format!("{}_verified", proven.attribute), "true".to_owned());
    state.take_names(&pool.config, &confirmed, proof.force, now)?;
    state.codes.used(&confirmed.username, Purpose::SignUp);
    let username = confirmed.username.clone();
    state.users.change(&pool.config, &username, now, |user| {
        *user = confirmed.clone()
    });
    Ok(confirmed)
}
