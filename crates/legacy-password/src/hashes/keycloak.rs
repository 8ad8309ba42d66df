//! Keycloak's credentials, as a realm's export has them: an object with `secretData` and `credentialData`, each a JSON document in a text.
//!
//! Source: <https://github.com/keycloak/keycloak/tree/main/server-spi-private/src/main/java/org/keycloak/credential/hash>

use argon2::{Algorithm, Version};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::HashMap;

use super::{Definition, Written};
use crate::Unsupported;
use crate::algorithms::argon2::Argon2;
use crate::algorithms::digest::Digest::{Sha1, Sha256, Sha512};
use crate::algorithms::pbkdf2::Pbkdf2;
use crate::encoding::{decimal, from_base64};
use crate::stored::Stored;

pub(super) const FORMATS: &[Definition] = &[Definition {
    name: "keycloak",
    begins: &[],
    read,
}];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credential {
    secret_data: Value,
    credential_data: Value,
}

#[derive(Deserialize)]
struct SecretData {
    value: String,
    salt: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CredentialData {
    hash_iterations: u32,
    algorithm: String,
    /// Of Argon2: lists of one text each.
    #[serde(default)]
    additional_parameters: Option<HashMap<String, Vec<String>>>,
}

const MALFORMED: Unsupported = Unsupported::Malformed("it is not a credential of Keycloak");

fn read(written: &Written<'_>) -> Result<Stored, Unsupported> {
    let credential: Credential = serde_json::from_str(written.text).map_err(|_| MALFORMED)?;
    let secret: SecretData = document(credential.secret_data)?;
    let data: CredentialData = document(credential.credential_data)?;
    let salt = from_base64(&secret.salt).ok_or(MALFORMED)?;
    let expected = from_base64(&secret.value).ok_or(MALFORMED)?;
    let digest = match &*data.algorithm {
        "pbkdf2" => Sha1,
        "pbkdf2-sha256" => Sha256,
        "pbkdf2-sha512" => Sha512,
        "argon2" => {
            let argon2 = argon2(&data, salt).ok_or(MALFORMED)?;
            return argon2.stored(expected, written.limits);
        }
        _ => {
            return Err(Unsupported::Refused(
                "an algorithm that is not Keycloak's own",
            ));
        }
    };
    Pbkdf2 {
        digest,
        iterations: data.hash_iterations,
        salt,
    }
    .stored(expected, written.limits)
}

/// In a text, as exported, or as it is.
fn document<T: DeserializeOwned>(value: Value) -> Result<T, Unsupported> {
    match value {
        Value::String(text) => serde_json::from_str(&text),
        value => serde_json::from_value(value),
    }
    .map_err(|_| MALFORMED)
}

fn argon2(data: &CredentialData, salt: Vec<u8>) -> Option<Argon2> {
    let parameter = |name: &str| match data.additional_parameters.as_ref()?.get(name)?.as_slice() {
        [value] => Some(value.as_str()),
        _ => None,
    };
    Some(Argon2 {
        algorithm: match parameter("type")? {
            "id" => Algorithm::Argon2id,
            "i" => Algorithm::Argon2i,
            "d" => Algorithm::Argon2d,
            _ => return None,
        },
        version: match parameter("version")? {
            "1.3" => Version::V0x13,
            "1.0" => Version::V0x10,
            _ => return None,
        },
        memory_kib: decimal(parameter("memory")?)?,
        passes: data.hash_iterations,
        lanes: decimal(parameter("parallelism")?)?,
        salt,
        key_id: Vec::new(),
        data: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::hashes::check_refused;

    #[test]
    fn what_is_not_a_credential_is_refused() {
        check_refused(
            "keycloak",
            Value::Null,
            &[
                "",
                "null",
                "[]",
                "{}",
                r#"{"secretData":"{}","credentialData":"{}"}"#,
                r#"{"secretData":"x","credentialData":"y"}"#,
                r#"{"secretData":{"value":"c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=","salt":"c2FsdA=="},"credentialData":{"hashIterations":1,"algorithm":"bcrypt"}}"#,
                r#"{"secretData":{"value":"c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=","salt":"c2FsdA=="},"credentialData":{"hashIterations":0,"algorithm":"pbkdf2"}}"#,
                r#"{"secretData":{"value":"c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=","salt":"c2FsdA=="},"credentialData":{"hashIterations":-1,"algorithm":"pbkdf2"}}"#,
                r#"{"secretData":{"value":"c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=","salt":"c2FsdHNhbHQ="},"credentialData":{"hashIterations":1,"algorithm":"argon2"}}"#,
                r#"{"secretData":{"value":"c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=","salt":"c2FsdHNhbHQ="},"credentialData":{"hashIterations":1,"algorithm":"argon2","additionalParameters":{"type":["id","i"],"version":["1.3"],"memory":["64"],"parallelism":["1"]}}}"#,
            ],
        );
    }
}
