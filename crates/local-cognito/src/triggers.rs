//! Calls a trigger's function as Cognito does: builds the event, reads the answer strictly, turns failures into Cognito's exceptions.

mod create_auth_challenge;
mod custom_auth;
mod custom_message;
mod custom_sender;
mod define_auth_challenge;
mod post_authentication;
mod post_confirmation;
mod pre_authentication;
mod pre_sign_up;
mod pre_token_generation;
mod user_migration;
mod verify_auth_challenge_response;

use std::collections::BTreeMap;
use std::time::Instant;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

pub(crate) use create_auth_challenge::create_auth_challenge;
pub(crate) use custom_auth::{Challenged, check_wired};
pub(crate) use custom_message::{Letter, MessageReason, custom_message};
pub(crate) use custom_sender::custom_sender;
pub(crate) use define_auth_challenge::{Decision, define_auth_challenge};
pub(crate) use post_authentication::post_authentication;
pub(crate) use post_confirmation::{Confirmed, post_confirmation};
pub(crate) use pre_authentication::pre_authentication;
pub(crate) use pre_sign_up::{NewUser, pre_sign_up};
pub(crate) use pre_token_generation::{
    ClientTokenRequest, TokenCause, TokenRequest, pre_token_generation,
    pre_token_generation_for_client, preferred_role,
};
pub(crate) use user_migration::{Arrival, user_migration};
pub(crate) use verify_auth_challenge_response::verify_auth_challenge_response;

use crate::calls::{Call, Outcome};
use crate::error::Error;
use crate::functions::fire::Outcome as Fired;
use crate::stand_in::StandIn;
use crate::strictness::{Doubt, Strictness};
use crate::user_pool::{User, UserPool};

/// Stands in events for the app client that an administrator's call has not (field).
const NO_CLIENT: &str = "CLIENT_ID_NOT_APPLICABLE";

/// Text by name, as clients send metadata.
pub(crate) type Metadata = BTreeMap<String, String>;

/// What all events have in common.
struct Envelope<'a> {
    pool: &'a UserPool,
    trigger: &'static str,
    version: &'static str,
    trigger_source: &'static str,
    /// `None` where Cognito sends null.
    client_id: Option<&'a str>,
    username: &'a str,
}

/// Calls the function that is wired to the trigger, if one is, and returns its typed response.
async fn fire<Response: DeserializeOwned>(
    stand_in: &StandIn,
    envelope: Envelope<'_>,
    request: Map<String, Value>,
    response: Value,
) -> Result<Option<Response>, Error> {
    let Envelope { pool, trigger, .. } = envelope;
    let Some(wired) = pool.config.triggers.get(trigger) else {
        return Ok(None);
    };
    if !stand_in.functions.permit(&wired.function, &pool.config.arn) {
        return Err(Error::UnexpectedLambda {
            trigger,
            cause: "AccessDeniedException",
        });
    }
    let event = json!({
        "version": envelope.version,
        "region": stand_in.stack.region,
        "userPoolId": pool.config.id,
        "userName": envelope.username,
        "callerContext": { "awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": envelope.client_id },
        "triggerSource": envelope.trigger_source,
        "request": request,
        "response": response,
    });
    let started = Instant::now();
    let fired = stand_in
        .functions
        .fire(&wired.function, Bytes::from(event.to_string()))
        .await;
    let duration_micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let attempts = fired.attempts;
    let answer = read_answer(&stand_in.strictness, trigger, &event, fired.outcome);
    stand_in.calls.record(Call {
        time: stand_in.clock.now(),
        trigger_source: envelope.trigger_source.to_owned(),
        function: wired.function.clone(),
        attempts,
        duration_micros,
        event,
        outcome: match &answer {
            Ok(response) => Outcome::Answered(response.clone()),
            Err(error) => Outcome::Failed(error.to_string()),
        },
    });
    serde_json::from_value(answer?)
        .map(Some)
        .map_err(|_| Error::unrecognizable())
}

const INVALID_JSON: Error =
    Error::InvalidLambdaResponse("Invalid lambda function output : Invalid JSON"); // W

/// The answer's `response`, if the answer is the event that was sent with a `response` filled in.
fn read_answer(
    strictness: &Strictness,
    trigger: &'static str,
    event: &Value,
    outcome: Fired,
) -> Result<Value, Error> {
    let answer = match outcome {
        Fired::Answered(answer) => answer,
        Fired::FunctionError { error_message } => {
            return Err(Error::UserLambdaValidation {
                trigger,
                message: error_message,
            });
        }
        Fired::TimedOut => {
            return Err(Error::UnexpectedLambda {
                trigger,
                cause: "Socket timeout while invoking Lambda function",
            });
        }
        Fired::CouldNotStart(_) => {
            return Err(Error::UnexpectedLambda {
                trigger,
                cause: "ServiceException",
            });
        }
    };
    let Ok(Value::Object(mut answer)) = serde_json::from_slice(&answer) else {
        return Err(INVALID_JSON);
    };
    let envelope = [
        "version",
        "region",
        "userPoolId",
        "userName",
        "callerContext",
        "triggerSource",
        "request",
    ];
    for member in envelope {
        match answer.get(member) {
            None => return Err(Error::unrecognizable()),
            found if found != event.get(member) => {
                strictness.judge(trigger, Doubt::ChangedEvent, member)?;
            }
            Some(_) => {}
        }
    }
    let sent = event.get("response").and_then(Value::as_object);
    let Some(Value::Object(mut response)) = answer.remove("response") else {
        return Err(Error::unrecognizable());
    };
    if sent.is_some_and(Map::is_empty) {
        for name in response.keys() {
            strictness.judge(trigger, Doubt::UnreadMember, name)?;
        }
        response.clear();
    }
    let sent_null = |name: &String| sent.is_some_and(|sent| sent.get(name) == Some(&Value::Null));
    for (name, value) in &response {
        if value.is_null() && !sent_null(name) {
            strictness.judge(trigger, Doubt::AddedNull, name)?;
        }
    }
    Ok(Value::Object(response))
}

/// The user's attributes as events show them.
fn attributes_of(user: &User) -> Value {
    let mut attributes = user.attributes_with_sub();
    attributes.insert(
        "cognito:user_status".to_owned(),
        user.status.as_str().to_owned(),
    );
    json!(attributes)
}
