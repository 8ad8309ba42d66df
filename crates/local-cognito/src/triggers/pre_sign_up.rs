use std::collections::BTreeMap;

use cognito_events::pre_sign_up::Response;
use serde_json::{Map, Value, json};

use super::{Envelope, Metadata, NO_CLIENT, fire};
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::user_pool::UserPool;

/// A user that is about to be.
pub(crate) struct NewUser<'a> {
    pub(crate) username: &'a str,
    pub(crate) attributes: &'a BTreeMap<String, String>,
    pub(crate) validation_data: Option<&'a Metadata>,
    pub(crate) client_metadata: Option<&'a Metadata>,
    /// The app client, or `None` when an administrator creates the user.
    pub(crate) client_id: Option<&'a str>,
}

/// Asks the pre sign-up trigger; without one, nothing is confirmed and nothing is refused.
pub(crate) async fn pre_sign_up(
    stand_in: &StandIn,
    pool: &UserPool,
    new: NewUser<'_>,
) -> Result<Response, Error> {
    let envelope = Envelope {
        pool,
        trigger: "PreSignUp",
        version: "1",
        trigger_source: if new.client_id.is_some() {
            "PreSignUp_SignUp"
        } else {
            "PreSignUp_AdminCreateUser"
        },
        client_id: Some(new.client_id.unwrap_or(NO_CLIENT)),
        username: new.username,
    };
    let mut request = Map::new();
    request.insert("userAttributes".to_owned(), json!(new.attributes));
    // Null when not supplied, whereas client metadata is then absent.
    request.insert("validationData".to_owned(), json!(new.validation_data));
    if let Some(metadata) = new.client_metadata {
        request.insert("clientMetadata".to_owned(), json!(metadata));
    }
    let unchanged: Value =
        json!({"autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false});
    let response: Response = fire(stand_in, envelope, request, unchanged)
        .await?
        .unwrap_or_default();
    let lacks = |attribute: &str| !new.attributes.contains_key(attribute);
    if (response.auto_verify_email && lacks("email"))
        || (response.auto_verify_phone && lacks("phone_number"))
    {
        return Err(Error::unrecognizable()); // D: the sign-up fails; the exception is not named
    }
    Ok(response)
}
