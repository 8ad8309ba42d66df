//! Every file of `events/`, and hostile variants of it, through the view of its trigger.

#![expect(clippy::unwrap_used, reason = "the helpers of a test may stop it")]

mod event_files;
mod views;

use std::collections::BTreeSet;

use event_files::event_files;
use serde_json::{Value, json};
use views::{Seen, see};

/// The folders of `events/`: every trigger, and every form of its event.
const FOLDERS: [&str; 15] = [
    "create-auth-challenge",
    "custom-email-sender",
    "custom-message",
    "custom-sms-sender",
    "define-auth-challenge",
    "inbound-federation",
    "post-authentication",
    "post-confirmation",
    "pre-authentication",
    "pre-sign-up",
    "pre-token-generation-v1",
    "pre-token-generation-v2",
    "pre-token-generation-v3",
    "user-migration",
    "verify-auth-challenge-response",
];

/// A step into an event: the name in an object, or the place in a list.
#[derive(Clone)]
enum Step {
    Name(String),
    Place(usize),
}

#[test]
fn a_view_holds_all_that_its_file_holds() {
    for file in event_files() {
        let seen = see(&file.folder, &file.event).unwrap();
        assert_eq!(seen.event, meaning(&file.event), "{}", file.path);
        assert!(
            !seen.debug.contains("Unknown("),
            "{}: an unknown name",
            file.path
        );
        let source = file.event["triggerSource"].as_str().unwrap();
        let name = file.path.split('/').next_back().unwrap();
        assert_eq!(name.split('.').next(), Some(source), "{}", file.path);
    }
}

#[test]
fn every_trigger_has_a_file() {
    let folders: BTreeSet<String> = event_files().into_iter().map(|file| file.folder).collect();
    assert_eq!(folders, BTreeSet::from(FOLDERS.map(str::to_owned)));
}

#[test]
fn nothing_needs_to_be_there() {
    for file in event_files() {
        for path in paths(&file.event) {
            let mut without = file.event.clone();
            remove(&mut without, &path);
            check(
                &file.folder,
                &without,
                &format!("{} without {}", file.path, shown(&path)),
            );

            let mut null = file.event.clone();
            *at(&mut null, &path) = Value::Null;
            check(
                &file.folder,
                &null,
                &format!("{} with null {}", file.path, shown(&path)),
            );
        }
        check(&file.folder, &json!({}), &format!("{}, empty", file.path));
    }
}

#[test]
fn unknown_fields_do_not_matter() {
    for file in event_files() {
        for path in paths(&file.event) {
            // What an identity provider says is all unknown, and stays.
            let of_provider = shown(&path).starts_with("/request/attributes");
            let mut more = file.event.clone();
            if let Value::Object(object) = at(&mut more, &path)
                && !of_provider
            {
                object.insert("ofTomorrow".to_owned(), json!({"list": [1, null, "text"]}));
                let seen = see(&file.folder, &more).unwrap();
                assert_eq!(
                    seen.event,
                    meaning(&file.event),
                    "{} {}",
                    file.path,
                    shown(&path)
                );
            }
        }
    }
}

#[test]
fn an_unknown_trigger_source_is_kept() {
    for file in event_files() {
        let mut event = file.event.clone();
        event["triggerSource"] = json!("PreSignUp_OfTomorrow");
        check(&file.folder, &event, &file.path);
        let seen = see(&file.folder, &event).unwrap();
        assert!(seen.debug.contains("Unknown(\"PreSignUp_OfTomorrow\")"));

        for odd in [json!(7), json!(null), json!({"name": "SignUp"})] {
            event["triggerSource"] = odd;
            let seen = see(&file.folder, &event).unwrap();
            assert!(
                seen.debug.contains("trigger_source: Unknown("),
                "{}",
                file.path
            );
        }
    }
}

#[test]
fn true_and_false_are_told_apart() {
    for file in event_files() {
        for path in paths(&file.event) {
            let mut event = file.event.clone();
            let value = at(&mut event, &path);
            if let Value::Bool(answer) = value {
                *value = json!(!*answer);
                check(&file.folder, &event, &file.path);
            }
        }
    }
}

