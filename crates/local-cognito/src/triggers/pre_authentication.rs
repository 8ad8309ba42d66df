use cognito_events::pre_authentication::Response;
use serde_json::{Map, json};

use super::{Envelope, Metadata, attributes_of, fire};
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::template::UserPoolClient;
use crate::user_pool::{User, UserPool};

/// Asks the pre authentication trigger whether somebody may try to sign in. No password has been looked at.
///
/// `user` is `None` for a name that nobody has; the trigger learns of those only where the app client hides who exists.
pub(crate) async fn pre_authentication(
    stand_in: &StandIn,
    pool: &UserPool,
    client: &UserPoolClient,
    user: Option<&User>,
    typed: &str,
    validation_data: Option<&Metadata>,
) -> Result<(), Error> {
    let envelope = Envelope {
        pool,
        trigger: "PreAuthentication",
        version: "1",
        trigger_source: "PreAuthentication_Authentication",
        client_id: Some(&client.id),
        username: user.map_or(typed, |user| &user.username),
    };
    let mut request = Map::new();
    let attributes = user.map_or_else(|| json!({}), attributes_of);
    request.insert("userAttributes".to_owned(), attributes);
    request.insert("validationData".to_owned(), json!(validation_data));
    if user.is_none() {
        request.insert("userNotFound".to_owned(), json!(true));
    }
    fire::<Response>(stand_in, envelope, request, json!({})).await?;
    Ok(())
}
