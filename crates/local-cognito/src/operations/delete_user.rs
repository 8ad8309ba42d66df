use serde::Deserialize;
use serde_json::{Value, json};

use crate::access_token::{self, Bearer};
use crate::error::Error;
use crate::stand_in::StandIn;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    access_token: String,
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUser.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    let Bearer { pool, user, .. } = access_token::check(stand_in, &input.access_token)?;
    let mut state = pool.state();
    // Another user may have come to this name meanwhile.
    let found = state.users.find(&pool.config, &user.sub);
    if found.is_some_and(|found| found.sub == user.sub) {
        state.remove(&pool.config, &user.username);
    }
    Ok(json!({}))
}
