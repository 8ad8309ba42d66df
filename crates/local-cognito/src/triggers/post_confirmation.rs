use cognito_events::post_confirmation::Response;
use serde_json::{Map, json};

use super::{Envelope, Metadata, attributes_of, fire};
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::user_pool::{User, UserPool};

/// What was confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Confirmed {
    SignUp,
    ForgotPassword,
}

/// Tells the post confirmation trigger. The user is confirmed already, or has the new password: a failure undoes nothing (W).
///
/// `client_id` is `None` when an administrator confirms, for which Cognito sends null.
pub(crate) async fn post_confirmation(
    stand_in: &StandIn,
    pool: &UserPool,
    confirmed: Confirmed,
    user: &User,
    client_id: Option<&str>,
    client_metadata: Option<&Metadata>,
) -> Result<(), Error> {
    let envelope = Envelope {
        pool,
        trigger: "PostConfirmation",
        version: "1",
        trigger_source: match confirmed {
            Confirmed::SignUp => "PostConfirmation_ConfirmSignUp",
            Confirmed::ForgotPassword => "PostConfirmation_ConfirmForgotPassword",
        },
        client_id,
        username: &user.username,
    };
    let mut request = Map::new();
    request.insert("userAttributes".to_owned(), attributes_of(user));
    if let Some(metadata) = client_metadata {
        request.insert("clientMetadata".to_owned(), json!(metadata));
    }
    fire::<Response>(stand_in, envelope, request, json!({})).await?;
    Ok(())
}
