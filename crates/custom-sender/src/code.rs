//! The code of an event, which Cognito has encrypted for one pool with one key of KMS.

use std::collections::HashMap;
use std::str::FromStr;

use aws_connection::CallError;
use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

use crate::encrypted_message::{EncryptedMessage, MessageError};

/// The key of KMS that the user pool encrypts with, its `KMSKeyID`.
#[derive(Debug, Clone)]
pub struct CodeKey {
    client: Client,
    arn: KeyArn,
}

impl CodeKey {
    /// The key of this ARN.
    pub fn new(client: Client, arn: KeyArn) -> Self {
        Self { client, arn }
    }

    /// The code or temporary password, if this key and no other encrypted it for this pool.
    ///
    /// # Errors
    ///
    /// [`CodeError`]. KMS is asked only for what names this very key and the pool that the event is of.
    pub(crate) async fn decrypt(
        &self,
        code: &SecretString,
        user_pool_id: &str,
    ) -> Result<SecretString, CodeError> {
        let code = code.expose_secret();
        if code.len() > MOST_BYTES {
            return Err(CodeError::TooLong);
        }
        let bytes = STANDARD.decode(code).map_err(|_| CodeError::NotBase64)?;
        let message = EncryptedMessage::parse(&bytes)?;
        if message.context().get(USER_POOL_ID) != Some(&user_pool_id) {
            return Err(CodeError::AnotherPool);
        }
        let data_key = self.data_key(&message).await?;
        let plaintext = message.open(data_key.as_ref())?;
        let plaintext = String::from_utf8(plaintext).map_err(|_| CodeError::NotText)?;
        Ok(plaintext.into())
    }

    /// The message's data key, which KMS decrypts for the context that it was encrypted for, and for no other.
    async fn data_key(&self, message: &EncryptedMessage<'_>) -> Result<Blob, CodeError> {
        let encrypted = message.data_key_of(&self.arn.0);
        let encrypted = encrypted.ok_or(CodeError::AnotherKey)?;
        let context = message.context().iter();
        let context = context.map(|(name, value)| (String::from(*name), String::from(*value)));
        let request = self
            .client
            .decrypt()
            .key_id(&self.arn.0)
            .ciphertext_blob(Blob::new(encrypted))
            .set_encryption_context(Some(HashMap::from_iter(context)));
        // Boxed, since the SDK's future is nested deeper than the compiler follows through every future around it.
        let decrypted = Box::pin(request.send()).await.map_err(CallError::from)?;
        if decrypted.key_id() != Some(&self.arn.0) {
            return Err(CodeError::AnotherKey);
        }
        decrypted.plaintext.ok_or(CodeError::AnotherKey)
    }
}

/// The name in the encryption context under which Cognito writes the pool.
const USER_POOL_ID: &str = "userpool-id";

/// A message with a temporary password of Cognito's longest, 256 characters, takes less than 2 kB.
const MOST_BYTES: usize = 65_536;

/// The ARN of a key of KMS. An alias is none: it can come to mean another key, and Cognito's messages name keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyArn(String);

impl FromStr for KeyArn {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split(':').collect();
        match parts[..] {
            ["arn", _, "kms", _, _, key] if key.starts_with("key/") => Ok(Self(text.to_owned())),
            _ => Err("expected the ARN of a key of KMS, and no alias"),
        }
    }
}

/// Why there is no code. Nothing of the event is in it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CodeError {
    #[error("the code is longer than any of Cognito's")]
    TooLong,
    #[error("the code is not in base64")]
    NotBase64,
    #[error("the code cannot be decrypted")]
    Message(#[from] MessageError),
    #[error("the code was encrypted for another user pool than the event's")]
    AnotherPool,
    #[error("the code was encrypted with another key than the configured one")]
    AnotherKey,
    #[error("the code is no text")]
    NotText,
    #[error("failed to have the data key decrypted")]
    Kms(#[from] CallError),
}

#[cfg(test)]
mod tests;
