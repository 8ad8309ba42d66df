use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Kms, Refused};
use crate::template::{Key, KeySpec};

/// The secret from which every key's material follows.
pub(super) struct Materials(hmac::Key);

impl Materials {
    pub(super) fn new(secret: [u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, &secret))
    }

    pub(super) fn of(&self, key: &Key) -> [u8; 32] {
        let tag = hmac::sign(&self.0, key.id.as_bytes());
        tag.as_ref().try_into().expect("HMAC-SHA-256 has 32 bytes")
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Describe {
    key_id: String,
}

impl Kms {
    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html>
    pub(super) fn describe_key(&self, input: &Describe) -> Result<Value, Refused> {
        let key = self.find(&input.key_id)?;
        let mut metadata = json!({
            "AWSAccountId": self.account_id,
            "Arn": key.arn,
            "CreationDate": self.created,
            "CustomerMasterKeySpec": key.spec.as_str(),
            "Description": key.description,
            "Enabled": key.enabled,
            "KeyId": key.id,
            "KeyManager": "CUSTOMER",
            "KeySpec": key.spec.as_str(),
            "KeyState": if key.enabled { "Enabled" } else { "Disabled" },
            "KeyUsage": key.spec.usage(),
            "MultiRegion": false,
            "Origin": "AWS_KMS",
        });
        let (algorithms, algorithm) = match key.spec {
            KeySpec::SymmetricDefault => ("EncryptionAlgorithms", "SYMMETRIC_DEFAULT"),
            KeySpec::Hmac256 => ("MacAlgorithms", "HMAC_SHA_256"),
        };
        metadata[algorithms] = json!([algorithm]);
        Ok(json!({ "KeyMetadata": metadata }))
    }

    /// The key that a request is about: the one that it names, or the one of its ciphertext.
    pub(crate) fn key_of_request(&self, input: &Value) -> Option<&Key> {
        if let Some(name) = input["KeyId"].as_str() {
            return self.find(name).ok();
        }
        let ciphertext = STANDARD.decode(input["CiphertextBlob"].as_str()?).ok()?;
        self.key_of(&ciphertext)
    }

    /// The key that an operation is to use.
    pub(super) fn usable(
        &self,
        name: &str,
        spec: KeySpec,
        operation: &str,
    ) -> Result<&Key, Refused> {
        let key = enabled(self.find(name)?)?;
        if key.spec == spec {
            return Ok(key);
        }
        Err(Refused::InvalidKeyUsage(format!(
            "{} key usage is {} which is not valid for {operation}.",
            key.arn,
            key.spec.usage()
        )))
    }

    /// The key with this id, ARN, alias, or ARN of an alias.
    pub(super) fn find(&self, name: &str) -> Result<&Key, Refused> {
        let resource = name.strip_prefix(&self.arns).unwrap_or(name);
        if resource.starts_with("alias/") {
            let arn = format!("{}{resource}", self.arns);
            let mut keys = self.keys.iter();
            let found = keys.find(|key| key.aliases.iter().any(|alias| alias == resource));
            return found.ok_or(Refused::NotFound(format!("Alias {arn} is not found."))); // W
        }
        self.find_itself(name)
    }

    /// The key with this id or ARN.
    pub(super) fn find_itself(&self, name: &str) -> Result<&Key, Refused> {
        let mut keys = self.keys.iter();
        let found = keys.find(|key| key.id == name || key.arn == name);
        found.ok_or_else(|| {
            let text = if name.starts_with("arn:") {
                format!("Key '{name}' does not exist")
            } else if is_uuid(name) {
                format!("Key '{}key/{name}' does not exist", self.arns)
            } else {
                format!("Invalid keyId '{name}'")
            };
            Refused::NotFound(text)
        })
    }
}

pub(super) fn enabled(key: &Key) -> Result<&Key, Refused> {
    let arn = &key.arn;
    if key.enabled {
        Ok(key)
    } else {
        Err(Refused::Disabled(format!("{arn} is disabled.")))
    }
}

fn is_uuid(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
    name.len() == 36 && name.bytes().all(is_part)
}
