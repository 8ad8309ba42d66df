//! One line for each decision. What may stand in it: `docs/LOGGING.md`.

use std::time::Duration;

use lambda_runtime::LambdaEvent;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::causes::with_causes;
use crate::decided::Decided;
use crate::failure::Failure;

pub(crate) fn log_decision<Response>(
    call: &LambdaEvent<Box<RawValue>>,
    took: Duration,
    answer: &Result<Decided<Response>, Failure>,
) {
    let event: Loggable = serde_json::from_str(call.payload.get()).unwrap_or_default();
    let request_id = &call.context.request_id;
    let trigger_source = event.trigger_source.as_identifier();
    let user_pool_id = event.user_pool_id.as_identifier();
    let client_id = event.caller_context.0.unwrap_or_default().client_id;
    let client_id = client_id.as_identifier();
    let request = event.request.0.unwrap_or_default();
    let sub = request.user_attributes.0.unwrap_or_default().sub;
    let sub = sub.as_sub();
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let (decision, reason) = match answer {
        Ok(decided) => ("answered", decided.reason),
        Err(Failure::Refused { reason, .. }) => ("refused", reason.as_str()),
        Err(Failure::Internal(cause)) => {
            tracing::error!(
                request_id,
                trigger_source,
                user_pool_id,
                client_id,
                sub,
                duration_ms,
                decision = "failed",
                cause = with_causes(&**cause),
                "failed to answer the event"
            );
            return;
        }
    };
    tracing::info!(
        request_id,
        trigger_source,
        user_pool_id,
        client_id,
        sub,
        duration_ms,
        decision,
        reason,
        "decided on the event"
    );
}

/// The fields of an event that a log may show; `sub` is the only one about a person, and says nothing without the pool.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Loggable {
    trigger_source: Lenient<String>,
    user_pool_id: Lenient<String>,
    caller_context: Lenient<LoggableCaller>,
    request: Lenient<LoggableRequest>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct LoggableCaller {
    client_id: Lenient<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct LoggableRequest {
    user_attributes: Lenient<LoggableAttributes>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LoggableAttributes {
    sub: Lenient<String>,
}

/// The value if it is of that type: one that is not must not keep the others out of the log.
pub(crate) struct Lenient<T>(pub(crate) Option<T>);

impl<T> Default for Lenient<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = <&RawValue>::deserialize(deserializer)?;
        Ok(Self(serde_json::from_str(value.get()).ok()))
    }
}

/// Stands for a text that is not what its name promises, and that the log therefore does not show.
const INVALID: &str = "invalid";

/// Cognito's own names and ids are shorter.
const MAX_IDENTIFIER_BYTES: usize = 128;

impl Lenient<String> {
    /// The text, if it is made as Cognito makes names and ids: no address, no telephone number and no line break is.
    pub(crate) fn as_identifier(&self) -> Option<&str> {
        let text = self.0.as_deref()?;
        let valid = text.len() <= MAX_IDENTIFIER_BYTES
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        Some(if valid { text } else { INVALID })
    }

