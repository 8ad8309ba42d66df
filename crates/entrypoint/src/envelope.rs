use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::Error;
use serde_json::Value;
use serde_json::error::Category;
use serde_json::value::RawValue;

/// An event, cut open at its `response`. Everything else goes back as Cognito spelled it, known to us or not.
pub(crate) struct Envelope {
    members: BTreeMap<String, Box<RawValue>>,
    response: BTreeMap<String, Box<RawValue>>,
}

/// The event with the decided fields in its `response`.
///
/// It is written once, when it leaves: a message is 4 KB of HTML, and each time that it is read again takes as long as deciding on it.
#[derive(Serialize)]
pub(crate) struct Answer {
    #[serde(flatten)]
    members: BTreeMap<String, Box<RawValue>>,
    response: BTreeMap<String, Field>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Field {
    AsItWas(Box<RawValue>),
    Decided(Value),
}

impl Envelope {
    pub(crate) fn open(event: &RawValue) -> Result<Self, JsonError> {
        let mut members: BTreeMap<_, Box<RawValue>> =
            serde_json::from_str(event.get()).map_err(unreadable)?;
        let response: Option<Option<_>> = members
            .remove("response")
            .map(|response| serde_json::from_str(response.get()))
            .transpose()
            .map_err(unreadable)?;
        Ok(Self {
            members,
            response: response.flatten().unwrap_or_default(),
        })
    }

    /// Lays the decided fields over the event's `response`: each one replaces the field of its name.
    pub(crate) fn close(self, decided: &impl Serialize) -> Result<Answer, JsonError> {
        let Value::Object(decided) = serde_json::to_value(decided).map_err(unwritable)? else {
            return Err(unwritable(Error::custom("a response is an object")));
        };
        let there = self.response.into_iter();
        let decided = decided.into_iter();
        let response = there
            .map(|(name, value)| (name, Field::AsItWas(value)))
            .chain(decided.map(|(name, value)| (name, Field::Decided(value))))
            .collect();
        Ok(Answer {
            members: self.members,
            response,
        })
    }
}

impl Answer {
    pub(crate) fn to_json(&self) -> Result<Box<RawValue>, JsonError> {
        serde_json::value::to_raw_value(self).map_err(unwritable)
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
    fn check(case: &str, event: &str, decided: &Value, expected: &str) {
        let event: Box<RawValue> = serde_json::from_str(event).unwrap();
        let answer = Envelope::open(&event).unwrap().close(decided).unwrap();
        assert_eq!(answer.to_json().unwrap().get(), expected, "{case}");
    }

    #[test]
    fn decided_fields_are_laid_over_the_response() {
        let decided = json!({ "autoConfirmUser": true, "details": { "groups": [] } });
        check(
            "fields that were there are replaced as a whole, others stay",
            r#"{"response":{"details":{"groups":["a"],"more":1},"autoConfirmUser":false,"other":1.0}}"#,
            &decided,
            r#"{"response":{"autoConfirmUser":true,"details":{"groups":[]},"other":1.0}}"#,
        );
        for response in [
            "",
            r#","response":{}"#,
            r#","response":null"#,
            r#","response": { } "#,
        ] {
            check(
                response,
                &format!(r#"{{"version":"1"{response}}}"#),
                &decided,
                r#"{"version":"1","response":{"autoConfirmUser":true,"details":{"groups":[]}}}"#,
            );
        }
        check(
            "empty",
            "{}",
            &decided,
            r#"{"response":{"autoConfirmUser":true,"details":{"groups":[]}}}"#,
        );
        check(
            "a field within another is another field",
            r#"{"response":{"groups":["a"],"\u0061utoConfirmUser":1,"\"":2}}"#,
            &decided,
            r#"{"response":{"\"":2,"autoConfirmUser":true,"details":{"groups":[]},"groups":["a"]}}"#,
        );
    }

    #[test]
    fn nothing_decided_leaves_the_fields_as_they_are() {
        for event in [
            r#"{"response":{"a":[ ],"b":1}}"#,
            r#"{"version":"1","response":{}}"#,
        ] {
            check(event, event, &json!({}), event);
        }
    }

    #[test]
    fn every_value_stays_byte_for_byte() {
        for value in [
            "[1.0, 1e400, -0, 12345678901234567890, 1E+2]",
            r#""\u00e9\u0000\/é""#,
            "{ \"b\" :\tnull, \"a\":\n[ ] }",
            r#"{"response":{"autoConfirmUser":false}}"#,
        ] {
            let event = format!(r#"{{"unknown":{value},"response":{{"unknown":{value}}}}}"#);
            check("spelling", &event, &json!({}), &event);
        }
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
        for decided in [json!("secret"), json!(null), json!([{ "secret": 1 }])] {
            let envelope = Envelope::open(&event).unwrap();
            let error = envelope.close(&decided).err().unwrap().to_string();
            assert!(
                error.starts_with("failed to write the response: Data error"),
                "{error}"
            );
        }
    }
}
