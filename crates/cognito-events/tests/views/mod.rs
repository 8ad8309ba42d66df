//! What the view of an event holds, written as JSON again, so that it can be compared with the event.

use std::fmt::Debug;

use cognito_events::{
    Attributes, ChallengeResult, Event, SenderRequest, create_auth_challenge, custom_email_sender,
    custom_message, custom_sms_sender, define_auth_challenge, inbound_federation,
    post_authentication, post_confirmation, pre_authentication, pre_sign_up, pre_token_generation,
    user_migration, verify_auth_challenge_response,
};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A view.
pub(crate) struct Seen {
    /// What it holds, without what means the same as its absence.
    pub(crate) event: Value,
    /// Its `Debug` text.
    pub(crate) debug: String,
}

/// Reads an event with the view of its folder.
pub(crate) fn see(folder: &str, event: &Value) -> Result<Seen, serde_json::Error> {
    match folder {
        "create-auth-challenge" => see_as::<create_auth_challenge::TriggerSource, _>(
            event,
            |request: create_auth_challenge::Request| {
                json!({
                    "userAttributes": map(&request.user_attributes),
                    "challengeName": request.challenge_name,
                    "session": session(&request.session),
                    "clientMetadata": map(&request.client_metadata),
                    "userNotFound": request.user_not_found,
                })
            },
        ),
        "custom-email-sender" => see_as::<custom_email_sender::TriggerSource, _>(event, sender),
        "custom-message" => {
            see_as::<custom_message::TriggerSource, _>(event, |request: custom_message::Request| {
                json!({
                    "userAttributes": map(&request.user_attributes),
                    "codeParameter": request.code_parameter,
                    "linkParameter": request.link_parameter,
                    "usernameParameter": request.username_parameter,
                    "clientMetadata": map(&request.client_metadata),
                })
            })
        }
        "custom-sms-sender" => see_as::<custom_sms_sender::TriggerSource, _>(event, sender),
        "define-auth-challenge" => see_as::<define_auth_challenge::TriggerSource, _>(
            event,
            |request: define_auth_challenge::Request| {
                json!({
                    "userAttributes": map(&request.user_attributes),
                    "session": session(&request.session),
                    "clientMetadata": map(&request.client_metadata),
                    "userNotFound": request.user_not_found,
                })
            },
        ),
        "inbound-federation" => see_as::<inbound_federation::TriggerSource, _>(
            event,
            |request: inbound_federation::Request<Value>| {
                json!({
                    "providerName": request.provider_name,
                    "providerType": request.provider_type,
                    "attributes": {
                        "tokenResponse": request.attributes.token_response,
                        "idToken": request.attributes.id_token,
                        "userInfo": request.attributes.user_info,
                        "samlResponse": request.attributes.saml_response,
                    },
                })
            },
        ),
        "post-authentication" => see_as::<post_authentication::TriggerSource, _>(
            event,
            |request: post_authentication::Request| {
                json!({
                    "userAttributes": map(&request.user_attributes),
                    "newDeviceUsed": request.new_device_used,
                    "clientMetadata": map(&request.client_metadata),
                })
            },
        ),
        "post-confirmation" => see_as::<post_confirmation::TriggerSource, _>(
            event,
            |request: post_confirmation::Request| {
                json!({
                    "userAttributes": map(&request.user_attributes),
                    "clientMetadata": map(&request.client_metadata),
                })
            },
        ),
        "pre-authentication" => see_as::<pre_authentication::TriggerSource, _>(
            event,
            |request: pre_authentication::Request| {
                json!({
                    "userAttributes": map(&request.user_attributes),
                    "validationData": map(&request.validation_data),
                    "clientMetadata": map(&request.client_metadata),
                    "userNotFound": request.user_not_found,
                })
            },
        ),
        "pre-sign-up" => {
            see_as::<pre_sign_up::TriggerSource, _>(event, |request: pre_sign_up::Request| {
                json!({
                    "userAttributes": map(&request.user_attributes),
                    "validationData": map(&request.validation_data),
                    "clientMetadata": map(&request.client_metadata),
                })
            })
        }
        "pre-token-generation-v1" | "pre-token-generation-v2" | "pre-token-generation-v3" => {
            see_as::<pre_token_generation::TriggerSource, _>(
                event,
                |request: pre_token_generation::Request| {
                    let groups = request.group_configuration;
                    json!({
                        "userAttributes": map(&request.user_attributes),
                        "groupConfiguration": {
                            "groupsToOverride": groups.groups_to_override,
                            "iamRolesToOverride": groups.iam_roles_to_override,
                            "preferredRole": groups.preferred_role,
                        },
                        "scopes": request.scopes,
                        "clientMetadata": map(&request.client_metadata),
                    })
                },
            )
        }
        "user-migration" => {
            see_as::<user_migration::TriggerSource, _>(event, |request: user_migration::Request| {
                json!({
                    "password": exposed(request.password.as_ref()),
                    "validationData": map(&request.validation_data),
                    "clientMetadata": map(&request.client_metadata),
                })
            })
        }
        "verify-auth-challenge-response" => {
            see_as::<verify_auth_challenge_response::TriggerSource, _>(
                event,
                |request: verify_auth_challenge_response::Request| {
                    json!({
                        "userAttributes": map(&request.user_attributes),
                        "privateChallengeParameters": map(&request.private_challenge_parameters),
                        "challengeAnswer": exposed(request.challenge_answer.as_ref()),
                        "clientMetadata": map(&request.client_metadata),
                        "userNotFound": request.user_not_found,
                    })
                },
            )
        }
        _ => panic!("no trigger has the folder {folder}"),
    }
}

