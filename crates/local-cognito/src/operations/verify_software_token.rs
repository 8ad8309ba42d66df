use serde::Deserialize;
use serde_json::{Value, json};

use crate::access_token::{self, Bearer};
use crate::error::Error;
use crate::sign_in::{self, Place};
use crate::stand_in::StandIn;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    access_token: Option<String>,
    session: Option<String>,
    user_code: String,
}

/// The name that a user may give to the authenticator app is shown by no operation, so it is not kept.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifySoftwareToken.html>
pub(super) fn run(stand_in: &StandIn, input: &Input) -> Result<Value, Error> {
    if let Some(token) = &input.access_token {
        let Bearer { pool, user, .. } = access_token::check(stand_in, token)?;
        let now = stand_in.clock.now();
        let mut state = pool.state();
        state.verify_software_token(&pool.config, &user.username, &input.user_code, now)?;
        return Ok(json!({ "Status": "SUCCESS" }));
    }
    let session = input.session.as_deref();
    let session = session.ok_or_else(|| Error::missing("accessToken"))?;
    let (pool, client) = sign_in::owners(stand_in, session)?;
    let place = Place {
        stand_in,
        pool: &pool,
        client: &client,
        administrator: false,
    };
    sign_in::verify(place, session, &input.user_code)
}
