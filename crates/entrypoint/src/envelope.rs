use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::overlay::overlay;

/// An event, cut open at its `response`. Everything else goes back as Cognito spelled it, known to us or not.
pub(crate) struct Envelope<'a> {
    before: &'a str,
    /// The member's name, where the event had no `response`.
    name: &'static str,
    response: BTreeMap<String, &'a RawValue>,
    after: &'a str,
}

impl<'a> Envelope<'a> {
    pub(crate) fn open(event: &'a RawValue) -> Result<Self, JsonError> {
        let text = event.get();
        let members: BTreeMap<Cow<'_, str>, &RawValue> =
            serde_json::from_str(text).map_err(unreadable)?;
        let Some(response) = members.get("response") else {
            let (before, after) = text.split_at(text.len() - "}".len());
            let name = if members.is_empty() {
                r#""response":"#
            } else {
                r#","response":"#
            };
            return Ok(Self {
                before,
                name,
                response: BTreeMap::new(),
                after,
            });
        };
        // The raw value is a part of the text, so its address says where.
        let start = response.get().as_ptr() as usize - text.as_ptr() as usize;
        let members: Option<_> = serde_json::from_str(response.get()).map_err(unreadable)?;
        Ok(Self {
            before: &text[..start],
            name: "",
            response: members.unwrap_or_default(),
            after: &text[start + response.get().len()..],
        })
    }

    /// The event with the decided fields laid over its `response`: each one replaces the field of its name.
    pub(crate) fn close(&self, decided: &impl Serialize) -> Result<Box<RawValue>, JsonError> {
        let mut event = [self.before, self.name].concat().into_bytes();
        overlay(decided, &self.response, &mut event).map_err(unwritable)?;
        event.extend_from_slice(self.after.as_bytes());
        serde_json::from_slice(&event).map_err(unwritable)
    }
}

/// What is wrong with some JSON, without serde's own text: that can quote what it read.
#[derive(Debug, thiserror::Error)]
#[error("failed to {task}: {category:?} error at line {line}, column {column}")]
pub(crate) struct JsonError {
    task: &'static str,
    category: Category,
    line: usize,
    column: usize,
}

pub(crate) fn unreadable(error: serde_json::Error) -> JsonError {
    JsonError::new("read the event", &error)
}

fn unwritable(error: serde_json::Error) -> JsonError {
    JsonError::new("write the response", &error)
}

impl JsonError {
    fn new(task: &'static str, error: &serde_json::Error) -> Self {
        Self {
            task,
            category: error.classify(),
            line: error.line(),
            column: error.column(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(case: &str, event: &str, expected: &str) {
        let event: Box<RawValue> = serde_json::from_str(event).unwrap();
        let decided = json!({ "autoConfirmUser": true, "details": { "groups": [] } });
        let closed = Envelope::open(&event).unwrap().close(&decided).unwrap();
        assert_eq!(closed.get(), expected, "{case}");
    }

    #[test]
    fn decided_fields_are_laid_over_the_response() {
        let decided = r#"{"autoConfirmUser":true,"details":{"groups":[]}}"#;
        check(
            "fields that were there are replaced as a whole, others stay",
            r#"{"response":{"details":{"groups":["a"],"more":1},"autoConfirmUser":false,"other":1.0}}"#,
            r#"{"response":{"autoConfirmUser":true,"details":{"groups":[]},"other":1.0}}"#,
        );
        for response in ["{}", "null", " { } "] {
            check(
                response,
                &format!(r#"{{"version":"1","response":{response},"region":"x"}}"#),
                &format!(
                    r#"{{"version":"1","response":{}{decided}{},"region":"x"}}"#,
                    &response[..response.len() - response.trim_start().len()],
                    &response[response.trim_end().len()..],
                ),
            );
        }
        check(
            "absent",
            r#"{"version":"1"}"#,
            &format!(r#"{{"version":"1","response":{decided}}}"#),
        );
        check("empty", "{}", &format!(r#"{{"response":{decided}}}"#));
        check(
            "a field within another is another field",
            r#"{"response":{"groups":["a"],"\u0061utoConfirmUser":1,"\"":2}}"#,
            r#"{"response":{"autoConfirmUser":true,"details":{"groups":[]},"\"":2,"groups":["a"]}}"#,
        );
    }

    #[test]
    fn nothing_decided_leaves_the_fields_as_they_are() {
        for (event, expected) in [
            (
                r#"{"response":{"b":1, "a":[ ]}}"#,
                r#"{"response":{"a":[ ],"b":1}}"#,
            ),
            (r#"{"response":{}}"#, r#"{"response":{}}"#),
        ] {
            let event: Box<RawValue> = serde_json::from_str(event).unwrap();
            let closed = Envelope::open(&event).unwrap().close(&json!({})).unwrap();
            assert_eq!(closed.get(), expected);
        }
    }

    #[test]
    fn the_rest_stays_byte_for_byte() {
        let rest = concat!(
            r#"{ "response" : {"autoConfirmUser":true,"details":{"groups":[]}} , "#,
            r#""z":[1.0, 1e400, -0, 12345678901234567890, 1E+2],"a":"\u00e9\u0000\/é","k\u0065y":null,"#,
            "\n\t",
            r#""unknown":{"response":{"autoConfirmUser":false}}}"#
        );
        check("spelling", rest, rest);
    }

    #[test]
    fn what_is_not_an_event_is_refused_without_quoting_it() {
        for text in [
            r#"["secret"]"#,
            r#""secret""#,
            "null",
            "1",
            r#"{"response":"secret"}"#,
            r#"{"response":["secret"]}"#,
        ] {
            let event: Box<RawValue> = serde_json::from_str(text).unwrap();
            let error = Envelope::open(&event).err().unwrap();
            let shown = format!("{error} {error:?}");
            assert!(
                shown.starts_with("failed to read the event: Data error at line 1"),
                "{shown}"
            );
            assert!(!shown.contains("secret"), "{shown}");
        }
    }

    #[test]
    fn a_response_that_is_not_an_object_is_refused() {
        let event: Box<RawValue> = serde_json::from_str("{}").unwrap();
        let envelope = Envelope::open(&event).unwrap();
        for decided in [json!("secret"), json!(null), json!([{ "secret": 1 }])] {
            let error = envelope.close(&decided).unwrap_err().to_string();
            assert!(
                error.starts_with("failed to write the response: Data error"),
                "{error}"
            );
        }
    }
}
