//! The event files: named by what stands in them, and laid out alike.

use serde_json::Value;

use crate::forbid;
use crate::repository::{File, files_under};

/// Functions that Cognito does not call: their events are named by what they ask.
const NO_TRIGGERS: [&str; 5] = [
    "authenticator-enrolment",
    "challenge-sender",
    "identity-broker",
    "identity-operator",
    "who-am-i",
];

#[test]
fn events_stand_where_their_trigger_source_belongs() {
    let offenders = events().filter_map(|file| {
        let (_, place) = file.path.split_once('/')?;
        let (folder, name) = place.split_once('/')?;
        if NO_TRIGGERS.contains(&folder) {
            return None;
        }
        let (trigger, version) = folder.rsplit_once("-v").unwrap_or((folder, ""));
        let event: Value = serde_json::from_str(&file.text).unwrap();
        let trigger_source = event["triggerSource"].as_str().unwrap_or_default();
        let problem = if !trigger_source.starts_with(&trigger_source_prefix(trigger)) {
            format!("{trigger_source} belongs to another trigger")
        } else if name.split('.').next() != Some(trigger_source) {
            format!("its trigger source is {trigger_source}")
        } else if !version.is_empty() && event["version"] != version {
            format!("its version is {}", event["version"])
        } else {
            return None;
        };
        Some(format!("{}: {problem}", file.path))
    });
    forbid("an event stands in the wrong place", offenders);
}

#[test]
fn events_are_pretty_printed() {
    let offenders = events()
        .filter(|file| file.text != pretty(&file.text))
        .map(|file| file.path.clone());
    forbid("an event is not printed with two blanks a level", offenders);
}

fn events() -> impl Iterator<Item = &'static File> {
    files_under("events/", ".json")
}

/// `pre-sign-up` is `PreSignUp`.
pub(crate) fn pascal_case(kebab_case: &str) -> String {
    let words = kebab_case.split('-');
    words
        .map(|word| word[..1].to_uppercase() + &word[1..])
        .collect()
}

/// What the trigger sources of a trigger begin with; Cognito names them after the trigger, but for two.
fn trigger_source_prefix(trigger: &str) -> String {
    match trigger {
        "pre-token-generation" => "TokenGeneration_".to_owned(),
        "custom-sms-sender" => "CustomSMSSender_".to_owned(),
        _ => pascal_case(trigger) + "_",
    }
}

/// The same JSON, in the same order, with a line for each member and two blanks for each level.
fn pretty(json: &str) -> String {
    let mut printed = String::new();
    let mut depth = 0;
    let mut in_text = false;
    let mut escaped = false;
    let mut chars = json.chars().peekable();
    while let Some(char) = chars.next() {
        if in_text {
            printed.push(char);
            in_text = escaped || char != '"';
            escaped = char == '\\' && !escaped;
            continue;
        }
        match char {
            '{' | '[' => {
                while chars.next_if(|next| next.is_whitespace()).is_some() {}
                printed.push(char);
                if let Some(close) = chars.next_if(|next| ['}', ']'].contains(next)) {
                    printed.push(close);
                } else {
                    depth += 1;
                    break_line(&mut printed, depth);
                }
            }
            '}' | ']' => {
                depth -= 1;
                break_line(&mut printed, depth);
                printed.push(char);
            }
            ',' => {
                printed.push(char);
                break_line(&mut printed, depth);
            }
            ':' => printed.push_str(": "),
            _ if char.is_whitespace() => {}
            _ => {
                in_text = char == '"';
                printed.push(char);
            }
        }
    }
    printed + "\n"
}

fn break_line(printed: &mut String, depth: usize) {
    printed.push('\n');
    printed.extend(std::iter::repeat_n("  ", depth));
}
