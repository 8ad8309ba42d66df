use cognito_events::post_authentication::Response;
use serde_json::{Map, json};

use super::{Envelope, Metadata, attributes_of, fire};
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::user_pool::{User, UserPool};

/// Tells the post authentication trigger that somebody has proven who they are; no tokens have been made.
pub(crate) async fn post_authentication(
    stand_in: &StandIn,
    pool: &UserPool,
    client_id: &str,
    user: &User,
    new_device_used: bool,
    client_metadata: Option<&Metadata>,
) -> Result<(), Error> {
    let envelope = Envelope {
        pool,
        trigger: "PostAuthentication",
        version: "1",
        trigger_source: "PostAuthentication_Authentication",
        client_id: Some(client_id),
        username: &user.username,
    };
    let mut request = Map::new();
    request.insert("userAttributes".to_owned(), attributes_of(user));
    request.insert("newDeviceUsed".to_owned(), json!(new_device_used));
    if let Some(metadata) = client_metadata {
        request.insert("clientMetadata".to_owned(), json!(metadata));
    }
    fire::<Response>(stand_in, envelope, request, json!({})).await?;
    Ok(())
}