#[test]
fn numbers_and_booleans_are_read_as_text() {
    for file in event_files() {
        let mut event = file.event.clone();
        event["version"] = json!(1);
        assert_eq!(see(&file.folder, &event).unwrap().event["version"], "1");

        if file.event["request"]["userAttributes"].is_object() {
            event["request"]["userAttributes"] = json!({"email_verified": true, "custom:n": 7});
            assert_eq!(
                see(&file.folder, &event).unwrap().event["request"]["userAttributes"],
                json!({"email_verified": "true", "custom:n": "7"}),
                "{}",
                file.path
            );
        }
    }
}

/// Names of Cognito's or of the pool's makers, which say nothing about a person and may be printed.
const PRINTABLE: [&str; 9] = [
    "challengeName",
    "codeParameter",
    "groupConfiguration",
    "linkParameter",
    "providerName",
    "providerType",
    "scopes",
    "type",
    "usernameParameter",
];

#[test]
fn debug_shows_nothing_about_a_person() {
    for file in event_files() {
        let mut event = file.event.clone();
        let mut marks = Vec::new();
        for path in paths(&file.event) {
            let path_shown = shown(&path);
            let value = at(&mut event, &path);
            if value.is_string()
                && (path_shown.starts_with("/request/") || path_shown == "/userName")
            {
                let mark = format!("mark-{}-", marks.len());
                *value = json!(mark);
                let printable = path_shown.split('/').any(|step| PRINTABLE.contains(&step));
                marks.push((path_shown, mark, printable));
            }
        }
        let Seen { debug, .. } = see(&file.folder, &event).unwrap();
        assert!(!marks.is_empty());
        for (path, mark, printable) in marks {
            assert_eq!(
                debug.contains(&mark),
                printable,
                "{} {path} in {debug}",
                file.path
            );
        }
    }
}

/// The view of this event holds exactly what the event means.
#[track_caller]
fn check(folder: &str, event: &Value, case: &str) {
    match see(folder, event) {
        Ok(seen) => assert_eq!(seen.event, meaning(event), "{case}"),
        Err(error) => panic!("{case}: {error}"),
    }
}

/// An event without its response, and without what means the same as its absence.
fn meaning(event: &Value) -> Value {
    let mut event = event.clone();
    if let Value::Object(fields) = &mut event {
        fields.remove("response");
    }
    views::pruned(event)
}

/// The path to every value in an event, but for its response.
fn paths(event: &Value) -> Vec<Vec<Step>> {
    fn add(value: &Value, path: &[Step], paths: &mut Vec<Vec<Step>>) {
        let children: Vec<(Step, &Value)> = match value {
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| (Step::Name(name.clone()), value))
                .collect(),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(place, value)| (Step::Place(place), value))
                .collect(),
            _ => Vec::new(),
        };
        for (step, value) in children {
            let path = [path, &[step]].concat();
            add(value, &path, paths);
            paths.push(path);
        }
    }
    let mut paths = Vec::new();
    add(event, &[], &mut paths);
    paths.retain(|path| !shown(path).starts_with("/response"));
    paths
}

fn at<'a>(event: &'a mut Value, path: &[Step]) -> &'a mut Value {
    path.iter().fold(event, |value, step| match step {
        Step::Name(name) => &mut value[name],
        Step::Place(place) => &mut value[*place],
    })
}

fn remove(event: &mut Value, path: &[Step]) {
    let (last, parent) = path.split_last().unwrap();
    match (at(event, parent), last) {
        (Value::Object(fields), Step::Name(name)) => drop(fields.remove(name)),
        (Value::Array(items), Step::Place(place)) => drop(items.remove(*place)),
        _ => unreachable!("the path was made from this event"),
    }
}

fn shown(path: &[Step]) -> String {
    path.iter()
        .map(|step| match step {
            Step::Name(name) => format!("/{name}"),
            Step::Place(place) => format!("/{place}"),
        })
        .collect()
}
