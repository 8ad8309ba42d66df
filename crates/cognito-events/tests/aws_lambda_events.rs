//! What the crate `aws_lambda_events` can read, we read alike; and what it cannot, as far as we know it.
//!
//! A failure in the second half says that the crate has improved: take the case out.

#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod event_files;
mod views;

use aws_lambda_events::cognito::{
    ClaimsAndScopeOverrideDetailsV2, ClaimsOverrideDetails,
    CognitoEventUserPoolsCreateAuthChallenge, CognitoEventUserPoolsCustomMessage,
    CognitoEventUserPoolsDefineAuthChallenge, CognitoEventUserPoolsMigrateUser,
    CognitoEventUserPoolsPostAuthentication, CognitoEventUserPoolsPostConfirmation,
    CognitoEventUserPoolsPreAuthentication, CognitoEventUserPoolsPreSignup,
    CognitoEventUserPoolsPreTokenGen, CognitoEventUserPoolsPreTokenGenV2,
    CognitoEventUserPoolsVerifyAuthChallenge,
};
use cognito_events::pre_token_generation;
use event_files::event_files;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use views::{pruned, see};

/// Triggers that the crate does not know. It has no type for V3_0 either, but that for V2_0 reads the events of users.
const NOT_MODELLED: [&str; 3] = [
    "custom-email-sender",
    "custom-sms-sender",
    "inbound-federation",
];

/// The only file of a modelled trigger that the crate cannot read.
const NOT_READ: &str = "pre-token-generation-v3/TokenGeneration_ClientCredentials.json";

/// Fields that the crate drops.
const DROPPED: [(&str, &str); 2] = [
    ("custom-message", "linkParameter"),
    ("pre-authentication", "userNotFound"),
];

#[test]
fn what_it_reads_we_read_alike() {
    for file in event_files() {
        if NOT_MODELLED.contains(&file.folder.as_str()) {
            continue;
        }
        let ours = see(&file.folder, &file.event).unwrap();
        assert!(!ours.debug.contains("Unknown("), "{}", file.path);
        let Ok(theirs) = theirs(&file.folder, &file.event) else {
            assert_eq!(file.path, NOT_READ);
            continue;
        };
        assert_ne!(file.path, NOT_READ, "the crate has learned to read it");
        let mut kept = ours.event;
        for (_, field) in DROPPED.iter().filter(|(folder, _)| *folder == file.folder) {
            kept["request"].as_object_mut().unwrap().remove(*field);
        }
        assert_eq!(theirs, pruned(kept), "{}", file.path);
    }
}

#[test]
fn what_it_cannot_read_we_can() {
    const UNKNOWN: &str = "OfTomorrow_SignUp";
    // The folder, the changed field, and its value; none takes the field away.
    let changes: [(&str, &str, Option<Value>); 20] = [
        ("pre-sign-up", "/triggerSource", Some(json!(UNKNOWN))),
        (
            "pre-token-generation-v1",
            "/triggerSource",
            Some(json!(UNKNOWN)),
        ),
        (
            "verify-auth-challenge-response",
            "/triggerSource",
            Some(json!("VerifyAuthChallenge_Authentication")),
        ),
        ("post-confirmation", "/version", Some(json!(1))),
        ("pre-authentication", "/callerContext", None),
        (
            "pre-sign-up",
            "/request/userAttributes/email",
            Some(json!(null)),
        ),
        (
            "pre-sign-up",
            "/request/userAttributes/email",
            Some(json!(true)),
        ),
        ("pre-sign-up", "/response", Some(json!({}))),
        (
            "pre-sign-up",
            "/response/autoConfirmUser",
            Some(json!(null)),
        ),
        ("post-authentication", "/request/newDeviceUsed", None),
        ("define-auth-challenge", "/request/session", None),
        (
            "define-auth-challenge",
            "/request/session",
            Some(json!(null)),
        ),
        ("create-auth-challenge", "/request/session", None),
        (
            "define-auth-challenge",
            "/request/userNotFound",
            Some(json!(null)),
        ),
        (
            "pre-token-generation-v1",
            "/request/groupConfiguration",
            Some(json!({})),
        ),
        (
            "pre-token-generation-v2",
            "/request/groupConfiguration/groupsToOverride",
            Some(json!(null)),
        ),
        ("pre-token-generation-v2", "/request/scopes", None),
        (
            "pre-token-generation-v2",
            "/request/scopes",
            Some(json!(null)),
        ),
        (
            "pre-token-generation-v1",
            "/response/claimsOverrideDetails",
            Some(json!({"claimsToSuppress": ["email"]})),
        ),
        (
            "pre-token-generation-v2",
            "/response/claimsAndScopeOverrideDetails",
            Some(json!({"idTokenGeneration": {"claimsToSuppress": ["email"]}})),
        ),
    ];
    for (folder, field, value) in changes {
        let case = format!("{folder}: {field} = {value:?}");
        let event = changed(folder, field, value);
        assert!(
            theirs(folder, &event).is_err(),
            "{case}: the crate has learned to read it"
        );
        assert!(
            see(folder, &event).is_ok(),
            "{case}: we cannot read it either"
        );
    }
}

