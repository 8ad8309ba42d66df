use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::{Envelope, Metadata, attributes_of, fire};
use crate::error::Error;
use crate::stand_in::StandIn;
use crate::user_pool::{Round, User, UserPool};

/// The three triggers of `CUSTOM_AUTH`, by their key in `LambdaConfig`.
const TRIGGERS: [&str; 3] = [
    "DefineAuthChallenge",
    "CreateAuthChallenge",
    "VerifyAuthChallengeResponse",
];

/// Somebody who signs in by custom challenges, as the events of all three triggers have them.
#[derive(Clone, Copy)]
pub(crate) struct Challenged<'a> {
    pub(crate) stand_in: &'a StandIn,
    pub(crate) pool: &'a UserPool,
    pub(crate) client_id: &'a str,
    /// `None` for a name that nobody has; the functions learn of those only where the app client hides who exists.
    pub(crate) user: Option<&'a User>,
    pub(crate) typed: &'a str,
    /// From the answer to a challenge alone: what comes with `InitiateAuth` does not reach these triggers (D).
    pub(crate) client_metadata: Option<&'a Metadata>,
}

impl Challenged<'_> {
    /// Asks one of the three. `own` is what its request has and the others' do not, and `response` is for the function to fill in.
    pub(super) async fn ask<Response: DeserializeOwned>(
        self,
        trigger: &'static str,
        trigger_source: &'static str,
        own: &[(&str, Value)],
        response: Value,
    ) -> Result<Response, Error> {
        let envelope = Envelope {
            pool: self.pool,
            trigger,
            version: "1",
            trigger_source,
            client_id: Some(self.client_id),
            username: self.user.map_or(self.typed, |user| &user.username),
        };
        let own = own.iter().cloned();
        let mut request: Map<String, Value> =
            own.map(|(name, value)| (name.to_owned(), value)).collect();
        let attributes = self.user.map_or_else(|| json!({}), attributes_of);
        request.insert("userAttributes".to_owned(), attributes);
        if let Some(metadata) = self.client_metadata {
            request.insert("clientMetadata".to_owned(), json!(metadata));
        }
        if self.user.is_none() {
            request.insert("userNotFound".to_owned(), json!(true));
        }
        let response = fire(self.stand_in, envelope, request, response).await?;
        response.ok_or_else(not_wired)
    }
}

/// Refuses where one of the three is missing. AWS does not say that all of them must be there from the start.
pub(crate) fn check_wired(pool: &UserPool) -> Result<(), Error> {
    let wired = |trigger: &str| pool.config.triggers.contains_key(trigger);
    if TRIGGERS.into_iter().all(wired) {
        return Ok(());
    }
    Err(not_wired())
}

fn not_wired() -> Error {
    Error::invalid("Custom auth lambda trigger is not configured for the user pool.") // W
}

/// The `session` of an event: the rounds so far, oldest first.
pub(super) fn session(rounds: &[Round]) -> Value {
    let rounds = rounds.iter().map(|round| {
        json!({
            "challengeName": round.challenge,
            "challengeResult": round.passed,
            "challengeMetadata": round.metadata.as_ref().map(ExposeSecret::expose_secret),
        })
    });
    rounds.collect()
}
