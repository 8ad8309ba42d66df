//! Key Management Service: the template's keys, for functions that encrypt, decrypt and authenticate with them.
//!
//! The cryptography is real, so that what was tampered with, or is of another context, is refused as in AWS. Key policies
//! are held (`access`), and grants are not. Material never leaves: it follows from a secret that `--data-dir` keeps.
//!
//! Source: AWS KMS API Reference. Texts of errors: AWS's own as LocalStack recorded them (`test_kms.snapshot.json`), unless marked.

mod encryption;
mod grants;
mod keys;
mod mac;
mod refused;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use self::grants::Grant;
use self::keys::Materials;
use crate::template::{Key, Stack};

pub(crate) use self::encryption::DataKey;
pub(crate) use self::refused::Refused;

/// What a ciphertext is bound to besides its key.
pub(crate) type EncryptionContext = BTreeMap<String, String>;

/// The stack's keys and the grants on them.
pub(crate) struct Kms {
    keys: Vec<Key>,
    materials: Materials,
    /// What the ARNs of keys and aliases begin with, such as `arn:aws:kms:us-east-1:123456789012:`.
    arns: String,
    account_id: String,
    /// When the keys were made, in seconds since the Unix epoch.
    created: i64,
    /// Held for a look-up or change only, hence std's mutex.
    grants: Mutex<Vec<Grant>>,
}

impl Kms {
    /// The keys of the stack. The same `secret` gives them the same material.
    pub(crate) fn new(stack: &Stack, secret: [u8; 32], now: i64) -> Self {
        Self {
            keys: stack.keys.clone(),
            materials: Materials::new(secret),
            arns: stack.arn("kms", ""),
            account_id: stack.account_id.clone(),
            created: now,
            grants: Mutex::default(),
        }
    }

    /// Answers one call. Whoever makes it may make it.
    pub(crate) fn answer(&self, operation: &str, body: &[u8], now: i64) -> Result<Value, Refused> {
        match operation {
            "CreateGrant" => self.create_grant(read(body)?, now),
            "Decrypt" => self.decrypt(read(body)?),
            "DescribeKey" => self.describe_key(&read(body)?),
            "Encrypt" => self.encrypt(read(body)?),
            "GenerateDataKey" => self.new_data_key(read(body)?, true),
            "GenerateDataKeyWithoutPlaintext" => self.new_data_key(read(body)?, false),
            "GenerateMac" => self.generate_mac(&read(body)?),
            "ListGrants" => self.list_grants(&read(body)?),
            "RevokeGrant" => self.revoke_grant(&read(body)?),
            "VerifyMac" => self.verify_mac(&read(body)?),
            _ => Err(Refused::UnsupportedOperation(operation.to_owned())),
        }
    }
}

fn read<Input: DeserializeOwned>(body: &[u8]) -> Result<Input, Refused> {
    serde_json::from_slice(body).map_err(|_| Refused::Serialization)
}

/// Bytes, which travel as base64.
fn blob<'de, Blob: From<Vec<u8>>, D: Deserializer<'de>>(value: D) -> Result<Blob, D::Error> {
    let text = String::deserialize(value)?;
    let bytes = STANDARD.decode(text);
    bytes
        .map(Blob::from)
        .map_err(|_| D::Error::custom("expected base64"))
}

/// Whether so many bytes are as many as an operation takes.
fn check_length(name: &str, bytes: usize, most: usize) -> Result<(), Refused> {
    let (bound, limit) = match bytes {
        0 => ("greater", 1),
        _ if bytes > most => ("less", most),
        _ => return Ok(()),
    };
    Err(Refused::Validation(format!(
        "1 validation error detected: Value at '{name}' failed to satisfy constraint: \
         Member must have length {bound} than or equal to {limit}"
    )))
}

/// Whether a word is one that the operation knows.
fn check_word(name: &str, word: &str, known: &[&str]) -> Result<(), Refused> {
    if known.contains(&word) {
        return Ok(());
    }
    Err(Refused::Validation(format!(
        "1 validation error detected: Value '{word}' at '{name}' failed to satisfy constraint: \
         Member must satisfy enum value set: [{}]",
        known.join(", ")
    )))
}