#[test]
fn nulls_that_both_read() {
    for (folder, field) in [
        ("post-confirmation", "/callerContext/clientId"),
        ("pre-sign-up", "/request/validationData"),
        ("pre-token-generation-v1", "/request/groupConfiguration"),
    ] {
        let event = changed(folder, field, Some(json!(null)));
        assert_eq!(
            see(folder, &event).unwrap().event,
            theirs(folder, &event).unwrap(),
            "{folder}: {field}"
        );
    }
}

/// Why we do not answer with its types: Cognito takes an empty `groupOverrideDetails` as the order to remove every group.
#[test]
fn its_default_answer_removes_every_group() {
    let removes_groups = |answer: Value| answer.get("groupOverrideDetails").is_some();
    assert!(removes_groups(json!(ClaimsOverrideDetails::default())));
    assert!(removes_groups(json!(
        ClaimsAndScopeOverrideDetailsV2::default()
    )));
    assert!(!removes_groups(json!(
        pre_token_generation::ClaimsOverrideDetails::default()
    )));
    assert!(!removes_groups(json!(
        pre_token_generation::ClaimsAndScopeOverrideDetails::<Value>::default()
    )));
}

/// A folder's first file with one field changed.
fn changed(folder: &str, field: &str, value: Option<Value>) -> Value {
    let mut files = event_files().into_iter();
    let mut event = files.find(|file| file.folder == folder).unwrap().event;
    let (parent, name) = field.rsplit_once('/').unwrap();
    let parent = event.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Some(value) => parent.insert(name.to_owned(), value),
        None => parent.remove(name),
    };
    event
}

/// What the crate holds of an event, as far as it is not its response.
fn theirs(folder: &str, event: &Value) -> Result<Value, serde_json::Error> {
    match folder {
        "create-auth-challenge" => held::<CognitoEventUserPoolsCreateAuthChallenge>(event),
        "custom-message" => held::<CognitoEventUserPoolsCustomMessage>(event),
        "define-auth-challenge" => held::<CognitoEventUserPoolsDefineAuthChallenge>(event),
        "post-authentication" => held::<CognitoEventUserPoolsPostAuthentication>(event),
        "post-confirmation" => held::<CognitoEventUserPoolsPostConfirmation>(event),
        "pre-authentication" => held::<CognitoEventUserPoolsPreAuthentication>(event),
        "pre-sign-up" => held::<CognitoEventUserPoolsPreSignup>(event),
        "pre-token-generation-v1" => held::<CognitoEventUserPoolsPreTokenGen>(event),
        "pre-token-generation-v2" | "pre-token-generation-v3" => {
            held::<CognitoEventUserPoolsPreTokenGenV2>(event)
        }
        "user-migration" => held::<CognitoEventUserPoolsMigrateUser>(event),
        "verify-auth-challenge-response" => held::<CognitoEventUserPoolsVerifyAuthChallenge>(event),
        _ => panic!("no type for the folder {folder}"),
    }
}

fn held<Theirs: DeserializeOwned + Serialize>(event: &Value) -> Result<Value, serde_json::Error> {
    let theirs: Theirs = serde_json::from_str(&event.to_string())?;
    let mut held = serde_json::to_value(theirs)?;
    held.as_object_mut().unwrap().remove("response");
    Ok(pruned(held))
}
