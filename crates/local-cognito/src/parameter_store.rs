//! Systems Manager's parameters, so that a function can read its secret.
//!
//! A name under `/aws/reference/secretsmanager/` is a secret of Secrets Manager, which AWS lets nobody put here. The stand-in plays no
//! Secrets Manager and takes such a parameter instead. Parameters live as long as the stand-in runs.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use axum::response::{IntoResponse, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::error::refusal;
use crate::ids;
use crate::template::Stack;

/// Where the names of secrets begin.
pub(crate) const SECRETS: &str = "/aws/reference/secretsmanager/";
/// A standard parameter's most characters (D). A secret has up to 64 KB.
const LONGEST_VALUE: usize = 4_096;
const LONGEST_SECRET: usize = 65_536;
/// A name's most characters (D).
const LONGEST_NAME: usize = 1_011;

/// The parameters, by name.
#[derive(Default)]
pub(crate) struct ParameterStore {
    parameters: Mutex<BTreeMap<String, Parameter>>,
}

struct Parameter {
    kind: Kind,
    value: SecretString,
    version: u64,
    modified: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
enum Kind {
    String,
    StringList,
    SecureString,
}

/// A refusal of Systems Manager.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    // W: no text at all; for a secret there is one.
    #[error("{}", secret.as_ref().map(|name| format!("An error occurred (ParameterNotFound) when referencing Secrets Manager: Secret {name} not found.")).unwrap_or_default())]
    ParameterNotFound { secret: Option<String> },
    #[error(
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true."
    )]
    // W
    ParameterAlreadyExists,
    #[error("{0}")]
    Validation(&'static str),
    #[error("local-cognito does not support the operation {0}")]
    UnsupportedOperation(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Put {
    name: String,
    value: SecretString,
    r#type: Option<Kind>,
    overwrite: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Get {
    name: String,
    with_decryption: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Delete {
    name: String,
}

/// The ARN of a parameter, which has one slash before its name.
pub(crate) fn arn(stack: &Stack, name: &str) -> String {
    let separator = if name.starts_with('/') { "" } else { "/" };
    stack.arn("ssm", &format!("parameter{separator}{name}"))
}

impl ParameterStore {
    /// Answers one call. Whoever makes it may make it.
    pub(crate) fn answer(
        &self,
        stack: &Stack,
        operation: &str,
        body: &[u8],
        now: i64,
    ) -> Result<Value, Refused> {
        match operation {
            "GetParameter" => self.get(stack, read(body)?),
            "PutParameter" => self.put(read(body)?, now),
            "DeleteParameter" => self.delete(&read::<Delete>(body)?.name),
            _ => Err(Refused::UnsupportedOperation(operation.to_owned())),
        }
    }

    /// <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html>
    fn get(&self, stack: &Stack, input: Get) -> Result<Value, Refused> {
        let parameters = self.parameters.lock();
        let parameters = parameters.unwrap_or_else(PoisonError::into_inner);
        let name = input.name.trim();
        let found = parameters.get(name).ok_or_else(|| not_found(name))?;
        let decrypted = input.with_decryption.unwrap_or(false);
        if name.starts_with(SECRETS) && !decrypted {
            return Err(Refused::Validation(
                "WithDecryption flag must be True for retrieving a Secret Manager secret.",
            )); // W
        }
        let value = if found.kind == Kind::SecureString && !decrypted {
            ids::opaque(96) // what is encrypted says nothing
        } else {
            found.value.expose_secret().to_owned()
        };
        Ok(json!({ "Parameter": {
            "Name": name,
            "Type": found.kind.as_str(),
            "Value": value,
            "Version": found.version,
            "LastModifiedDate": found.modified,
            "ARN": arn(stack, name),
            "DataType": "text",
        }}))
    }

    /// <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html>
    fn put(&self, input: Put, now: i64) -> Result<Value, Refused> {
        let name = input.name.trim();
        let secret = name.starts_with(SECRETS);
        let known =
            |character: char| character.is_ascii_alphanumeric() || "_.-/".contains(character);
        if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(known) {
            return Err(Refused::Validation(
                "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_",
            )); // W
        }
        if name.starts_with("/aws") && !secret {
            return Err(Refused::Validation("No access to reserved parameter name.")); // W, without the name
        }
        let length = input.value.expose_secret().chars().count();
        if length == 0
            || length
                > if secret {
                    LONGEST_SECRET
                } else {
                    LONGEST_VALUE
                }
        {
            return Err(Refused::Validation(
                "Standard tier parameters support a maximum parameter value of 4096 characters, and none is empty",
            )); // ours: AWS has a text for each
        }
        let parameters = self.parameters.lock();
        let mut parameters = parameters.unwrap_or_else(PoisonError::into_inner);
        let before = parameters.get(name);
        if before.is_some() && !input.overwrite.unwrap_or(false) {
            return Err(Refused::ParameterAlreadyExists);
        }
        let kind = input.r#type.or_else(|| before.map(|before| before.kind));
        let kind = kind.ok_or(Refused::Validation(
            "A parameter type is required when you create a parameter.",
        ))?; // W
        let version = before.map_or(1, |before| before.version + 1);
        let parameter = Parameter {
            kind,
            value: input.value,
            version,
            modified: now,
        };
        parameters.insert(name.to_owned(), parameter);
        Ok(json!({ "Version": version, "Tier": "Standard" }))
    }

    /// <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameter.html>
    fn delete(&self, name: &str) -> Result<Value, Refused> {
        let parameters = self.parameters.lock();
        let mut parameters = parameters.unwrap_or_else(PoisonError::into_inner);
        let removed = parameters.remove(name.trim());
        removed.map(|_| json!({})).ok_or_else(|| not_found(name))
    }
}

fn read<Input: DeserializeOwned>(body: &[u8]) -> Result<Input, Refused> {
    serde_json::from_slice(body).map_err(|_| Refused::Validation("The request could not be read"))
}

fn not_found(name: &str) -> Refused {
    let secret = name.strip_prefix(SECRETS).map(str::to_owned);
    Refused::ParameterNotFound { secret }
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::StringList => "StringList",
            Self::SecureString => "SecureString",
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let name = match &self {
            Self::ParameterNotFound { .. } => "ParameterNotFound",
            Self::ParameterAlreadyExists => "ParameterAlreadyExists",
            Self::Validation(_) => "ValidationException",
            Self::UnsupportedOperation(_) => "UnsupportedOperationException",
        };
        refusal(name, &self.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(store: &ParameterStore, operation: &str, input: Value) -> Result<Value, Refused> {
        let body = input.to_string();
        store.answer(&Stack::default(), operation, body.as_bytes(), 7)
    }

    #[test]
    fn a_secure_parameter_is_read_by_who_decrypts_it() {
        let store = ParameterStore::default();
        let put = json!({ "Name": "/app/captcha", "Value": "sesame", "Type": "SecureString" });
        let stored = ask(&store, "PutParameter", put.clone()).unwrap();
        assert_eq!(stored, json!({ "Version": 1, "Tier": "Standard" }));
        let get = |decrypt| {
            let input = json!({ "Name": "/app/captcha", "WithDecryption": decrypt });
            ask(&store, "GetParameter", input).unwrap()["Parameter"].clone()
        };
        let expected = json!({
            "Name": "/app/captcha", "Type": "SecureString", "Value": "sesame", "Version": 1, "LastModifiedDate": 7,
            "ARN": "arn:aws:ssm:::parameter/app/captcha", "DataType": "text",
        });
        assert_eq!(get(true), expected);
        assert_ne!(get(false)["Value"], "sesame");

        assert_eq!(
            ask(&store, "PutParameter", put),
            Err(Refused::ParameterAlreadyExists)
        );
        let over = json!({ "Name": "/app/captcha", "Value": "simsim", "Overwrite": true });
        ask(&store, "PutParameter", over).unwrap();
        assert_eq!(
            (&get(true)["Value"], &get(true)["Version"]),
            (&json!("simsim"), &json!(2))
        );
        let name = json!({ "Name": "/app/captcha" });
        assert_eq!(ask(&store, "DeleteParameter", name.clone()), Ok(json!({})));
        let gone = Err(Refused::ParameterNotFound { secret: None });
        assert_eq!(ask(&store, "DeleteParameter", name.clone()), gone);
        assert_eq!(ask(&store, "GetParameter", name), gone);
    }

    #[test]
    fn a_secret_is_given_only_decrypted() {
        let store = ParameterStore::default();
        let name = "/aws/reference/secretsmanager/captcha";
        let get = |decrypt| {
            ask(
                &store,
                "GetParameter",
                json!({ "Name": name, "WithDecryption": decrypt }),
            )
        };
        let refusal = get(true).unwrap_err();
        let text = "An error occurred (ParameterNotFound) when referencing Secrets Manager: Secret captcha not found.";
        assert_eq!(refusal.to_string(), text);
        let put = json!({ "Name": name, "Value": "sesame", "Type": "SecureString" });
        ask(&store, "PutParameter", put).unwrap();
        assert_eq!(get(true).unwrap()["Parameter"]["Value"], "sesame");
        assert!(matches!(get(false), Err(Refused::Validation(_))));
    }

    #[test]
    fn what_aws_does_not_take_is_refused() {
        let store = ParameterStore::default();
        for (name, value, kind) in [
            ("", "a", Some("String")),
            ("/app/with blank", "a", Some("String")),
            ("/aws/app", "a", Some("String")),
            ("/app", "", Some("String")),
            ("/app", &"x".repeat(LONGEST_VALUE + 1), Some("String")),
            ("/app", "a", None),
            ("/app", "a", Some("Text")),
        ] {
            let put = ask(
                &store,
                "PutParameter",
                json!({ "Name": name, "Value": value, "Type": kind }),
            );
            assert!(
                matches!(put, Err(Refused::Validation(_))),
                "{name} {kind:?}"
            );
        }
    }
}