    /// The text, if it is a UUID, as every `sub` that Cognito makes.
    pub(crate) fn as_sub(&self) -> Option<&str> {
        let text = self.0.as_deref()?;
        let parts = text.split('-').map(str::len);
        let valid = parts.eq([8, 4, 4, 4, 12])
            && text
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        Some(if valid { text } else { INVALID })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::log::captured;

    /// Logs a decision on the event; returns the line as text, and as JSON without its time.
    #[track_caller]
    fn line(event: &Value, answer: Result<(), Failure>) -> (String, Value) {
        let payload = serde_json::value::to_raw_value(event).unwrap();
        let mut context = lambda_runtime::Context::default();
        context.request_id = "request-1".to_owned();
        let call = LambdaEvent::new(payload, context);
        let answer = answer.map(|()| Decided::by("Greeting", RawValue::NULL.to_owned()));
        let (text, mut lines) =
            captured(|| log_decision(&call, Duration::from_micros(12_345), &answer));
        assert_eq!(lines.len(), 1, "{text}");
        let mut line = lines.remove(0);
        assert!(line.as_object_mut().unwrap().remove("timestamp").is_some());
        (text, line)
    }

    fn event() -> Value {
        json!({
            "version": "1",
            "triggerSource": "PreSignUp_SignUp",
            "region": "eu-central-1",
            "userPoolId": "eu-central-1_Ab12Cd34E",
            "userName": "ana",
            "callerContext": { "awsSdkVersion": "aws-sdk-js-3", "clientId": "1example23456789" },
            "request": {
                "userAttributes": {
                    "sub": "7f6a1c1e-0d6b-4f0e-9c3a-2f1d3c4b5a69",
                    "email": "ana@example.org",
                    "phone_number": "+4930123456",
                },
                "validationData": { "inviteCode": "spring-2031" },
                "clientMetadata": { "ip": "192.0.2.7" },
                "password": "correct horse",
            },
            "response": { "autoConfirmUser": false },
        })
    }

    #[test]
    fn an_answer_is_an_info_line_with_these_fields_and_no_others() {
        let (_, line) = line(&event(), Ok(()));
        assert_eq!(
            line,
            json!({
                "level": "INFO",
                "message": "decided on the event",
                "request_id": "request-1",
                "trigger_source": "PreSignUp_SignUp",
                "user_pool_id": "eu-central-1_Ab12Cd34E",
                "client_id": "1example23456789",
                "sub": "7f6a1c1e-0d6b-4f0e-9c3a-2f1d3c4b5a69",
                "duration_ms": 12,
                "decision": "answered",
                "reason": "Greeting",
            })
        );
    }

    #[test]
    fn a_refusal_is_an_info_line_with_its_name() {
        let refused = Failure::Refused {
            reason: "DomainDenied".to_owned(),
            text: "Please use your work address".to_owned(),
        };
        let (text, line) = line(&event(), Err(refused));
        assert_eq!(line["level"], "INFO");
        assert_eq!(line["decision"], "refused");
        assert_eq!(line["reason"], "DomainDenied");
        assert!(!text.contains("work address"), "{text}");
    }

    #[test]
    fn a_failure_is_an_error_line_with_its_causes() {
        let cause = std::io::Error::other("connection refused");
        let (_, line) = line(&event(), Err(cause.into()));
        assert_eq!(line["level"], "ERROR");
        assert_eq!(line["decision"], "failed");
        assert_eq!(line["cause"], "connection refused");
    }

    #[test]
    fn nothing_else_of_the_event_is_logged() {
        let (text, _) = line(&event(), Ok(()));
        for secret in [
            "ana",
            "example.org",
            "4930123456",
            "spring",
            "192.0.2.7",
            "horse",
            "aws-sdk",
        ] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }

    #[test]
    fn a_name_that_cognito_would_not_make_is_not_logged() {
        let long = "a".repeat(129);
        for hostile in [
            "ana@example.org",
            "+4930123456",
            "two words",
            "two\nlines",
            "\"quoted\"",
            "Ünïcode",
            &long,
        ] {
            let event = json!({
                "triggerSource": hostile,
                "userPoolId": hostile,
                "callerContext": { "clientId": hostile },
                "request": { "userAttributes": { "sub": hostile } },
            });
            let (text, line) = line(&event, Ok(()));
            for field in ["trigger_source", "user_pool_id", "client_id", "sub"] {
                assert_eq!(line[field], "invalid", "{field} of {text}");
            }
        }
        let name_for_sub = json!({ "request": { "userAttributes": { "sub": "ana" } } });
        assert_eq!(line(&name_for_sub, Ok(())).1["sub"], "invalid");
    }

    #[test]
    fn a_field_of_another_type_hides_no_other() {
        let event = json!({
            "triggerSource": 7,
            "userPoolId": "eu-central-1_Ab12Cd34E",
            "callerContext": ["1example23456789"],
            "request": {
                "userAttributes": { "sub": "7f6a1c1e-0d6b-4f0e-9c3a-2f1d3c4b5a69", "email": {} },
            },
        });
        let (_, line) = line(&event, Ok(()));
        assert_eq!(line.get("trigger_source"), None);
        assert_eq!(line["user_pool_id"], "eu-central-1_Ab12Cd34E");
        assert_eq!(line["sub"], "7f6a1c1e-0d6b-4f0e-9c3a-2f1d3c4b5a69");
    }

    #[test]
    fn what_is_no_event_is_logged_all_the_same() {
        for event in [json!(null), json!([]), json!("ana"), json!(1)] {
            let (text, line) = line(&event, Ok(()));
            assert_eq!(line["request_id"], "request-1");
            assert!(!text.contains("ana"), "{text}");
        }
    }
}
