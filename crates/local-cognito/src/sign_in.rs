//! Signing in: the flows of `InitiateAuth` and the challenges that follow, for clients and for administrators.

mod choice;
mod code;
mod custom;
mod device;
mod issue;
mod mfa;
mod new_password;
mod password;
mod refresh;
mod secure_remote_password;
mod session;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

pub(crate) use mfa::setup::{associate, verify};
pub(crate) use refresh::{Presented, refresh};
pub(crate) use session::owners;

use crate::error::Error;
use crate::ids;
use crate::stand_in::StandIn;
use crate::template::UserPoolClient;
use crate::triggers::{Metadata, pre_authentication};
use crate::user_pool::{User, UserPool, contact_kind, fold};

/// Text by name: `AuthParameters` and `ChallengeResponses`.
pub(crate) type Parameters = BTreeMap<String, String>;

/// Where a sign-in takes place.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) stand_in: &'a StandIn,
    pub(crate) pool: &'a Arc<UserPool>,
    pub(crate) client: &'a UserPoolClient,
    /// Whether a server asks, with AWS credentials, rather than the app itself.
    pub(crate) administrator: bool,
}

/// What a client answers to a challenge.
#[derive(Clone, Copy)]
pub(crate) struct Answer<'a> {
    pub(crate) session: Option<&'a str>,
    pub(crate) responses: &'a Parameters,
    /// Reaches the triggers that run after the challenge.
    pub(crate) metadata: Option<&'a Metadata>,
}

/// Starts a sign-in. The metadata reaches the triggers that run before a password is checked, and no others (D).
pub(crate) async fn initiate(
    place: Place<'_>,
    flow: &str,
    parameters: &Parameters,
    metadata: Option<&Metadata>,
) -> Result<Value, Error> {
    match (flow, place.administrator) {
        ("USER_PASSWORD_AUTH", false) => {
            place.allows("USER_PASSWORD_AUTH", flow)?;
            password::initiate(place, parameters, metadata).await
        }
        ("ADMIN_USER_PASSWORD_AUTH" | "ADMIN_NO_SRP_AUTH", true) => {
            place.allows("ADMIN_USER_PASSWORD_AUTH", flow)?;
            password::initiate(place, parameters, metadata).await
        }
        ("USER_SRP_AUTH", _) => {
            place.allows("USER_SRP_AUTH", flow)?;
            secure_remote_password::initiate(place, parameters, metadata).await
        }
        ("REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN", _) => {
            place.allows("REFRESH_TOKEN_AUTH", flow)?;
            refresh::initiate(place, parameters).await
        }
        ("USER_AUTH", _) => {
            place.allows("USER_AUTH", flow)?;
            choice::initiate(place, parameters, metadata).await
        }
        ("CUSTOM_AUTH", _) => {
            place.allows("CUSTOM_AUTH", flow)?;
            custom::initiate(place, parameters, metadata).await
        }
        ("USER_PASSWORD_AUTH" | "ADMIN_USER_PASSWORD_AUTH" | "ADMIN_NO_SRP_AUTH", _) => {
            Err(Error::invalid("Initiate Auth method not supported")) // V
        }
        _ => Err(Error::UnsupportedOperation(format!(
            "local-cognito does not support the flow {flow}"
        ))),
    }
}

/// Answers a challenge.
pub(crate) async fn respond(
    place: Place<'_>,
    challenge: &str,
    answer: Answer<'_>,
) -> Result<Value, Error> {
    match challenge {
        "SELECT_CHALLENGE" => choice::select(place, answer).await,
        "PASSWORD" => choice::password(place, answer).await,
        "PASSWORD_SRP" => choice::password_srp(place, answer).await,
        "PASSWORD_VERIFIER" => secure_remote_password::respond(place, answer).await,
        "NEW_PASSWORD_REQUIRED" => new_password::respond(place, answer).await,
        "SMS_MFA" | "EMAIL_OTP" | "SMS_OTP" => code::respond(place, challenge, answer).await,
        "SOFTWARE_TOKEN_MFA" => mfa::software_token::respond(place, answer).await,
        "SELECT_MFA_TYPE" => mfa::select::respond(place, answer).await,
        "MFA_SETUP" => mfa::setup::respond(place, answer).await,
        "CUSTOM_CHALLENGE" => custom::respond(place, answer).await,
        "DEVICE_SRP_AUTH" => device::begin(place, answer),
        "DEVICE_PASSWORD_VERIFIER" => device::prove(place, answer).await,
        _ => Err(Error::UnsupportedOperation(format!(
            "local-cognito does not support the challenge {challenge}"
        ))),
    }
}

impl Place<'_> {
    fn allows(&self, wanted: &str, flow: &str) -> Result<(), Error> {
        let listed = &self.client.explicit_auth_flows;
        // Older templates name the flows without the prefix.
        if listed.contains(&format!("ALLOW_{wanted}")) || listed.contains(wanted) {
            return Ok(());
        }
        Err(Error::invalid(format!(
            "{flow} flow not enabled for this client"
        ))) // P
    }

    /// The user's name, or the one that a user who does not exist would have: always the same, and a UUID where an address or number
    /// cannot itself be a user name, so that nothing tells one from the other.
    fn name_of(&self, user: Option<&User>, typed: &str) -> String {
        let config = &self.pool.config;
        match user {
            Some(user) => user.username.clone(),
            None => {
                let folded = fold(config, typed);
                let alias = contact_kind(&folded)
                    .is_some_and(|kind| config.alias_attributes.iter().any(|name| name == kind));
                if config.username_attributes.is_empty() && !alias {
                    folded
                } else {
                    ids::uuid_for(&self.pool.decoy_key, &folded)
                }
            }
        }
    }

    /// The user who is to sign in, if there is one, once the pre authentication trigger has let them try.
    async fn admitted(
        &self,
        typed: &str,
        metadata: Option<&Metadata>,
    ) -> Result<Option<User>, Error> {
        let (pool, client) = (self.pool, self.client);
        let user = pool.find(typed);
        if user.is_none() && !client.prevent_user_existence_errors {
            return Err(Error::UserNotFound("User does not exist.")); // R, for SRP
        }
        pre_authentication(self.stand_in, pool, client, user.as_ref(), typed, metadata).await?;
        // The function may have changed the user, or another may have deleted them.
        Ok(pool.find(typed))
    }

    /// Refuses where the app client or its pool was deleted while a trigger decided: it gets no tokens any more.
    fn still_there(&self) -> Result<(), Error> {
        let pool = self.stand_in.pools.get(&self.pool.config.id);
        let client = pool.and_then(|pool| pool.client(&self.client.id));
        let client = client.ok_or_else(|| Error::no_such_client(&self.client.id));
        client.map(drop)
    }

    fn now(&self) -> i64 {
        self.stand_in.clock.now()
    }
}

/// A parameter that the flow cannot do without.
fn required<'a>(parameters: &'a Parameters, name: &str) -> Result<&'a str, Error> {
    let missing = || Error::invalid(format!("Missing required parameter {name}")); // W
    parameters
        .get(name)
        .map(String::as_str)
        .filter(|value| !value.is_empty())
        .ok_or_else(missing)
}
