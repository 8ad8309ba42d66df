//! The events that the stand-in has built, beside the files in `events/`, which nobody generated from our types.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tests::stand_in::StandIn;

/// The trigger sources that were fired, in order. Every event has the same members and nulls as a file of its source.
///
/// What was fired before some point of a journey is left out by its number: `trigger_sources(&stand_in)[2..]`.
///
/// # Panics
///
/// When an event is shaped like none of its files; when it has none.
#[track_caller]
pub(crate) fn trigger_sources(stand_in: &StandIn) -> Vec<String> {
    let calls = stand_in.get("calls");
    let events = calls.as_array().unwrap().iter().map(|call| &call["event"]);
    let sources = events.map(|event| {
        let source = event["triggerSource"].as_str().unwrap();
        let built = shape(event);
        let recorded: Vec<Vec<String>> = files_of(event)
            .iter()
            .map(|file| shape(&read(file)))
            .collect();
        assert!(!recorded.is_empty(), "no file in events/ is named {source}");
        if !recorded.contains(&built) {
            // Shows what is missing and what is too much, for the file without a variant's suffix.
            assert_eq!(built, recorded[0], "{source}");
        }
        source.to_owned()
    });
    sources.collect()
}

/// The request of the last event with this trigger source.
#[track_caller]
pub(crate) fn last_request(stand_in: &StandIn, trigger_source: &str) -> Value {
    let calls = stand_in.get("calls");
    let mut calls = calls.as_array().unwrap().iter().rev();
    let call = calls.find(|call| call["triggerSource"] == trigger_source);
    call.unwrap()["event"]["request"].clone()
}

/// The file of the event's trigger source, and those of its variants, such as `.user-not-found`.
fn files_of(event: &Value) -> Vec<PathBuf> {
    let source = event["triggerSource"].as_str().unwrap();
    let folder = folder_of(source, event["version"].as_str().unwrap());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../events")
        .join(folder);
    let named = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.and_then(|name| name.split('.').next()) == Some(source)
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(named)
        .collect();
    files.sort_by_key(|path| path.as_os_str().len());
    files
}

/// The folder in `events/`: the trigger's name, with the version where that changes the event.
fn folder_of(source: &str, version: &str) -> String {
    match source.split('_').next().unwrap() {
        "TokenGeneration" => format!("pre-token-generation-v{version}"),
        "CustomSMSSender" => "custom-sms-sender".to_owned(),
        trigger => {
            let hyphenated = trigger.chars().enumerate().map(|(at, char)| {
                let hyphen = if at > 0 && char.is_uppercase() {
                    "-"
                } else {
                    ""
                };
                format!("{hyphen}{}", char.to_lowercase())
            });
            hyphenated.collect()
        }
    }
}

fn read(file: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// Every member by its path, with the kind of its value. Lists count as lists, however long.
fn shape(event: &Value) -> Vec<String> {
    fn walk(path: &str, value: &Value, into: &mut Vec<String>) {
        // Which attributes a user has, and what an app sends along, is up to them. An app that sends no metadata leaves the member out.
        let kind = match (path, value) {
            (".request.clientMetadata", Value::Object(_)) => return,
            (".request.userAttributes", Value::Object(_)) => "object",
            (".request.validationData", Value::Object(_) | Value::Null) => "object or null",
            // The stand-in does not show what is in it.
            (".request.privateChallengeParameters", Value::Object(_) | Value::String(_)) => {
                "object or masked"
            }
            // A user with groups has a preferred role, and one without has none.
            (".request.groupConfiguration.preferredRole", Value::String(_) | Value::Null) => {
                "text or null"
            }
            (_, Value::Null) => "null",
            (_, Value::Bool(_)) => "boolean",
            (_, Value::Number(_)) => "number",
            (_, Value::String(_)) => "text",
            (_, Value::Array(_)) => "list",
            (_, Value::Object(members)) => {
                members
                    .iter()
                    .for_each(|(name, member)| walk(&format!("{path}.{name}"), member, into));
                "object"
            }
        };
        into.push(format!("{path}: {kind}"));
    }
    let mut paths = Vec::new();
    walk("", event, &mut paths);
    paths.sort();
    paths
}

#[test]
fn each_trigger_source_has_its_folder() {
    for (source, folder) in [
        ("PreSignUp_SignUp", "pre-sign-up"),
        ("TokenGeneration_HostedAuth", "pre-token-generation-v2"),
        ("CustomSMSSender_SignUp", "custom-sms-sender"),
        (
            "VerifyAuthChallengeResponse_Authentication",
            "verify-auth-challenge-response",
        ),
    ] {
        assert_eq!(folder_of(source, "2"), folder);
    }
}

#[test]
fn an_event_with_a_null_too_many_is_shaped_otherwise() {
    let event = |text: &str| shape(&serde_json::from_str(text).unwrap());
    let recorded =
        event(r#"{"request":{"userAttributes":{"sub":"1"},"clientMetadata":{"a":"b"}}}"#);
    assert_eq!(event(r#"{"request":{"userAttributes":{}}}"#), recorded);
    for other in [
        r#"{"request":{"userAttributes":{},"clientMetadata":null}}"#,
        r#"{"request":{"userAttributes":null}}"#,
        r#"{"request":{"userAttributes":{},"userNotFound":true}}"#,
        r#"{"request":{}}"#,
    ] {
        assert_ne!(event(other), recorded, "{other}");
    }
}
