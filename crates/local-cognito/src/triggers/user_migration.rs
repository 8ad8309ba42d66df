use cognito_events::user_migration::Response;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, json};

use super::{Envelope, Metadata, fire};
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::user_pool::UserPool;

/// How somebody comes whom the pool does not know.
#[derive(Clone, Copy)]
pub(crate) enum Arrival<'a> {
    /// With a plain password. What the app passes along is validation data here, and no client metadata (D).
    SignIn {
        password: &'a SecretString,
        validation_data: Option<&'a Metadata>,
    },
    /// Without: it was forgotten.
    ForgotPassword {
        client_metadata: Option<&'a Metadata>,
    },
}

/// Asks the user migration trigger about a name that the pool does not know. `None` where there is no such trigger, or where it leaves its
/// response as it was: then nobody elsewhere has the name, or the password is wrong.
pub(crate) async fn user_migration(
    stand_in: &StandIn,
    pool: &UserPool,
    client_id: &str,
    typed: &str,
    arrival: Arrival<'_>,
) -> Result<Option<Response>, Error> {
    let (trigger_source, password, validation_data, client_metadata) = match arrival {
        Arrival::SignIn {
            password,
            validation_data,
        } => {
            let source = "UserMigration_Authentication";
            (source, Some(password), validation_data, None)
        }
        Arrival::ForgotPassword { client_metadata } => {
            ("UserMigration_ForgotPassword", None, None, client_metadata)
        }
    };
    let envelope = Envelope {
        pool,
        trigger: "UserMigration",
        version: "1",
        trigger_source,
        client_id: Some(client_id),
        username: typed,
    };
    let mut request = Map::new();
    request.insert("userAttributes".to_owned(), json!(null));
    let password = password.map(ExposeSecret::expose_secret);
    request.insert("password".to_owned(), json!(password));
    request.insert("validationData".to_owned(), json!(validation_data));
    if let Some(metadata) = client_metadata {
        request.insert("clientMetadata".to_owned(), json!(metadata));
    }
    let untouched = json!({
        "userAttributes": null, "finalUserStatus": null, "messageAction": null,
        "desiredDeliveryMediums": null, "forceAliasCreation": null, "enableSMSMFA": null,
    });
    let answered: Result<Option<Response>, Error> =
        fire(stand_in, envelope, request, untouched).await;
    match answered {
        // D: AWS's knowledge center has this trigger's own words for a function that the pool may not call.
        Err(Error::UnexpectedLambda {
            cause: "AccessDeniedException",
            ..
        }) => Err(Error::not_migrated(client_id)),
        answered => Ok(answered?.filter(|response| *response != Response::default())),
    }
}