fn see_as<Source, Request>(
    event: &Value,
    request: fn(Request) -> Value,
) -> Result<Seen, serde_json::Error>
where
    Source: DeserializeOwned + Serialize + Default + Debug,
    Request: DeserializeOwned + Default + Debug,
{
    // As text, since that is how events arrive.
    let view: Event<Source, Request> = serde_json::from_str(&event.to_string())?;
    let debug = format!("{view:?}");
    let event = pruned(json!({
        "version": view.version,
        "triggerSource": view.trigger_source,
        "region": view.region,
        "userPoolId": view.user_pool_id,
        "userName": view.user_name.as_str(),
        "callerContext": {
            "awsSdkVersion": view.caller_context.aws_sdk_version,
            "clientId": view.caller_context.client_id,
        },
        "request": request(view.request),
    }));
    Ok(Seen { event, debug })
}

/// JSON without nulls, `false`, empty texts, lists and objects, which all mean the same as their absence.
pub(crate) fn pruned(value: Value) -> Value {
    let empty = [json!(null), json!(false), json!(""), json!([]), json!({})];
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, pruned(value)))
            .filter(|(_, value)| !empty.contains(value))
            .collect(),
        Value::Array(items) => items
            .into_iter()
            .map(pruned)
            .filter(|value| !empty.contains(value))
            .collect(),
        value => value,
    }
}

fn sender(request: SenderRequest) -> Value {
    json!({
        "type": request.request_type,
        "code": exposed(request.code.as_ref()),
        "clientMetadata": map(&request.client_metadata),
        "userAttributes": map(&request.user_attributes),
    })
}

fn session(session: &[ChallengeResult]) -> Value {
    session
        .iter()
        .map(|round| {
            json!({
                "challengeName": round.challenge_name,
                "challengeResult": round.challenge_result,
                "challengeMetadata": exposed(round.challenge_metadata.as_ref()),
            })
        })
        .collect()
}

fn map(attributes: &Attributes) -> Value {
    attributes
        .iter()
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect()
}

fn exposed(secret: Option<&SecretString>) -> Option<&str> {
    secret.map(SecretString::expose_secret)
}
